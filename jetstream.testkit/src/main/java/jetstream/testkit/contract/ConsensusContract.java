package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.ConsensusProvider;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.GroupSimulation;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.NodeProgram;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.api.Test;

/**
 * What every consensus plug-in promises, tried in simulated time. An author extends this and names the provider:
 *
 * <pre>{@code
 * final class MyConsensusTest extends ConsensusContract {
 *     @Override
 *     protected ConsensusProvider provider() {
 *         return new MyConsensusProvider();
 *     }
 * }
 * }</pre>
 */
public abstract class ConsensusContract {
    private static final GroupId GROUP = GroupId.ofAssignment(3, false);
    private static final long SECOND = 1_000_000_000L;

    private final List<NodeId> voters = new ArrayList<>();
    private SimulatedCluster cluster;
    private ClusterHistory history;

    /** For subclasses. */
    protected ConsensusContract() {
    }

    /** The plug-in to be tried. */
    protected abstract ConsensusProvider provider();

    /** How many random runs under faults {@link #randomRunsUnderFaultsKeepEveryPromise} makes. */
    protected int randomRuns() {
        return 100;
    }

    /** The group on one node. */
    private final class Member implements NodeProgram {
        private ListMachine machine;

        @Override
        public void start(final SimulatedNode node) {
            machine = new ListMachine(node, history);
            final boolean added = node.disk().isEmpty() && !voters.contains(node.id());
            final boolean learner = node.wasWiped() || added;
            machine.opened(node.consensus().open(new GroupConfig(GROUP, "G", node.store(), node.store(), voters,
                    voters.getFirst(), learner, learner || !node.disk().isEmpty()), machine));
        }
    }

    @Test
    final void theMembersElectOneLeaderAndApplyTheSameInTheSameOrder() {
        open(3, 0);
        leader().propose(1, 100);
        settle();
        for (final SimulatedNode node : cluster.nodes()) {
            assertEquals(100, machine(node).values().size());
        }
        assertEquals(100, history.acknowledgedCount());
        assertAllWell();
    }

    @Test
    final void aGroupOfOneCommitsByItself() {
        open(1, 0);
        leader().propose(1, 10);
        settle();
        assertEquals(10, history.acknowledgedCount());
        assertAllWell();
    }

    @Test
    final void aFollowerRefusesProposalsAndReads() {
        open(3, 0);
        final ListMachine follower = followers().getFirst();
        follower.propose(1, 1);
        final boolean[] ready = {true};
        follower.group().readIndex(answer -> ready[0] = answer);
        settle();
        assertFalse(ready[0]);
        assertEquals(0, leader().values().size());
    }

    @Test
    final void nothingIsAcknowledgedWithoutAQuorum() {
        open(3, 0);
        final ListMachine leader = leader();
        cluster.nodes().stream().filter(node -> machine(node) != leader).forEach(SimulatedNode::crash);
        leader.propose(1, 5);
        settle();
        assertEquals(0, history.acknowledgedCount());
        assertFalse(leader.leads(), "a leader without a quorum of living members must step down");
        cluster.nodes().forEach(SimulatedNode::boot);
        settle();
        leader().propose(100, 5);
        settle();
        assertEquals(5, history.acknowledgedCount());
        assertAllWell();
    }

    @Test
    final void whatWasAcknowledgedOutlivesTheCrashOfAllMembers() {
        open(3, 0);
        leader().propose(1, 50);
        settle();
        cluster.nodes().forEach(SimulatedNode::crash);
        cluster.nodes().forEach(SimulatedNode::boot);
        settle();
        cluster.nodes().forEach(node -> history.check(node.id(), machine(node).values()));
        assertAllWell();
    }

    @Test
    final void aReadIsServedOnceEverythingBeforeItIsApplied() {
        open(3, 0);
        final ListMachine leader = leader();
        leader.propose(1, 20);
        final int[] seen = {-1};
        leader.group().readIndex(ready -> seen[0] = ready ? leader.values().size() : -2);
        settle();
        assertTrue(seen[0] >= 0, "read was answered with " + seen[0]);
    }

