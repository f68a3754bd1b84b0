package jetstream.raft;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.GroupConfig;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.NodeProgram;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;

/** Runs on a node of three: the meta group, with a list as its state. One that was wiped does not know the others. */
final class Founder implements NodeProgram {
    private static final List<NodeId> FOUNDERS = List.of(NodeId.of("n0"), NodeId.of("n1"), NodeId.of("n2"));

    private final ClusterHistory history;
    private ListMachine machine;

    private Founder(final ClusterHistory history) {
        this.history = history;
    }

    /** Adds the three to an empty cluster and starts them. */
    static void bootAll(final SimulatedCluster cluster, final ClusterHistory history) {
        for (int i = 0; i < FOUNDERS.size(); i++) {
            cluster.add("n" + i, () -> new Founder(history)).boot();
        }
    }

    /** The machine of that node's present life. */
    static ListMachine machine(final SimulatedNode node) {
        return ((Founder) node.program()).machine;
    }

    /** Nothing reaches that node any more. */
    static void cutOff(final SimulatedCluster cluster, final SimulatedNode node) {
        cluster.nodes().forEach(other -> cluster.network().cut(other.id(), node.id()));
    }

    @Override
    public void start(final SimulatedNode node) {
        final boolean isLost = node.wasWiped();
        machine = new ListMachine(node, history);
        machine.opened(node.consensus().open(new GroupConfig(GroupId.META, "meta", node.store(), node.store(),
                isLost ? List.of() : FOUNDERS, FOUNDERS.getFirst(), isLost, isLost), machine));
    }
}
