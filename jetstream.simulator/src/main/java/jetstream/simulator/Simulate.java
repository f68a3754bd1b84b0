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
        final Report report = new Report(arguments);
        new Seeds(arguments.first(), arguments.end(), arguments.faults(), arguments.isTold(), report).run();
        System.out.println(report.throughput);
        return report.isWell;
    }

    /** Prints what fails, and now and then how far it is. */
    private static final class Report implements Seeds.Reader {
        private final Arguments arguments;
        private final Throughput throughput = new Throughput();
        private boolean isWell = true;
        private long reportedNs = System.nanoTime();

        Report(final Arguments arguments) {
            this.arguments = arguments;
        }

        @Override
        public boolean onRun(final WholeSimulation run, final List<String> failures) {
            throughput.add(run);
            run.world().trace().lines().forEach(System.out::println);
            if (!failures.isEmpty()) {
                isWell = false;
                System.out.println("seed " + run.seed() + " fails:\n  " + String.join("\n  ", failures)
                        + "\nagain, with its story: " + WholeSimulation.replay(run.seed(), arguments.faults()));
            }
            if (System.nanoTime() - reportedNs > REPORT_NS) {
                reportedNs = System.nanoTime();
                System.out.println(throughput + ", at seed " + run.seed());
            }
            return isWell || arguments.goesOn();
        }
    }
}
