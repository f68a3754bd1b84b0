package jetstream.store.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryLayout;
import jetstream.api.store.Ballot;

/** Applies the records of the log, in order, to the groups. Owner: the opening thread. */
final class Replay {
    private static final int END = 0;
    private static final int BALLOT = 1;

    /** Checkpoint records of each group, oldest first: the newest may be of a file that a crash prevented. */
    final Map<Long, List<Long>> checkpoints = new HashMap<>();

    /** Where in the log a group was last heard of: {end of its log, ballot}. */
    private final Map<Long, long[]> heard = new HashMap<>();
    /** Groups of which a truncation may have been lost, and the position through which. */
    private final Map<Long, Long> doubts = new HashMap<>();
    private final FileStore store;
    private FileGroup lastGroup;
    private long[] lastHeard;
    private long lostThrough;

    Replay(final FileStore store) {
        this.store = store;
    }

    void run(final SegmentScan scan, final long cut, final long forcedThrough) {
        final Segment segment = scan.segment;
        int gap = 0;
        for (int block = 0; block < scan.blockCount; block++) {
            while (gap < scan.gaps.size() && scan.gaps.get(gap).from() < scan.offset(block)) {
                runGap(segment, scan.gaps.get(gap++), Math.min(cut, forcedThrough));
            }
            if (Position.of(segment.seq, scan.offset(block)) < cut) {
                runBlock(segment, scan.offset(block) + BlockLayout.HEADER_LENGTH, scan.limit(block));
            }
        }
        while (gap < scan.gaps.size()) {
            runGap(segment, scan.gaps.get(gap++), Math.min(cut, forcedThrough));
        }
    }

    private void runGap(final Segment segment, final SegmentScan.Gap gap, final long durableThrough) {
        if (Position.of(segment.seq, gap.from()) < durableThrough) {
            report(segment, gap.from(), gap.through());
        }
    }

    /** Says which groups miss entries of their history. */
    void reportLosses() {
        for (final FileGroup group : store.allGroups()) {
            long lost = 0;
            long first = 0;
            for (long index = group.state.baseIndex + 1; index <= group.state.lastIndex; index++) {
                final EntryIndex.Chunk chunk = group.entries.find(index);
                if (chunk == null || !chunk.isHeld(EntryIndex.slotOf(index))) {
                    first = lost++ == 0 ? index : first;
                }
            }
            if (lost > 0) {
                store.health().log.line(true, "group " + group.id + ": " + lost + " entries of its history "
                        + (group.state.baseIndex + 1) + ".." + group.state.lastIndex
                        + " are lost here, the first at index "
                        + first);
            }
        }
    }

    private void runBlock(final Segment segment, final int from, final int limit) {
        int offset = from;
        while (offset < limit) {
            if (!segment.checksums().isHeaderIntact(offset, limit)) {
                report(segment, offset, limit);
                return;
            }
            apply(segment, offset);
            offset += EntryLayout.entryLength(segment.bytes(), offset);
        }
    }

    /** Something before that position is gone, and nobody knows what. */
    void lost(final long throughPosition) {
        lostThrough = Math.max(lostThrough, throughPosition);
        for (final FileGroup group : store.allGroups()) {
            doubts.put(group.id.value(), throughPosition);
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
            group.state.mayHaveForgotten = positions[END] < lostThrough || hasVoted && positions[BALLOT] < lostThrough;
        }
    }

    private void report(final Segment segment, final int from, final int through) {
        lost(Position.of(segment.seq, through));
        store.health().log.line(true, "segment " + segment.name + " is damaged from offset " + from + " to " + through
                + ", which had been forced: its records are lost here, nothing is cut or deleted");
    }

    private void apply(final Segment segment, final int offset) {
        final ByteBuffer bytes = segment.bytes();
        final byte type = EntryLayout.type(bytes, offset);
        final long id = EntryLayout.group(bytes, offset);
        if (id == 0 || store.recycler().isDeleted(id)) {
            if (type == RecordType.DELETE) {
                delete(segment, offset, id);
            }
            return;
        }
        if (RecordType.isEntry(type)) {
            applyEntry(segment, offset, group(id));
        } else {
            segment.controlGroups.add(id);
            applyControl(segment, offset, type, group(id));
        }
    }

