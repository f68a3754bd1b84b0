package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.GroupConfig;
import jetstream.testkit.simulation.ClusterHistory;
import jetstream.testkit.simulation.ListMachine;
import jetstream.testkit.simulation.NodeProgram;
import jetstream.testkit.simulation.SimulatedCluster;
import jetstream.testkit.simulation.SimulatedNode;
import org.junit.jupiter.api.Test;

/** Many groups on three nodes in simulated time: what they cost, and how fast they come, rest and recover. */
class ManyGroupsTest {
    private static final long MILLISECOND = 1_000_000L;

    private final SimulatedCluster cluster = new SimulatedCluster(7, new RaftConsensusProvider(), Map.of());
    private final List<NodeId> voters = new ArrayList<>();
    private final int groupCount;
    private boolean calledLearners;

    ManyGroupsTest() {
        groupCount = Integer.getInteger("many.groups", 300);
        for (int i = 0; i < 3; i++) {
            voters.add(cluster.add("n" + i, Member::new).id());
        }
    }

    /** All groups on one node, each preferring one of the three. */
    private final class Member implements NodeProgram {
        private final List<ListMachine> machines = new ArrayList<>();

        @Override
        public void start(final SimulatedNode node) {
            final boolean existed = !node.disk().isEmpty();
            for (int i = 1; i <= groupCount; i++) {
                final ListMachine machine = new ListMachine(node, new ClusterHistory(cluster));
                final boolean learner = existed && calledLearners;
                final GroupConfig config = new GroupConfig(GroupId.ofAssignment(i, false), "G" + i, node.store(),
                        node.store(), voters, voters.get(i % 3), learner, existed);
                machine.opened(node.consensus().open(config, machine));
                machines.add(machine);
            }
        }
    }

    @Test
    void newGroupsHaveTheirPreferredLeadersWithinMilliseconds() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(20 * MILLISECOND);
        assertEquals(groupCount, ledGroups());
        for (int i = 0; i < 3; i++) {
            assertEquals(groupCount / 3, led(cluster.nodes().get(i)), "groups led by node " + i);
        }
        assertEquals(List.of(), cluster.failures());
    }

    @Test
    void idleGroupsSendNothingButTheNodesHeartbeats() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(2_000 * MILLISECOND);           // what the first entries made of the states is compared once
        final long before = cluster.network().frames();
        cluster.run(10_000 * MILLISECOND);
        final long frames = cluster.network().frames() - before;
        // Three nodes that lead: six directed pairs, ten heartbeats a second at rest, as many replies; a few more,
        // since a node beats with its peers if it were to beat soon anyway.
        assertTrue(frames <= 6 * 2 * 110, frames + " frames in ten seconds with " + groupCount + " idle groups");
        assertEquals(groupCount, ledGroups());
    }

    @Test
    void allGroupsOfACrashedNodeAreLedAgainInUnderASecond() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(1_000 * MILLISECOND);
        cluster.nodes().getFirst().crash();
        cluster.run(900 * MILLISECOND);
        assertEquals(groupCount, ledGroups());
        cluster.nodes().getFirst().boot();
        cluster.run(2_000 * MILLISECOND);
        assertEquals(groupCount, ledGroups());
        assertEquals(List.of(), cluster.failures());
    }

    @Test
    void aShortPauseOfANodeStartsNoElection() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(1_000 * MILLISECOND);
        cluster.nodes().get(1).pause(200 * MILLISECOND);
        cluster.run(1_000 * MILLISECOND);
        assertEquals(groupCount / 3, led(cluster.nodes().get(1)));
        for (final ListMachine machine : ((Member) cluster.nodes().get(2).program()).machines) {
            assertEquals(1, machine.group().report().term());
        }
    }

    @Test
    void aLeaderThatSleptIsDeposedBeforeItDoesAnything() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(1_000 * MILLISECOND);
        final SimulatedNode sleeper = cluster.nodes().getFirst();
        sleeper.pause(2_000 * MILLISECOND);
        cluster.run(2_000 * MILLISECOND);
        cluster.run(1);
        assertEquals(0, led(sleeper));
        assertEquals(groupCount, ledGroups());
    }

    @Test
    void anOperatorsWordCountsUntilItsTimeIsOver() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(1_000 * MILLISECOND);
        final SimulatedNode last = cluster.nodes().getFirst();
        cluster.nodes().stream().filter(node -> node != last).forEach(SimulatedNode::crash);
        cluster.run(2_000 * MILLISECOND);
        assertEquals(0, led(last));
        final GroupId rescued = GroupId.ofAssignment(1, false);

        assertEquals("", last.consensus().rescue(rescued, 1, 5_000 * MILLISECOND));
        cluster.run(4_000 * MILLISECOND);
        assertEquals(1, led(last), "groups led: the one that is rescued");
        cluster.run(2_000 * MILLISECOND);
        assertEquals(0, led(last), "it goes on leading without a majority");
        assertEquals(List.of(), cluster.failures());
    }

    @Test
    void aClosedLeaderHandsOver() {
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(1_000 * MILLISECOND);
        cluster.nodes().getFirst().stop();
        cluster.run(100 * MILLISECOND);
        assertEquals(groupCount, ledGroups());
    }

    @Test
    void restartedMembersThatAreWholeVoteThoughTheyAreCalledLearners() {
        calledLearners = true;
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(1_000 * MILLISECOND);
        cluster.nodes().forEach(SimulatedNode::crash);
        cluster.nodes().forEach(SimulatedNode::boot);
        cluster.run(2_000 * MILLISECOND);
        assertEquals(groupCount, ledGroups());
        assertEquals(List.of(), cluster.failures());
    }

    private int ledGroups() {
        return cluster.nodes().stream().filter(SimulatedNode::isUp).mapToInt(ManyGroupsTest::led).sum();
    }

    private static int led(final SimulatedNode node) {
        return (int) ((Member) node.program()).machines.stream().filter(ListMachine::leads).count();
    }
}
