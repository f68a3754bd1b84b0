package jetstream.raft.core;

import jetstream.api.Invariant;

/**
 * What a {@link RaftCore} is told once.
 *
 * @param group the group, as {@link jetstream.api.GroupId#value()}
 * @param self this node, as {@link jetstream.api.NodeId#value()}
 * @param electionTimeoutMinNs shortest silence after which a leader is given up; also the length of its lease
 * @param electionTimeoutMaxNs longest random wait before a campaign
 * @param retryNs how often what got no answer is asked again
 * @param batchBytesMax bytes of entries in one append read from the log
 * @param inflightBytesMax bytes sent to one follower and not answered yet
 * @param uncommittedBytesMax bytes proposed and not committed; more is refused
 */
public record CoreConfig(long group, long self, long electionTimeoutMinNs, long electionTimeoutMaxNs, long retryNs,
        int batchBytesMax, long inflightBytesMax, long uncommittedBytesMax) {
    /** Checks that the numbers fit together. */
    public CoreConfig {
        Invariant.check(electionTimeoutMinNs > 0 && electionTimeoutMaxNs > electionTimeoutMinNs,
                "election timeouts must ascend", electionTimeoutMinNs, electionTimeoutMaxNs);
        Invariant.check(retryNs > 0, "retry interval must be positive", retryNs);
        Invariant.check(batchBytesMax > 0 && inflightBytesMax > 0, "limits must be positive", batchBytesMax,
                inflightBytesMax);
    }
}
