package jetstream.server.faults;

import java.util.ArrayList;
import java.util.List;

/** When something good happened (an ack, a delivery), and the longest time in which nothing did. Thread-safe. */
final class Silence {
    private final List<Long> timesNs = new ArrayList<>();

    /** Something happened. */
    synchronized void end(final long nowNs) {
        timesNs.add(nowNs);
    }

    synchronized int count() {
        return timesNs.size();
    }

    /** The longest pause that ended after {@code fromNs} or lasts until {@code toNs}. */
    synchronized long longestNs(final long fromNs, final long toNs) {
        long longest = 0;
        long last = fromNs;
        for (final long time : timesNs) {
            if (time - fromNs >= 0) {
                longest = Math.max(longest, time - last);
                last = time;
            }
        }
        return Math.max(longest, toNs - last);
    }

    /** Time from {@code fromNs} to the first event after it; -1 if there was none yet. */
    synchronized long firstAfterNs(final long fromNs) {
        for (final long time : timesNs) {
            if (time - fromNs >= 0) {
                return time - fromNs;
            }
        }
        return -1;
    }
}
