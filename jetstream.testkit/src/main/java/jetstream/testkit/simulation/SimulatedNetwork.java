package jetstream.testkit.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerLink;

/**
 * Lanes between simulated nodes: they delay, drop, duplicate, reorder and are cut, as the seed and the faults want
 * it.
 */
public final class SimulatedNetwork {
    /** Takes what arrives. */
    @FunctionalInterface
    public interface Receiver {
        /** A frame with its own copy of the payload. */
        void onArrival(NodeId from, NodeId to, Frame frame, ByteBuffer payload);
    }

    private record Path(NodeId from, NodeId to) {
    }

    private record LanePath(NodeId from, NodeId to, Lane lane) {
    }

    private final SimulatedClock clock;
    private final SplittableRandom random;
    private final Receiver receiver;
    private final Set<Path> cuts = new HashSet<>();
    private final Map<Path, Long> slowNs = new HashMap<>();
    private final Map<LanePath, Long> lastArrivalNs = new HashMap<>();
    private final Map<LanePath, PeerLink> links = new HashMap<>();
    private double dropRate;
    private double duplicateRate;
    private double reorderRate;
    private double refuseRate;
    private long delayMinNs = 50_000;
    private long delayMaxNs = 400_000;
    private long frames;

    /** A network without faults. */
    public SimulatedNetwork(final SimulatedClock clock, final SplittableRandom random, final Receiver receiver) {
        this.clock = clock;
        this.random = random;
        this.receiver = receiver;
    }

    /** The lane from one node to another; the same object for the same arguments. */
    public PeerLink link(final NodeId from, final NodeId to, final Lane lane) {
        return links.computeIfAbsent(new LanePath(from, to, lane),
                path -> (frame, payload, offset, length) -> send(path, frame, payload, offset, length));
    }

    /** Nothing gets from one to the other any more; the other direction is left alone. */
    public void cut(final NodeId from, final NodeId to) {
        cuts.add(new Path(from, to));
    }

    /** Lets that direction work again. */
    public void mend(final NodeId from, final NodeId to) {
        cuts.remove(new Path(from, to));
    }

    /** Whether that direction is cut. */
    public boolean isCut(final NodeId from, final NodeId to) {
        return cuts.contains(new Path(from, to));
    }

    /** Every frame in that direction takes so much longer from now on. */
    public void slow(final NodeId from, final NodeId to, final long extraNs) {
        slowNs.put(new Path(from, to), extraNs);
    }

    /** Ends all cuts, slow links and rates of faults; delays are short again. */
    public void heal() {
        cuts.clear();
        slowNs.clear();
        rates(0, 0, 0, 0);
        delay(50_000, 400_000);
    }

    /** Shares, 0 to 1, of frames that are lost, doubled, overtaken, refused by the sending side. */
    public void rates(final double drop, final double duplicate, final double reorder, final double refuse) {
        dropRate = drop;
        duplicateRate = duplicate;
        reorderRate = reorder;
        refuseRate = refuse;
    }

    /** Time that a frame takes. */
    public void delay(final long minNs, final long maxNs) {
        delayMinNs = minNs;
        delayMaxNs = maxNs;
    }

    /** Number of frames that arrived. */
    public long frames() {
        return frames;
    }

    private boolean send(final LanePath path, final Frame frame, final ByteBuffer payload, final int offset,
            final int length) {
        if (hits(refuseRate)) {
            return false;
        }
        if (isCut(path.from(), path.to()) || hits(dropRate)) {
            return true;
        }
        final ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(0, payload, offset, length);
        schedule(path, frame, copy);
        if (hits(duplicateRate)) {
            schedule(path, frame, copy);
        }
        return true;
    }

    private void schedule(final LanePath path, final Frame frame, final ByteBuffer payload) {
        final long extraNs = slowNs.isEmpty() ? 0 : slowNs.getOrDefault(new Path(path.from(), path.to()), 0L);
        long atNs = clock.nowNs() + random.nextLong(delayMinNs, delayMaxNs) + extraNs;
        if (hits(reorderRate)) {
            atNs += random.nextLong(1, 20 * delayMaxNs);
        } else {
            atNs = Math.max(atNs, lastArrivalNs.getOrDefault(path, 0L));
            lastArrivalNs.put(path, atNs);
        }
        clock.at(atNs, () -> {
            frames++;
            receiver.onArrival(path.from(), path.to(), frame, payload);
        });
    }

    private boolean hits(final double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }
}
