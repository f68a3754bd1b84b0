package jetstream.simulator;

import java.util.List;

/** Makes runs without end, until one fails; or one run again, with its story told. */
public final class Simulate {
    private static final long REPORT_NS = 10_000_000_000L;

    private Simulate() {
    }

    /** See {@code bin/simulate --help}. */
    public static void main(final String[] args) {
        try {
            System.exit(run(Arguments.of(args)) ? 0 : 1);
        } catch (final IllegalArgumentException e) {
            System.err.println("simulate: " + e.getMessage());
            System.exit(2);
        }
    }

    /** False if a seed failed. */
    static boolean run(final Arguments arguments) {
        final Throughput throughput = new Throughput();
        boolean isWell = true;
        long reportedNs = System.nanoTime();
        for (long seed = arguments.first(); seed < arguments.end() && (isWell || arguments.goesOn()); seed++) {
            final WholeSimulation run = new WholeSimulation(seed, arguments.faults(), arguments.isTold());
            final List<String> failures = run.run();
            throughput.add(run);
            run.world().trace().lines().forEach(System.out::println);
            if (!failures.isEmpty()) {
                isWell = false;
                System.out.println("seed " + seed + " fails:\n  " + String.join("\n  ", failures)
                        + "\nagain, with its story: " + WholeSimulation.replay(seed, arguments.faults()));
            }
            if (System.nanoTime() - reportedNs > REPORT_NS) {
                reportedNs = System.nanoTime();
                System.out.println(throughput + ", next seed " + (seed + 1));
            }
        }
        System.out.println(throughput);
        return isWell;
    }
}
