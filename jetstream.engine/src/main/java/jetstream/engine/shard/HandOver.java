package jetstream.engine.shard;

import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;

/**
 * Takes a group's lead from a node whose store is full to one that has room. The old leader's store is then one of the
 * minority that may lag; if it is not one of a minority, moving the lead would help nobody: the group stays where its
 * publishers are told why they are refused. Owner: the shard thread.
 */
final class HandOver {
    /** A group whose nodes fill up in turns moves no faster than this. */
    private static final long AGAIN_NS = 1_000_000_000L;

    private long notBeforeNs;

    /** This member has led since then, or may lead from then on. */
    void since(final long nowNs) {
        notBeforeNs = nowNs + AGAIN_NS;
    }

    /** Hands the group over if this node's store is full and a majority's is not. True if it has begun to. */
    boolean toRoom(final ConsensusGroup group, final long nowNs) {
        if (nowNs - notBeforeNs < 0) {
            return false;
        }
        notBeforeNs = nowNs + AGAIN_NS;
        final NodeId best = best(group.report());
        return best != null && group.transferTo(best);
    }

    /** The member with room that has most of the log; null if no majority has room, this node not counted. */
    private static NodeId best(final GroupReport report) {
        int voters = 0;
        int roomy = 0;
        GroupReport.Member best = null;
        for (final GroupReport.Member member : report.members()) {
            voters += member.voter() ? 1 : 0;
            if (member.voter() && member.isCurrent() && member.hasRoom() && !member.node().equals(report.leader())) {
                roomy++;
                best = best == null || member.matchIndex() > best.matchIndex() ? member : best;
            }
        }
        return roomy > voters / 2 ? best.node() : null;
    }
}
