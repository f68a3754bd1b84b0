package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.consensus.Condition;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged entry is being fetched when the leader's image makes it needless: the repair is over, and said to be. */
final class DamageAndImageTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int BATCH = 20;

    private long nextValue = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void imageEndsARepair(final long seed) {
        final SimulatedCluster cluster = new SimulatedCluster(seed, new RaftConsensusProvider(),
                Map.of("checkpoint_entries", "50", "history_tail", "1", "history_checkpoints", "1"));
        final ClusterHistory history = new ClusterHistory(cluster);
        Founder.bootAll(cluster, history);
        cluster.run(SECOND);
        propose(cluster, BATCH);
        final SimulatedNode slow = cluster.nodes().stream().filter(node -> !Founder.machine(node).leads()).findFirst()
                .orElseThrow();
        Founder.cutOff(cluster, slow);
        cluster.run(SECOND);
        propose(cluster, 1_000);
        final long hurt = Founder.machine(slow).appliedIndex();
        slow.store().damage(GroupId.META, hurt);
        Founder.machine(slow).read(hurt);
        assertEquals(1, history.count(Condition.REPAIRING), "it is being fetched");

        cluster.network().heal();
        cluster.run(5 * SECOND);

        assertEquals(1, history.count(Condition.CURRENT), "whoever waited for the entry waits no more");
        assertTrue(cluster.log().stream().anyMatch(line -> line.contains("caught up by an image")));
        assertEquals(List.of(), cluster.failures());
    }

    private void propose(final SimulatedCluster cluster, final int entries) {
        for (int i = 0; i < entries; i += BATCH) {
            cluster.nodes().stream().map(Founder::machine).filter(ListMachine::leads).findFirst().orElseThrow()
                    .propose(nextValue, BATCH);
            nextValue += BATCH;
            cluster.run(SECOND / 20);
        }
    }
}
