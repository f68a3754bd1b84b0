package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
    void aSeedGivesTheSameRunAgain() {
        final GroupSimulation once = runSeed(4711);
        final GroupSimulation again = runSeed(4711);
        assertEquals(once.cluster().log(), again.cluster().log());
        assertEquals(once.cluster().clock().events(), again.cluster().clock().events());
    }

    private static GroupSimulation runSeed(final long seed) {
        final GroupSimulation run =
                new GroupSimulation(seed, SimulatedCluster.providerNamed("raft"), GroupSimulation.ALL_FAULTS);
        assertEquals(List.of(), run.run(), run::story);
        return run;
    }
}
