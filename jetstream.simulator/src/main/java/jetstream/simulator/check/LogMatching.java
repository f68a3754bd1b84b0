package jetstream.simulator.check;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.simulator.world.WholeNode;
import jetstream.api.consensus.ConsensusGroup;

/**
 * What one member applied at an index, every member applies there, in every life; and what anybody applied, all have in
 * the end: committed is kept.
 */
public final class LogMatching implements Checker {
    private record Applied(long term, long digest) {
    }

    private final Map<GroupId, Map<Long, Applied>> groups = new HashMap<>();
    private final Map<GroupId, Long> highest = new HashMap<>();
    private final Consumer<String> fail;
    private long entries;
    private long digest;

    /** Watches; reports to that. */
    public LogMatching(final Consumer<String> fail) {
        this.fail = fail;
    }

    /** Entries that were applied, by all members together. */
    public long entries() {
        return entries;
    }

    /** A number over everything that was applied, in its order: equal runs have equal ones. */
    public long digest() {
        return digest;
    }

    /** Highest index that anybody applied in that group. */
    public long highest(final GroupId group) {
        return highest.getOrDefault(group, 0L);
    }

    @Override
    public void onApplied(final WholeNode node, final GroupId group, final long index, final long term,
            final long entryDigest) {
        entries++;
        digest = (digest ^ entryDigest ^ node.id().value()) * 0x9E3779B97F4A7C15L;
        highest.merge(group, index, Math::max);
        final Applied mine = new Applied(term, entryDigest);
        final Applied first = groups.computeIfAbsent(group, g -> new HashMap<>()).putIfAbsent(index, mine);
        if (first != null && !first.equals(mine)) {
            fail.accept(node + " applied another entry at index " + index + " of " + group + ": term " + term
                    + ", others term " + first.term());
        }
    }

    @Override
    public void judge(final Rest rest) {
        for (final WholeNode node : rest.world().nodes()) {
            node.process().groups().forEach((group, member) -> judge(rest, node, group, member));
        }
    }

    private void judge(final Rest rest, final WholeNode node, final GroupId group, final ConsensusGroup member) {
        if (node.process().isOpen(group) && member.report().appliedIndex() < highest(group)) {
            rest.fail().accept(node + " has applied " + group + " through " + member.report().appliedIndex()
                    + " only, somebody had through " + highest(group));
        }
    }
}
