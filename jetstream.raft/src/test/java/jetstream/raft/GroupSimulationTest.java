package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import jetstream.testkit.simulation.FaultPlan;
import jetstream.testkit.simulation.GroupSimulation;
import jetstream.testkit.simulation.SimulatedCluster;
import org.junit.jupiter.api.Test;

/**
 * A group under every fault of the simulator. One seed: {@code -Dsimulation.seed=N}; more of them:
 * {@code -Dsimulation.first=N -Dsimulation.seeds=N}.
 */
class GroupSimulationTest {
    private static final long ONE = Long.getLong("simulation.seed", -1);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final long COUNT = Long.getLong("simulation.seeds", 1_000);

    /** Damage may make a member fetch its whole state, too: it would not be known why. */
    private static final Set<FaultPlan.Kind> FLIPS_GO_WITH = EnumSet.complementOf(EnumSet.of(FaultPlan.Kind.DAMAGE));

    @Test
    void everySeedKeepsWhatWasAcknowledgedAndComesToRest() {
        final long first = ONE >= 0 ? ONE : FIRST;
        final long count = ONE >= 0 ? 1 : COUNT;
        long acknowledged = 0;
        for (long seed = first; seed < first + count; seed++) {
            acknowledged += runSeed(seed).acknowledged();
        }
        assertTrue(acknowledged > 100 * count,
                "only " + acknowledged + " values were acknowledged: the runs prove little");
    }

    @Test
    void aStateThatIsNotTheOthersIsFoundAndHealed() {
        final long first = ONE >= 0 ? ONE : FIRST;
        final long count = ONE >= 0 ? 1 : Math.max(1, COUNT / 5);
        long flips = 0;
        for (long seed = first; seed < first + count; seed++) {
            flips += finish(new GroupSimulation(seed, SimulatedCluster.providerNamed("raft"), FLIPS_GO_WITH)
                    .flipStates()).flips();
        }
        assertTrue(flips > count / 2 || ONE >= 0, "only " + flips + " states were changed: the runs prove little");
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        final GroupSimulation once = runSeed(4711);
        final GroupSimulation again = runSeed(4711);
        assertEquals(once.cluster().log(), again.cluster().log());
        assertEquals(once.cluster().clock().events(), again.cluster().clock().events());
    }

    private static GroupSimulation runSeed(final long seed) {
        return finish(new GroupSimulation(seed, SimulatedCluster.providerNamed("raft"), GroupSimulation.ALL_FAULTS));
    }

    private static GroupSimulation finish(final GroupSimulation run) {
        try {
            assertEquals(List.of(), run.run(), run::story);
        } catch (final IllegalStateException e) {
            throw new AssertionError(run.story(), e);
        }
        return run;
    }
}
