package jetstream.store.file;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.store.Ballot;

/**
 * What recovery must think of the groups when a part of the log is gone: which entries may have been superseded in it,
 * and which groups may have acknowledged or voted in it. Owner: the opening thread.
 */
final class Losses {
    private static final int END = 0;
    private static final int BALLOT = 1;

    /** Where in the log a group was last heard of: {end of its log, ballot}. */
    private final Map<Long, long[]> heard = new HashMap<>();
    /**
     * A truncation of a group may have been lost.
     *
     * @param position before which entries may have been superseded
     * @param finalIndex entries up to it were not
     */
    private record Doubt(long position, long finalIndex) {
    }

    private final Map<Long, Doubt> doubts = new HashMap<>();
    private final Set<FileGroup> shortened = new HashSet<>();
    private final FileStore store;
    private long lostThrough;

    Losses(final FileStore store) {
        this.store = store;
    }

    /** Something before that position is gone, and nobody knows what. */
    void lost(final long throughPosition) {
        lostThrough = Math.max(lostThrough, throughPosition);
        for (final FileGroup group : store.allGroups()) {
            final Doubt older = doubts.get(group.id.value());
            doubts.put(group.id.value(),
                    new Doubt(throughPosition, older == null ? group.state.baseIndex : older.finalIndex));
        }
    }

    /** That position says where the group's log ends. */
    void heardOfEnd(final long group, final long position) {
        heard.computeIfAbsent(group, any -> new long[2])[END] = position;
    }

    /** That position says how the group voted. */
    void heardOfBallot(final long group, final long position) {
        heard.computeIfAbsent(group, any -> new long[2])[BALLOT] = position;
    }

    /** The log was cut at that position; says where it ends unless what is left of it may have been superseded. */
    void heardOfTruncation(final long group, final long position) {
        if (!doubts.containsKey(group)) {
            heardOfEnd(group, position);
        }
    }

    /** All entries were dropped at that position: none is in doubt any more. */
    void heardOfReset(final long group, final long position) {
        doubts.remove(group);
        heardOfEnd(group, position);
    }

    void forget(final long group) {
        heard.remove(group);
        doubts.remove(group);
    }

    /**
     * What was lost may have held a truncation and what replaced the entries that stand before it. The first entry
     * appended behind the loss tells: of the history before, only entries of its own term are certainly of the same log
     * (log matching); the others count as lost, too, and are fetched from peers. Entries at or before the base were
     * final. What can not be read, or found, may be anything and counts as lost.
     */
    void resolveDoubt(final FileGroup group, final long index, final long term) {
        if (doubts.isEmpty() || index <= group.state.baseIndex) {
            return;
        }
        final Doubt doubt = doubts.remove(group.id.value());
        if (doubt != null) {
            release(group, doubt, group.state.lastIndex, term);
        }
    }

    /** The history through that index was final, and its last entry of that term: that tells of what stands before. */
    void resolveThrough(final FileGroup group, final long index, final long term) {
        final Doubt doubt = doubts.isEmpty() ? null : doubts.get(group.id.value());
        if (doubt != null && doubt.finalIndex < index) {
            release(group, doubt, index, term);
            doubts.put(group.id.value(), new Doubt(doubt.position, index));
        }
    }

    private static void release(final FileGroup group, final Doubt doubt, final long through, final long term) {
        for (long at = doubt.finalIndex + 1; at <= through; at++) {
            if (group.entries.mayStandBefore(at, doubt.position) && group.entries.termAt(at) != term) {
                group.entries.release(at);
            }
        }
    }

    /** A log ends with an entry that is there: what followed is as if it had never come, and comes again. */
    void shorten() {
        for (final FileGroup group : store.allGroups()) {
            final long end = group.state.lastIndex;
            while (group.state.lastIndex > group.state.baseIndex && !group.entries.isHeld(group.state.lastIndex)) {
                group.state.lastIndex--;
            }
            if (group.state.lastIndex < end) {
                shortened.add(group);
                store.health().log.line(true, "group " + group.id + ": the last entries of its history, "
                        + (group.state.lastIndex + 1) + ".." + end + ", are lost here");
            }
        }
    }

    /** Says which groups miss entries of their history. */
    void report() {
        for (final FileGroup group : store.allGroups()) {
            long lost = 0;
            long first = 0;
            for (long index = group.state.baseIndex + 1; index <= group.state.lastIndex; index++) {
                if (group.entries.isHeld(index)) {
                    index = group.entries.uniformThrough(index);
                } else {
                    first = lost++ == 0 ? index : first;
                }
            }
            if (lost > 0) {
                store.health().log.line(true, "group " + group.id + ": " + lost + " entries of its history "
                        + (group.state.baseIndex + 1) + ".." + group.state.lastIndex
                        + " are lost here, the first at index " + first);
            }
        }
    }

    /**
     * Marks the groups whose newest ballot or last entry may have been in what was lost: those that were last heard of
     * before it. A STATE record counts for nothing, because it may have been written again after the loss.
     */
    void markForgetful() {
        if (lostThrough == 0) {
            return;
        }
        store.foundLosses();
        for (final FileGroup group : store.allGroups()) {
            final long[] positions = heard.getOrDefault(group.id.value(), new long[2]);
            final boolean hasVoted = !group.state.ballot.equals(Ballot.NONE) || positions[BALLOT] != 0;
            group.state.mayHaveForgotten = positions[END] < lostThrough || shortened.contains(group)
                    || hasVoted && positions[BALLOT] < lostThrough;
        }
    }
}
