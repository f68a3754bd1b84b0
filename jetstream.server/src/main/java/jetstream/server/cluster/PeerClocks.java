package jetstream.server.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jetstream.api.NodeId;

/**
 * What the wall clocks of the other servers say, as they tell twice a second. A clock that a majority contradicts is
 * not gone by: leaders stamp entries, and windows of duplicates and ages of messages are measured in stamps
 * (decision 0157). Owner: the node thread.
 */
final class PeerClocks {
    /** A clock that is no further off is left alone: what it says and when it is read differ by that much at times. */
    static final long TOLERATED_NS = 1_000_000_000L;
    /** What was told longer ago than that may be out of date. */
    private static final long FRESH_NS = 5_000_000_000L;
    private static final int SAMPLES = 8;

    /** What one server told: its wall clock less our monotonic one, as often as it told. */
    private static final class Told {
        final long[] aheadNs = new long[SAMPLES];
        int count;
        long atNs;

        /** A message that was late tells too little, never too much. */
        long aheadNs() {
            long most = Long.MIN_VALUE;
            for (int i = 0; i < Math.min(count, SAMPLES); i++) {
                most = Math.max(most, aheadNs[i]);
            }
            return most;
        }
    }

    private final Map<NodeId, Told> told = new HashMap<>();

    /** A server told its time. */
    void heard(final NodeId peer, final long epochNs, final long nowNs) {
        final Told of = told.computeIfAbsent(peer, any -> new Told());
        if (of.count > 0 && nowNs - of.atNs > FRESH_NS) {
            of.count = 0;
        }
        of.aheadNs[of.count++ % SAMPLES] = epochNs - nowNs;
        of.atNs = nowNs;
    }

    /** That server can not be reached any more. */
    void remove(final NodeId peer) {
        told.remove(peer);
    }

    /**
     * The time to go by: the own clock's, unless it is off the median of all clocks. Two clocks that differ have no
     * median: then the own one counts.
     */
    long agreed(final long ownEpochNs, final long nowNs) {
        final long[] all = new long[told.size() + 1];
        all[0] = ownEpochNs;
        int count = 1;
        for (final Told of : told.values()) {
            if (nowNs - of.atNs <= FRESH_NS) {
                all[count++] = of.aheadNs() + nowNs;
            }
        }
        Arrays.sort(all, 0, count);
        final long lower = all[(count - 1) / 2];
        final long upper = all[count / 2];
        final long nearer = Math.abs(lower - ownEpochNs) < Math.abs(upper - ownEpochNs) ? lower : upper;
        return Math.abs(nearer - ownEpochNs) > TOLERATED_NS ? nearer : ownEpochNs;
    }
}
