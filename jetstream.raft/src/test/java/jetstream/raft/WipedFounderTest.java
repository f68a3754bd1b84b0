package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.Map;
import jetstream.api.consensus.Role;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.api.Test;

/**
 * A founder that comes back empty, to a group whose log still begins with its first entry, is told who the others are:
 * founders are in nobody's log. Found by the simulator of whole nodes: without knowing them it could not look for the
 * leader, once it had lost it.
 */
final class WipedFounderTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void wipedFounderLearnsTheMembersAndFindsItsLeaderAgain() {
        final SimulatedCluster cluster = new SimulatedCluster(1, new RaftConsensusProvider(), Map.of());
        final ClusterHistory history = new ClusterHistory(cluster);
        Founder.bootAll(cluster, history);
        cluster.run(SECOND);
        final SimulatedNode wiped = cluster.nodes().get(2);
        wiped.wipe();
        wiped.boot();
        cluster.run(3 * SECOND);

        assertEquals(Role.FOLLOWER, Founder.machine(wiped).group().report().role(), "readmitted");
        assertEquals(3, Founder.machine(wiped).group().report().members().size());
        Founder.cutOff(cluster, wiped);
        cluster.run(SECOND);
        cluster.network().heal();
        cluster.run(3 * SECOND);

        assertNotNull(Founder.machine(wiped).group().leader());
        assertEquals(List.of(), cluster.failures());
    }
}
