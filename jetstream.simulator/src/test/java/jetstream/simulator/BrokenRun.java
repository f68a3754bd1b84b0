package jetstream.simulator;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jetstream.simulator.fault.FaultKind;

/** Runs seeds until one fails. Loaded by a mutant's loader, with everything it uses: called by reflection. */
public final class BrokenRun {
    private BrokenRun() {
    }

    /**
     * What the first seed that fails says; empty if none does.
     *
     * @param faults names of the faults to inflict, with commas between; empty for all
     */
    public static String firstFailure(final int seeds, final String faults) {
        for (int seed = 1; seed <= seeds; seed++) {
            final List<String> failures = failures(seed, faults);
            if (!failures.isEmpty()) {
                return "seed " + seed + ": " + failures.getFirst();
            }
        }
        return "";
    }

    /** What is wrong with a seed. */
    static List<String> failures(final long seed, final String faults) {
        final Set<FaultKind> kinds = faults.isEmpty() ? WholeSimulation.ALL_FAULTS
                : Arrays.stream(faults.split(",")).map(FaultKind::valueOf)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
        return new WholeSimulation(seed, kinds, false).run();
    }
}
