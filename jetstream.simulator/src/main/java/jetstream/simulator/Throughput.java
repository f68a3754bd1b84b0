package jetstream.simulator;

import java.util.Locale;

/** How much was simulated in how much time. */
public final class Throughput {
    private static final double SECOND = 1e9;

    private final long startNs = System.nanoTime();
    private long seeds;
    private double simulatedNs;
    private long entries;
    private long acked;
    private long deliveries;

    /** Starts to count. */
    public Throughput() {
    }

    /** Adds a run that was made. */
    public void add(final WholeSimulation run) {
        seeds++;
        simulatedNs += run.lengthNs();
        entries += run.checkers().log().entries();
        acked += run.checkers().acked().acked();
        deliveries += run.checkers().deliveries().deliveries();
    }

    /** Messages that were acknowledged. */
    public long acked() {
        return acked;
    }

    /** Deliveries that arrived. */
    public long deliveries() {
        return deliveries;
    }

    @Override
    public String toString() {
        final double wall = (System.nanoTime() - startNs) / SECOND;
        return String.format(Locale.ROOT,
                "%d seeds, %.0f simulated seconds in %.1f s: %.1f seeds/s, %.0f simulated seconds/s; %d entries, "
                        + "%d messages acknowledged, %d delivered",
                seeds, simulatedNs / SECOND, wall, seeds / wall, simulatedNs / SECOND / wall, entries, acked,
                deliveries);
    }
}
