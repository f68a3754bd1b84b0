package jetstream.simulator.world;

import jetstream.testkit.simulation.SimulatedClock;

/** The two clocks of one node: a monotonic one that may run fast or slow, and the wall clock that may also jump. */
public final class NodeClock {
    private static final long EPOCH_NS = 1_900_000_000L * 1_000_000_000L;

    private final SimulatedClock clock;
    private double rate = 1;
    private long baseNs;
    private long baseSimulatedNs;
    private long jumpNs;

    /** Clocks that are right. */
    public NodeClock(final SimulatedClock clock) {
        this.clock = clock;
        baseSimulatedNs = clock.nowNs();
        baseNs = baseSimulatedNs;
    }

    /** The node's monotonic time. */
    public long nowNs() {
        return baseNs + (long) ((clock.nowNs() - baseSimulatedNs) * rate);
    }

    /** The node's wall clock. */
    public long nowEpochNs() {
        return EPOCH_NS + nowNs() + jumpNs;
    }

    /** When, in simulated time, the node's monotonic clock shows that time. */
    public long simulatedNs(final long nodeNs) {
        final double wait = (nodeNs - nowNs()) / rate;
        return wait >= Long.MAX_VALUE / 4.0 ? Long.MAX_VALUE / 4 : clock.nowNs() + Math.max(0, (long) Math.ceil(wait));
    }

    /** From now on both clocks run that much faster than time. */
    public void drift(final double newRate) {
        baseNs = nowNs();
        baseSimulatedNs = clock.nowNs();
        rate = newRate;
    }

    /** The wall clock jumps. */
    public void jump(final long byNs) {
        jumpNs += byNs;
    }
}
