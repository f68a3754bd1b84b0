package jetstream.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import jetstream.simulator.fault.FaultKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clusters of whole servers under every fault of the simulator. One seed: {@code -Dsimulation.seed=N}; more of them:
 * {@code -Dsimulation.first=N -Dsimulation.seeds=N}.
 */
class WholeSimulationTest {
    private static final long ONE = Long.getLong("simulation.seed", -1);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final long COUNT = Long.getLong("simulation.seeds", 2_000);
    private static final int FAILING_MAX = 10;

    @Test
    void everySeedKeepsWhatWasAcknowledgedAndComesToRest() {
        final long first = ONE >= 0 ? ONE : FIRST;
        final long count = ONE >= 0 ? 1 : COUNT;
        final Throughput throughput = new Throughput();
        final List<String> failing = new ArrayList<>();
        new Seeds(first, first + count, WholeSimulation.ALL_FAULTS, false, (run, failures) -> {
            throughput.add(run);
            if (!failures.isEmpty()) {
                failing.add(describe(run.seed()) + ": " + failures);
            }
            return failing.size() < FAILING_MAX;
        }).run();
        System.out.println("whole nodes: " + throughput);
        assertEquals(List.of(), failing);
        assertTrue(throughput.acked() > 100 * count && throughput.deliveries() > 50 * count,
                "so little was stored or delivered that the runs prove little: " + throughput);
    }

    @ParameterizedTest
    @ValueSource(longs = {253, 255, 302, 424, 474, 1200, 1210, 1771, 917, 1583, 110618})
    void seedsThatFailedOnceDoNotFailAgain(final long seed) {
        runSeed(seed, false);
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        final WholeSimulation once = runSeed(4711, true);
        final WholeSimulation again = runSeed(4711, true);
        assertEquals(once.world().trace().lines(), again.world().trace().lines());
        assertEquals(once.world().clock().events(), again.world().clock().events());
        assertEquals(once.checkers().log().digest(), again.checkers().log().digest());
    }

    private static WholeSimulation runSeed(final long seed, final boolean isTold) {
        final WholeSimulation run = new WholeSimulation(seed, WholeSimulation.ALL_FAULTS, isTold);
        assertEquals(List.of(), run.run(), () -> describe(seed));
        return run;
    }

    private static String describe(final long seed) {
        return "seed " + seed + "; again, with its story: "
                + WholeSimulation.replay(seed, WholeSimulation.ALL_FAULTS);
    }

    @Test
    void theCommandThatIsPrintedMakesTheSameRun() {
        final Set<FaultKind> kinds = EnumSet.of(FaultKind.KILL, FaultKind.WIPE);
        final String[] command = WholeSimulation.replay(3, kinds).split(" ");
        final Arguments read = Arguments.of(Arrays.copyOfRange(command, 1, command.length));
        assertEquals(kinds, read.faults());
        assertEquals(3, read.first());
        assertEquals("bin/simulate --seed 3", WholeSimulation.replay(3, WholeSimulation.ALL_FAULTS));
    }
}
