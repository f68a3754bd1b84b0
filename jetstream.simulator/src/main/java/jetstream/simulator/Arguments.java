package jetstream.simulator;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import jetstream.simulator.fault.FaultKind;

/**
 * What the command line of the simulator says.
 *
 * @param first first seed
 * @param end seed behind the last one
 * @param isTold whether the story is told
 * @param goesOn whether to go on behind a seed that fails
 * @param faults kinds of faults that may strike
 */
record Arguments(long first, long end, boolean isTold, boolean goesOn, Set<FaultKind> faults) {
    private static final String ALLOWED =
            "; allowed are --seed N, --first N, --count N, --go-on, --faults A,B, --without A,B";

    static Arguments of(final String[] args) {
        long first = System.currentTimeMillis() * 1_000;
        long count = Long.MAX_VALUE / 4;
        boolean isTold = false;
        boolean goesOn = false;
        final EnumSet<FaultKind> faults = EnumSet.copyOf(WholeSimulation.ALL_FAULTS);
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seed" -> {
                    first = number(args, ++i);
                    count = 1;
                    isTold = true;
                }
                case "--first" -> first = number(args, ++i);
                case "--count" -> count = number(args, ++i);
                case "--go-on" -> goesOn = true;
                case "--faults" -> faults.retainAll(kinds(args, ++i));
                case "--without" -> faults.removeAll(kinds(args, ++i));
                default -> throw new IllegalArgumentException("unknown option " + args[i] + ALLOWED);
            }
        }
        return new Arguments(first, first + count, isTold, goesOn, faults);
    }

    private static long number(final String[] args, final int at) {
        if (at >= args.length || !args[at].matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(args[at - 1] + " needs a number of up to 18 digits");
        }
        return Long.parseLong(args[at]);
    }

    private static Set<FaultKind> kinds(final String[] args, final int at) {
        final EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (final String name : at < args.length ? args[at].split(",") : new String[] {""}) {
            if (Arrays.stream(FaultKind.values()).noneMatch(kind -> kind.name().equals(name))) {
                throw new IllegalArgumentException(args[at - 1] + ": \"" + name + "\" is no kind of fault; there are "
                        + Arrays.toString(FaultKind.values()));
            }
            kinds.add(FaultKind.valueOf(name));
        }
        return kinds;
    }
}
