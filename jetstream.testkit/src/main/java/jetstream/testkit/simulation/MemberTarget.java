package jetstream.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;

/**
 * Scales and moves a group in a simulation: chooses one, three or five nodes, brings the members there one change at a
 * time, has the nodes that were let go drop their data, and chooses others.
 */
final class MemberTarget {
    private static final int[] SIZES = {1, 3, 5, 3};

    private final SimulatedCluster cluster;
    private final SplittableRandom random;
    private final int firstSize;
    private List<NodeId> wanted = List.of();

    MemberTarget(final SimulatedCluster cluster, final SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
        firstSize = SIZES[random.nextInt(SIZES.length)];
    }

    /** Voters that the group begins with. */
    int firstSize() {
        return firstSize;
    }

    /** One step by the leader; true if a change was proposed. */
    boolean step(final ConsensusGroup group) {
        final GroupReport report = group.report();
        if (wanted.isEmpty()) {
            choose();
        }
        final GroupReport.Member missing = report.members().stream()
                .filter(member -> wanted.contains(member.node()) && !member.voter()).findFirst().orElse(null);
        for (final NodeId node : wanted) {
            if (report.members().stream().noneMatch(member -> member.node().equals(node))) {
                return change(group, MemberChange.Kind.ADD_LEARNER, node);
            }
        }
        if (missing != null) {
            return change(group, MemberChange.Kind.PROMOTE, missing.node());
        }
        if (!wanted.contains(group.leader())) {
            group.transferTo(wanted.get(random.nextInt(wanted.size())));
            return false;
        }
        for (final GroupReport.Member member : report.members()) {
            if (!wanted.contains(member.node())) {
                return change(group, MemberChange.Kind.REMOVE, member.node());
            }
        }
        // No change: true only if the last one is committed.
        if (group.changeMembers(new MemberChange(MemberChange.Kind.PROMOTE, wanted.getFirst()))) {
            settle();
        }
        return false;
    }

    private boolean change(final ConsensusGroup group, final MemberChange.Kind kind, final NodeId node) {
        final boolean done = group.changeMembers(new MemberChange(kind, node));
        if (done) {
            cluster.note("leader " + kind + " " + node);
        }
        return done;
    }

    /** The group has let all others go: they forget it. */
    private void settle() {
        cluster.note("settled on " + wanted);
        for (final SimulatedNode node : cluster.nodes()) {
            if (!wanted.contains(node.id()) && node.isUp() && !node.disk().isEmpty()) {
                node.wipe();
                cluster.clock().after(0, node::boot);
            }
        }
        wanted = List.of();
    }

    private void choose() {
        final List<NodeId> nodes = new ArrayList<>(cluster.nodes().stream().map(SimulatedNode::id).toList());
        final int size = SIZES[random.nextInt(SIZES.length)];
        while (nodes.size() > size) {
            nodes.remove(random.nextInt(nodes.size()));
        }
        wanted = List.copyOf(nodes);
        cluster.note("wanted on " + wanted);
    }
}