    private void applyEntry(final Segment segment, final int offset, final FileGroup group) {
        final long index = EntryLayout.index(segment.bytes(), offset);
        if (!doubts.isEmpty() && index > group.state.baseIndex) {
            resolveDoubt(group, EntryLayout.term(segment.bytes(), offset));
        }
        group.entries.place(index, Position.of(segment.seq, offset), EntryLayout.entryLength(segment.bytes(), offset));
        if (index >= group.state.lastIndex) {
            group.state.lastIndex = index;
            lastHeard[END] = Position.of(segment.seq, offset);
        }
        group.state.hasLog = true;
    }

    /**
     * What was lost may have held a truncation and what replaced the entries that stand before it. The first entry
     * behind the loss tells: of the history before, only entries of its own term are certainly of the same log (log
     * matching); the others count as lost, too, and are fetched from peers. Entries at or before the base were final.
     */
    private void resolveDoubt(final FileGroup group, final long term) {
        final Long lostPosition = doubts.remove(group.id.value());
        if (lostPosition == null) {
            return;
        }
        for (long index = group.state.baseIndex + 1; index <= group.state.lastIndex; index++) {
            final EntryIndex.Chunk chunk = group.entries.find(index);
            final long position = chunk == null ? 0 : chunk.position(EntryIndex.slotOf(index));
            if (position != 0 && position < lostPosition
                    && EntryLayout.term(store.segment(position).bytes(), Position.offset(position)) != term) {
                group.entries.release(index);
            }
        }
    }

    private void applyControl(final Segment segment, final int offset, final byte type, final FileGroup group) {
        final ByteBuffer bytes = segment.bytes();
        final long index = EntryLayout.index(bytes, offset);
        final long term = EntryLayout.term(bytes, offset);
        final long position = Position.of(segment.seq, offset);
        final GroupState state = group.state;
        switch (type) {
            case RecordType.BALLOT -> {
                state.ballot = new Ballot(term, index);
                lastHeard[BALLOT] = position;
            }
            case RecordType.TRUNCATE -> {
                truncate(group, index);
                lastHeard[END] = position;
            }
            case RecordType.DISCARD -> discard(state, index, term);
            case RecordType.RESET -> {
                reset(group, index, term, position);
                lastHeard[END] = position;
            }
            case RecordType.STATE -> readState(segment, offset, group, position);
            case RecordType.CHECKPOINT, RecordType.CHECKPOINT_FILE ->
                checkpoints.computeIfAbsent(group.id.value(), any -> new ArrayList<>()).add(position);
            case RecordType.DELETE -> delete(segment, offset, group.id.value());
            default ->
                store.health().log.line(true, "record of unknown type " + type + " at " + Position.text(position));
        }
    }

    private static void truncate(final FileGroup group, final long index) {
        group.entries.releaseAll(index, Long.MAX_VALUE);
        group.state.lastIndex = Math.min(group.state.lastIndex, index - 1);
    }

    private static void discard(final GroupState state, final long index, final long term) {
        state.baseIndex = index;
        state.baseTerm = term;
        state.lastIndex = Math.max(state.lastIndex, index);
    }

    private static void reset(final FileGroup group, final long index, final long term, final long position) {
        group.entries.releaseAll(0, Long.MAX_VALUE);
        group.state.baseIndex = index;
        group.state.baseTerm = term;
        group.state.lastIndex = index;
        group.state.epoch = position;
    }

    private static void readState(final Segment segment, final int offset, final FileGroup group, final long position) {
        if (!segment.checksums().isBodyIntact(offset)) {
            return;
        }
        final GroupState state = group.state;
        state.read(segment.bytes(), offset + EntryLayout.HEADER_LENGTH, EntryLayout.index(segment.bytes(), offset),
                EntryLayout.term(segment.bytes(), offset));
        state.statePosition = position;
        group.entries.releaseBefore(state.epoch);
        group.entries.releaseAll(state.lastIndex + 1, Long.MAX_VALUE);
    }

    private void delete(final Segment segment, final int offset, final long id) {
        segment.controlGroups.add(id);
        final FileGroup group = store.find(id);
        if (group != null) {
            group.entries.releaseAll(0, Long.MAX_VALUE);
            store.forget(id);
        }
        lastGroup = null;
        heard.remove(id);
        checkpoints.remove(id);
        store.recycler().deleted(id, Position.of(segment.seq, offset), EntryLayout.index(segment.bytes(), offset));
    }

    private FileGroup group(final long id) {
        if (lastGroup == null || lastGroup.id.value() != id) {
            lastGroup = store.group(new GroupId(id));
            lastHeard = heard.computeIfAbsent(id, any -> new long[2]);
        }
        return lastGroup;
    }
}
