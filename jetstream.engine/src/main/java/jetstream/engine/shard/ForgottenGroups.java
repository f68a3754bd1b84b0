package jetstream.engine.shard;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;

/**
 * Members of groups in memory that this node opened again after a restart: they have forgotten everything, and a leader
 * gives it back to them (DESIGN D7, D8). Where that takes long, too many may have forgotten at once: nobody can be
 * elected then, or commit anything. The meta leader is told of each member that waits, and counts. Owner: the shard
 * thread.
 */
final class ForgottenGroups {
    /** Longer than a report counts: two of one group that count at the same time are about the same time. */
    private static final long PATIENCE_NS = 3_000_000_000L;

    private record Waiting(GroupId group, ConsensusGroup member, long sinceNs) {
    }

    private final ShardHost host;
    private final List<Waiting> waiting = new ArrayList<>();
    private long toldNs;

    ForgottenGroups(final ShardHost host) {
        this.host = host;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(final GroupId group, final ConsensusGroup member, final long nowNs) {
        waiting.add(new Waiting(group, member, nowNs));
    }

    /** Tells of those that still wait; those that are closed or know again are dropped. */
    void tick(final long nowNs) {
        waiting.removeIf(one -> one.member.condition() != Condition.LEARNING);
        if (nowNs - toldNs < Shard.TOLD_AGAIN_NS) {
            return;
        }
        toldNs = nowNs;
        for (final Waiting one : waiting) {
            if (nowNs - one.sinceNs >= PATIENCE_NS) {
                host.onForgotten(one.group);
            }
        }
    }
}
