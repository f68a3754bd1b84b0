package jetstream.engine.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;
import jetstream.engine.meta.GroupPeers;

/**
 * Brings the members of a group to those that are wanted, one change at a time, while this member leads: those that
 * are dead go first, since they only count against a quorum; new ones come as learners and vote once they have caught
 * up; a leader that shall go hands over; then the others go. Every step asks anew how things are, so a new leader goes
 * on where the last one stopped. Owner: the shard thread.
 */
final class MemberMove {
    /** A learner that lacks no more than that many entries will not hold up a commit for long. */
    private static final long CLOSE_ENTRIES = 1_000;

    private final Shard shard;
    private final Predicate<NodeId> mayLeave;

    /**
     * Steps of one group.
     *
     * @param mayLeave whether a node may be removed now
     */
    MemberMove(final Shard shard, final Predicate<NodeId> mayLeave) {
        this.shard = shard;
        this.mayLeave = mayLeave;
    }

    /** Takes a step; true if the members are those that are wanted, by a committed entry. */
    boolean step(final ConsensusGroup group, final GroupPeers wanted) {
        final GroupReport report = group.report();
        final List<NodeId> target = wanted.target();
        return !removesDead(group, report, target) && !adds(group, report, target) && !promotes(group, report, target)
                && !handsOver(group, report, target) && !removes(group, report, target)
                // Changes nothing; true only if no change is under way.
                && group.changeMembers(new MemberChange(MemberChange.Kind.PROMOTE, target.getFirst()));
    }

    private boolean removesDead(final ConsensusGroup group, final GroupReport report, final List<NodeId> target) {
        for (final GroupReport.Member member : report.members()) {
            if (!target.contains(member.node()) && !isOnline(member.node())) {
                group.changeMembers(new MemberChange(MemberChange.Kind.REMOVE, member.node()));
                return true;
            }
        }
        return false;
    }

    private static boolean adds(final ConsensusGroup group, final GroupReport report, final List<NodeId> target) {
        for (final NodeId node : target) {
            if (find(report, node) == null) {
                group.changeMembers(new MemberChange(MemberChange.Kind.ADD_LEARNER, node));
                return true;
            }
        }
        return false;
    }

    private boolean promotes(final ConsensusGroup group, final GroupReport report, final List<NodeId> target) {
        final List<GroupReport.Member> learners = new ArrayList<>();
        for (final NodeId node : target) {
            final GroupReport.Member member = find(report, node);
            if (!member.voter()) {
                learners.add(member);
            }
        }
        if (learners.isEmpty()) {
            return false;
        }
        // Two voters survive less than one: a lone voter waits until the way to three is short.
        final boolean isLonely = report.members().size() - learners.size() == 1 && target.size() > 2;
        final boolean areAllClose = learners.stream().filter(m -> isOnline(m.node()))
                .allMatch(m -> report.lastIndex() - m.matchIndex() <= CLOSE_ENTRIES);
        for (final GroupReport.Member learner : learners) {
            if (isOnline(learner.node()) && (!isLonely || areAllClose)
                    && group.changeMembers(new MemberChange(MemberChange.Kind.PROMOTE, learner.node()))) {
                return true;
            }
        }
        return true;
    }

    private boolean handsOver(final ConsensusGroup group, final GroupReport report, final List<NodeId> target) {
        if (target.contains(shard.settings().node())) {
            return false;
        }
        NodeId best = null;
        for (final GroupReport.Member member : report.members()) {
            if (target.contains(member.node()) && isOnline(member.node())
                    && (best == null || member.matchIndex() > find(report, best).matchIndex())) {
                best = member.node();
            }
        }
        if (best != null) {
            group.transferTo(best);
        }
        return true;
    }

    private boolean removes(final ConsensusGroup group, final GroupReport report, final List<NodeId> target) {
        boolean isLeft = false;
        for (final GroupReport.Member member : report.members()) {
            if (!target.contains(member.node())) {
                isLeft = true;
                if (mayLeave.test(member.node())) {
                    group.changeMembers(new MemberChange(MemberChange.Kind.REMOVE, member.node()));
                    return true;
                }
            }
        }
        return isLeft;
    }

    private boolean isOnline(final NodeId node) {
        return shard.host().isOnline(node);
    }

    private static GroupReport.Member find(final GroupReport report, final NodeId node) {
        for (final GroupReport.Member member : report.members()) {
            if (member.node().equals(node)) {
                return member;
            }
        }
        return null;
    }
}
