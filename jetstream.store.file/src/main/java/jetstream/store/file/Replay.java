package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryLayout;
import jetstream.api.store.Ballot;

/**
 * Applies the log, in order, to the groups: the records of a segment, or what its index says of them. Owner: the
 * opening thread.
 */
final class Replay {
    /** Checkpoint records of each group, oldest first: the newest may be of a file that a crash prevented. */
    final Map<Long, List<Long>> checkpoints = new HashMap<>();

    private final FileStore store;
    private final Losses losses;
    private FileGroup lastGroup;
    private long copiesLeft;

    Replay(final FileStore store, final Losses losses) {
        this.store = store;
        this.losses = losses;
    }

    void run(final SegmentScan scan, final long cut, final long forcedThrough) {
        if (scan.index != null) {
            runIndex(scan.segment, scan.index);
            return;
        }
        final Segment segment = scan.segment;
        int gap = 0;
        for (int block = 0; block < scan.blockCount; block++) {
            while (gap < scan.gaps.size() && scan.gaps.get(gap).from() < scan.offset(block)) {
                runGap(segment, scan.gaps.get(gap++), Math.min(cut, forcedThrough));
            }
            if (Position.of(segment.seq, scan.offset(block)) < cut) {
                runBlock(segment, scan.window(block), scan.offset(block) + BlockLayout.HEADER_LENGTH,
                        scan.limit(block));
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

    private void runBlock(final Segment segment, final Window window, final int from, final int limit) {
        copiesLeft = 0;
        int offset = from;
        while (offset < limit) {
            if (window == null || !window.isHeaderIntact(offset, limit)) {
                report(segment, offset, limit);
                return;
            }
            apply(segment, window, offset);
            offset += EntryLayout.entryLength(window.bytes(), window.at(offset));
        }
    }

    private void runIndex(final Segment segment, final SealedIndex index) {
        for (final SealedIndex.GroupItems items : index.groups()) {
            lastGroup = null;
            for (final IndexItem item : items.items()) {
                apply(segment, items.group(), item);
            }
        }
    }

    private void apply(final Segment segment, final long id, final IndexItem item) {
        if (id == 0 || store.recycler().isDeleted(id)) {
            if (item.type() == RecordType.DELETE) {
                delete(segment, item.offset(), id, item.first());
            }
            return;
        }
        final FileGroup group = group(id);
        if (!item.isRun()) {
            segment.controlGroups.add(id);
            applyControl(segment, group, item, item.body() == null ? null
                    : ByteBuffer.wrap(item.body()).order(ByteOrder.LITTLE_ENDIAN), 0);
            return;
        }
        final boolean isCopy = item.type() == IndexItem.RUN_OF_COPIES;
        if (!isCopy) {
            losses.resolveDoubt(group, item.last(), item.term());
        }
        segment.runs.add(group.entries.placeRun(segment, item));
        applyEnd(group, item.last(), Position.of(segment.seq, item.offset()), isCopy);
    }

    private void report(final Segment segment, final int from, final int through) {
        segment.isDamaged = true;
        losses.lost(Position.of(segment.seq, through));
        store.health().log.line(true, "segment " + segment.name + " is damaged from offset " + from + " to " + through
                + ", which had been forced: its records are lost here, nothing is cut or deleted");
    }

    private void apply(final Segment segment, final Window window, final int offset) {
        final ByteBuffer bytes = window.bytes();
        final int at = window.at(offset);
        final byte type = EntryLayout.type(bytes, at);
        final long id = EntryLayout.group(bytes, at);
        final boolean isEntry = RecordType.isEntry(type);
        final boolean isCopy = isEntry && copiesLeft > 0;
        copiesLeft = type == RecordType.COPIES ? EntryLayout.index(bytes, at) : copiesLeft - (isCopy ? 1 : 0);
        if (id == 0 || store.recycler().isDeleted(id)) {
            if (type == RecordType.DELETE) {
                delete(segment, offset, id, EntryLayout.index(bytes, at));
            }
            return;
        }
        if (isEntry) {
            applyEntry(Position.of(segment.seq, offset), bytes, at, group(id), isCopy);
        } else if (type == RecordType.STATE && !window.isBodyIntact(offset)) {
            segment.controlGroups.add(id);
            report(segment, offset, offset + EntryLayout.entryLength(bytes, at));
        } else {
            segment.controlGroups.add(id);
            applyControl(segment, group(id), IndexItem.control(bytes, at, offset), bytes,
                    at + EntryLayout.HEADER_LENGTH);
        }
    }

    private void applyEntry(final long position, final ByteBuffer bytes, final int at, final FileGroup group,
            final boolean isCopy) {
        final long index = EntryLayout.index(bytes, at);
        if (!isCopy) {
            losses.resolveDoubt(group, index, EntryLayout.term(bytes, at));
        }
        group.entries.place(index, position, EntryLayout.entryLength(bytes, at));
        applyEnd(group, index, position, isCopy);
    }

    private void applyEnd(final FileGroup group, final long index, final long position, final boolean isCopy) {
        group.state.hasLog = true;
        if (index >= group.state.lastIndex) {
            group.state.lastIndex = index;
            if (!isCopy) {
                losses.heardOfEnd(group.id.value(), position);
            }
        }
    }

    /** Applies a record of the store's own; {@code body} is null if it has none. */
    private void applyControl(final Segment segment, final FileGroup group, final IndexItem item,
            final ByteBuffer body, final int bodyOffset) {
        final long position = Position.of(segment.seq, item.offset());
        final long id = group.id.value();
        switch (item.type()) {
            case RecordType.BALLOT -> {
                group.state.ballot = new Ballot(item.term(), item.first());
                losses.heardOfBallot(id, position);
            }
            case RecordType.TRUNCATE -> {
                truncate(group, item.first());
                losses.heardOfTruncation(id, position);
            }
            case RecordType.DISCARD -> {
                losses.resolveThrough(group, item.first(), item.term());
                discard(group.state, item.first(), item.term());
            }
            case RecordType.RESET -> {
                reset(group, item.first(), item.term(), position);
                losses.heardOfReset(id, position);
            }
            case RecordType.STATE -> readState(group, item, body, bodyOffset, position);
            case RecordType.CHECKPOINT, RecordType.CHECKPOINT_FILE ->
                checkpoints.computeIfAbsent(id, any -> new ArrayList<>()).add(position);
            case RecordType.DELETE -> delete(segment, item.offset(), id, item.first());
            default ->
                store.health().log.line(true,
                        "record of unknown type " + item.type() + " at " + Position.text(position));
        }
    }

    private static void truncate(final FileGroup group, final long index) {
        group.entries.releaseAll(index, Long.MAX_VALUE);
        group.state.lastIndex = index - 1;          // it reached further: what is missing of it now was lost
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

    private void readState(final FileGroup group, final IndexItem item, final ByteBuffer body,
            final int bodyOffset, final long position) {
        final GroupState state = group.state;
        state.read(body, bodyOffset, item.first(), item.term());
        losses.resolveThrough(group, state.baseIndex, state.baseTerm);
        state.statePosition = position;
        group.entries.releaseBefore(state.epoch);
        group.entries.releaseAll(state.lastIndex + 1, Long.MAX_VALUE);
    }

    private void delete(final Segment segment, final int offset, final long id, final long deletedSeq) {
        segment.controlGroups.add(id);
        final FileGroup group = store.find(id);
        if (group != null) {
            group.entries.releaseAll(0, Long.MAX_VALUE);
            store.forget(id);
        }
        lastGroup = null;
        losses.forget(id);
        checkpoints.remove(id);
        store.recycler().deleted(id, Position.of(segment.seq, offset), deletedSeq);
    }

    private FileGroup group(final long id) {
        if (lastGroup == null || lastGroup.id.value() != id) {
            lastGroup = store.group(new GroupId(id));
        }
        return lastGroup;
    }
}
