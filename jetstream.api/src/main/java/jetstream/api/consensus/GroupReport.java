package jetstream.api.consensus;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;

/**
 * A group as this member sees it.
 *
 * @param group its identity
 * @param role this member's role
 * @param term present term
 * @param leader known leader, or null
 * @param lastIndex last index of this member's log
 * @param commitIndex committed through this index, as far as known here
 * @param appliedIndex applied through this index
 * @param quorum how many voters decide; less than a majority while an operator wants that ({@link Consensus#rescue})
 * @param members all members, this one among them
 */
public record GroupReport(GroupId group, Role role, long term, NodeId leader, long lastIndex, long commitIndex,
        long appliedIndex, int quorum, List<Member> members) {
    /** Whether fewer members decide than a majority. */
    public boolean isRescued() {
        return quorum <= members.stream().filter(Member::voter).count() / 2;
    }

    /**
     * A member.
     *
     * @param node who
     * @param voter false for a learner
     * @param matchIndex on the leader: known to be durable there through this index; elsewhere 0
     * @param heardNs on the leader: monotonic time at which it was last heard; 0 if never
     * @param isCurrent on the leader: has caught up and was heard within the lease
     * @param hasRoom on the leader: its store of the group's kind had room for clients' messages when it was last heard
     */
    public record Member(NodeId node, boolean voter, long matchIndex, long heardNs, boolean isCurrent,
            boolean hasRoom) {
    }
}
