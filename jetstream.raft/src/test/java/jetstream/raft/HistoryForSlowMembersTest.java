package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.api.Test;

/**
 * A member that is a few checkpoints behind gets the entries it misses; an image and all live records only if it is
 * further behind, since those may be the whole stream.
 */
final class HistoryForSlowMembersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int BATCH = 20;

    private final SimulatedCluster cluster = new SimulatedCluster(1, new RaftConsensusProvider(),
            Map.of("checkpoint_entries", "50", "history_tail", "1", "history_checkpoints", "4"));
    private final ClusterHistory history = new ClusterHistory(cluster);
    private long nextValue = 1;

    @Test
    void memberThreeCheckpointsBehindIsSentEntries() {
        assertEquals(0, imagesSentToAMemberBehindBy(160));
    }

    @Test
    void memberManyCheckpointsBehindIsSentAnImage() {
        assertTrue(imagesSentToAMemberBehindBy(1_000) > 0);
    }

    private long imagesSentToAMemberBehindBy(final int entries) {
        Founder.bootAll(cluster, history);
        cluster.run(SECOND);
        propose(BATCH);
        final SimulatedNode slow = cluster.nodes().stream().filter(node -> !Founder.machine(node).leads()).findFirst()
                .orElseThrow();
        Founder.cutOff(cluster, slow);
        cluster.run(SECOND);
        propose(entries);
        final long applied = leader().appliedIndex();
        assertTrue(Founder.machine(slow).appliedIndex() + entries <= applied, "the member was cut off");

        cluster.network().heal();
        cluster.run(5 * SECOND);
        assertTrue(Founder.machine(slow).appliedIndex() >= applied, "caught up");
        assertEquals(List.of(), cluster.failures());
        return cluster.log().stream().filter(line -> line.contains("sends its image")).count();
    }

    private void propose(final int entries) {
        for (int i = 0; i < entries; i += BATCH) {
            leader().propose(nextValue, BATCH);
            nextValue += BATCH;
            cluster.run(SECOND / 20);
        }
    }

    private ListMachine leader() {
        return cluster.nodes().stream().map(Founder::machine).filter(ListMachine::leads).findFirst()
                .orElseThrow();
    }
}
