package jetstream.simulator.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import jetstream.testkit.simulation.SimulatedClock;

/**
 * What happened in a run, one line each, and what was wrong. Lines are only made when somebody wants to read them: a
 * run that fails is made again with its story told.
 */
public final class Trace {
    private static final int LINES_MAX = 400_000;
    private static final int FAILURES_MAX = 20;

    private final SimulatedClock clock;
    private final boolean isTold;
    private final List<String> lines = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** A trace; {@code told} keeps the lines. */
    public Trace(final SimulatedClock clock, final boolean told) {
        this.clock = clock;
        isTold = told;
    }

    /** Whether lines are kept. */
    public boolean isTold() {
        return isTold;
    }

    /** Adds a line, made only if it is kept. */
    public void note(final Supplier<String> line) {
        if (isTold && lines.size() < LINES_MAX) {
            lines.add(stamp() + line.get());
        }
    }

    /** The run failed. */
    public void fail(final String reason) {
        if (failures.size() < FAILURES_MAX) {
            failures.add(stamp() + reason);
            if (isTold) {
                lines.add(stamp() + "FAILURE " + reason);
            }
        }
    }

    /** Whether anything was wrong. */
    public boolean hasFailed() {
        return !failures.isEmpty();
    }

    /** What was wrong; empty if nothing. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The story. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    private String stamp() {
        final long us = clock.nowNs() / 1_000;
        return String.format("%6d.%03d ms ", us / 1_000, us % 1_000);
    }
}
