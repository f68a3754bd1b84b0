package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.consensus.Role;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.NodeProgram;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.api.Test;

/**
 * A founder that comes back empty, to a group whose log still begins with its first entry, is told who the others are:
 * founders are in nobody's log. Found by the simulator of whole nodes: without knowing them it could not look for the
 * leader, once it had lost it.
 */
final class WipedFounderTest {
    private static final GroupId GROUP = GroupId.META;
    private static final long SECOND = 1_000_000_000L;
    private static final List<NodeId> FOUNDERS = List.of(NodeId.of("n0"), NodeId.of("n1"), NodeId.of("n2"));

    @Test
    void wipedFounderLearnsTheMembersAndFindsItsLeaderAgain() {
        final SimulatedCluster cluster = new SimulatedCluster(1, new RaftConsensusProvider(), Map.of());
        final ClusterHistory history = new ClusterHistory(cluster);
        for (int i = 0; i < 3; i++) {
            cluster.add("n" + i, () -> new Member(history)).boot();
        }
        cluster.run(SECOND);
        final SimulatedNode wiped = cluster.nodes().get(2);
        wiped.wipe();
        wiped.boot();
        cluster.run(3 * SECOND);

        assertEquals(Role.FOLLOWER, member(wiped).report().role(), "readmitted");
        assertEquals(3, member(wiped).report().members().size());
        cluster.nodes().forEach(other -> cut(cluster, other, wiped));
        cluster.run(SECOND);
        cluster.network().heal();
        cluster.run(3 * SECOND);

        assertNotNull(member(wiped).leader());
        assertEquals(List.of(), cluster.failures());
    }

    private static void cut(final SimulatedCluster cluster, final SimulatedNode from, final SimulatedNode to) {
        cluster.network().cut(from.id(), to.id());
    }

    private static ConsensusGroup member(final SimulatedNode node) {
        return ((Member) node.program()).machine.group();
    }

    /** One member; a founder that was wiped does not know the others. */
    private static final class Member implements NodeProgram {
        private final ClusterHistory history;
        private ListMachine machine;

        Member(final ClusterHistory history) {
            this.history = history;
        }

        @Override
        public void start(final SimulatedNode node) {
            final boolean isLost = node.wasWiped();
            machine = new ListMachine(node, history);
            machine.opened(node.consensus().open(new GroupConfig(GROUP, "meta", node.store(), node.store(),
                    isLost ? List.of() : FOUNDERS, FOUNDERS.getFirst(), isLost, isLost), machine));
        }
    }
}
