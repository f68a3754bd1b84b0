package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.store.Store;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.api.Test;

/** A store that says that it may have forgotten makes its member one that does not count until it is readmitted. */
final class StoreLossTest {
    private static final GroupId GROUP = GroupId.ofAssignment(5, false);
    private static final long AMNESIAC = -1;

    @Test
    void memberWhoseStoreMayHaveForgottenIsMarkedInItsBallot() {
        assertEquals(AMNESIAC, voteAfterOpening(true, true));
    }

    @Test
    void memberOfAGroupThatIsNewHereHasNothingToForget() {
        assertEquals(0, voteAfterOpening(true, false));
    }

    @Test
    void memberWhoseStoreIsWholeIsNotMarked() {
        assertEquals(0, voteAfterOpening(false, true));
    }

    private static long voteAfterOpening(final boolean mayHaveForgotten, final boolean existed) {
        final SimulatedCluster cluster = new SimulatedCluster(1, new RaftConsensusProvider(), Map.of());
        final ClusterHistory history = new ClusterHistory(cluster);
        final List<NodeId> voters = List.of(NodeId.of("n0"), NodeId.of("n1"), NodeId.of("n2"));
        final SimulatedNode added = cluster.add("n0", () -> node -> {
            final Store store = store(node.store(), mayHaveForgotten);
            final ListMachine machine = new ListMachine(node, history);
            machine.opened(node.consensus().open(
                    new GroupConfig(GROUP, "G", store, store, voters, null, false, existed), machine));
        });
        added.boot();
        return added.store().ballots().load(GROUP).votedFor();
    }

    private static Store store(final Store simulated, final boolean mayHaveForgotten) {
        return (Store) Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[] {Store.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("mayHaveForgotten")) {
                        return mayHaveForgotten;
                    }
                    try {
                        return method.invoke(simulated, arguments);
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