    @Test
    final void leadershipIsHandedToTheWantedMember() {
        open(3, 0);
        leader().propose(1, 10);
        settle();
        final NodeId target =
                cluster.nodes().stream().filter(node -> !machine(node).leads()).findFirst().orElseThrow().id();
        assertTrue(leader().group().transferTo(target));
        settle();
        assertTrue(machine(cluster.node(target)).leads());
        assertAllWell();
    }

    @Test
    final void aMemberIsAddedPromotedAndTheLeaderRemoved() {
        open(3, 1);
        leader().propose(1, 200);
        leader().group().checkpoint();
        settle();
        final NodeId spare = cluster.nodes().getLast().id();
        change(MemberChange.Kind.ADD_LEARNER, spare);
        change(MemberChange.Kind.PROMOTE, spare);
        final NodeId old =
                cluster.nodes().stream().filter(node -> machine(node).leads()).findFirst().orElseThrow().id();
        change(MemberChange.Kind.REMOVE, old);
        final ListMachine leader = leader();
        leader.propose(1_000, 5);
        settle();
        final List<NodeId> members = leader.group().report().members().stream().map(GroupReport.Member::node).toList();
        assertEquals(3, members.size());
        assertTrue(members.contains(spare) && !members.contains(old), members.toString());
        assertEquals(205, machine(cluster.node(spare)).values().size());
        assertAllWell();
    }

    @Test
    final void aWipedMemberComesBackAndCounts() {
        open(3, 0);
        leader().propose(1, 300);
        leader().group().checkpoint();
        settle();
        final SimulatedNode wiped = cluster.nodes().getLast();
        wiped.wipe();
        settle();
        wiped.boot();
        settle();
        assertEquals(300, machine(wiped).values().size());
        cluster.nodes().stream().filter(node -> node != wiped).findFirst().orElseThrow().crash();
        settle();
        leader().propose(1_000, 1);
        settle();
        assertEquals(301, machine(wiped).values().size());
        assertAllWell();
    }

    @Test
    final void randomRunsUnderFaultsKeepEveryPromise() {
        for (int seed = 1; seed <= randomRuns(); seed++) {
            final GroupSimulation run = new GroupSimulation(seed, provider(), GroupSimulation.ALL_FAULTS);
            assertEquals(List.of(), run.run(), run::story);
        }
    }

    private void open(final int voterCount, final int spareCount) {
        cluster = new SimulatedCluster(42, provider(), Map.of());
        history = new ClusterHistory(cluster);
        for (int i = 0; i < voterCount + spareCount; i++) {
            final SimulatedNode node = cluster.add("n" + i, Member::new);
            if (i < voterCount) {
                voters.add(node.id());
            }
        }
        cluster.nodes().forEach(SimulatedNode::boot);
        settle();
    }

    private void settle() {
        cluster.nodes().stream().filter(SimulatedNode::isUp).forEach(SimulatedNode::planCycle);
        cluster.run(3 * SECOND);
    }

    private void change(final MemberChange.Kind kind, final NodeId node) {
        assertTrue(leader().group().changeMembers(new MemberChange(kind, node)), kind + " " + node);
        settle();
    }

    private ListMachine leader() {
        final List<ListMachine> leaders = machines().stream().filter(ListMachine::leads).toList();
        assertEquals(1, leaders.size(), "leaders");
        return leaders.getFirst();
    }

    private List<ListMachine> followers() {
        final List<ListMachine> followers = machines().stream().filter(machine -> !machine.leads()).toList();
        assertNotEquals(0, followers.size());
        return followers;
    }

    private List<ListMachine> machines() {
        return cluster.nodes().stream().filter(SimulatedNode::isUp).map(ConsensusContract::machine).toList();
    }

    private void assertAllWell() {
        assertEquals(List.of(), cluster.failures(), () -> String.join("\n", cluster.log()));
        final List<ConsensusGroup> groups = machines().stream().map(ListMachine::group).toList();
        assertEquals(1, groups.stream().filter(ConsensusGroup::isLeader).count(), "leaders");
    }

    private static ListMachine machine(final SimulatedNode node) {
        return ((Member) node.program()).machine;
    }
}
