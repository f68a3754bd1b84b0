package jetstream.store.file;

import java.util.function.LongConsumer;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryLayout;

/**
 * Places of one group's held entries, and what they count for in their segments: in chunks while the segment has no
 * index file, in runs afterwards. An index is held in one place at the most. Owner: the shard thread.
 */
final class GroupEntries {
    final long group;
    private final SegmentTable segments;
    private final StoreCounts counts;
    private final EntryIndex index;
    private final RunList runs = new RunList();
    private long liveBytes;
    private long position;
    private int length;
    private boolean isLive;
    /** A run may have lost its last entry. */
    private boolean hasEmptied;

    GroupEntries(final long group, final SegmentTable segments, final StoreCounts counts) {
        this.group = group;
        this.segments = segments;
        this.counts = counts;
        index = new EntryIndex(counts.chunks);
    }

    long liveBytes() {
        return liveBytes;
    }

    /** Looks for the entry at that index; if it is held, the three methods below tell of it. */
    boolean locate(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        final int slot = EntryIndex.slotOf(at);
        if (chunk != null && chunk.isHeld(slot)) {
            position = chunk.position(slot);
            length = chunk.length(slot);
            isLive = chunk.isLive(slot);
            return true;
        }
        final SealedRun run = runs.find(at);
        if (run == null) {
            return false;
        }
        final int row = run.heldRow(at);
        position = Position.of(run.segment.seq, run.offset(row));
        length = run.length(row);
        isLive = run.isLive(row);
        return true;
    }

    long position() {
        return position;
    }

    int length() {
        return length;
    }

    boolean isLive() {
        return isLive;
    }

    /** Pieces of index in memory. */
    int chunkCount() {
        return index.count();
    }

    boolean isHeld(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        return chunk != null && chunk.isHeld(EntryIndex.slotOf(at)) || runs.find(at) != null;
    }

    /** Whether the entry at that index is held, and stands before that position or nobody knows where. */
    boolean mayStandBefore(final long at, final long before) {
        final EntryIndex.Chunk chunk = index.find(at);
        final int slot = EntryIndex.slotOf(at);
        if (chunk != null && chunk.isHeld(slot)) {
            return chunk.position(slot) < before;
        }
        final SealedRun run = runs.find(at);
        if (run == null) {
            return false;
        }
        final long seq = Position.segmentSeq(before);
        return run.segment.seq < seq || run.segment.seq == seq
                && (!run.isReadable() || run.offset(run.heldRow(at)) < Position.offset(before));
    }

    /** Whether the entry at that index is held, and stands in that segment. */
    boolean isHeldIn(final Segment segment, final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        if (chunk != null && chunk.isHeld(EntryIndex.slotOf(at))) {
            return Position.segmentSeq(chunk.position(EntryIndex.slotOf(at))) == segment.seq;
        }
        final SealedRun run = runs.find(at);
        return run != null && run.segment == segment;
    }

    /** Indexes of entries whose places are in memory and touch those offsets of that segment. */
    void eachInMemory(final Segment segment, final int from, final int through, final LongConsumer action) {
        for (EntryIndex.Chunk chunk = index.ceiling(0); chunk != null;
                chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH)) {
            for (int slot = 0; slot < EntryIndex.CHUNK_LENGTH; slot++) {
                final long there = chunk.position(slot);
                if (there != 0 && Position.segmentSeq(there) == segment.seq && Position.offset(there) < through
                        && Position.offset(there) + chunk.length(slot) > from) {
                    action.accept(chunk.firstIndex() + slot);
                }
            }
        }
    }

    /** Whether an entry that is held in a run was freed. */
    boolean isFreed(final long at) {
        final SealedRun run = runs.find(at);
        return run != null && !run.isLive(run.heldRow(at));
    }

    /** Position of the entry at that index; 0 if it is not held, or its place is known from an index file only. */
    long positionInMemory(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        return chunk == null ? 0 : chunk.position(EntryIndex.slotOf(at));
    }

    /** Term of the entry at that index, which was written; -1 if it is not held, or can not be read. */
    long termAt(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        if (chunk != null && chunk.isHeld(EntryIndex.slotOf(at))) {
            final long there = chunk.position(EntryIndex.slotOf(at));
            final Window window = segments.get(Position.segmentSeq(there)).intactHeader(Position.offset(there));
            return window == null ? -1 : EntryLayout.term(window.bytes(), window.at(Position.offset(there)));
        }
        final SealedRun run = runs.find(at);
        return run == null ? -1 : run.term;
    }

    /** An index not below the given one, which is held, through which all are held and have its term. */
    long uniformThrough(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        if (chunk != null && chunk.isHeld(EntryIndex.slotOf(at))) {
            return at;
        }
        final SealedRun run = runs.find(at);
        return run == null ? at : run.heldThrough(at);
    }

    /** The entry at that index lies there now; a place it had before is given up. */
    void place(final long at, final long newPosition, final int newLength) {
        release(at);
        final Segment segment = segments.get(Position.segmentSeq(newPosition));
        Invariant.check(segment != null, "entry in a segment that is not in use", newPosition);
        segment.heldEntries++;
        segment.heldBytes += newLength;
        index.findOrMake(at).set(EntryIndex.slotOf(at), newPosition, newLength);
        countLive(newLength);
    }

    /** All entries of a run of an indexed segment lie there now. */
    SealedRun placeRun(final Segment segment, final IndexItem item) {
        final SealedRun run = new SealedRun(segment, this, item);
        if (item.isDense()) {
            releaseAll(item.first(), item.last());
        } else if (isAnyWithin(item.first(), item.last()) && run.isReadable()) {
            for (int row = 0; row < item.count(); row++) {
                release(run.index(row));
            }
        }
        run.holdAll();
        segment.heldEntries += item.count();
        segment.heldBytes += item.bytes();
        runs.add(run);
        countLive(item.bytes());
        return run;
    }

    /** A held entry of a run was copied to that position. */
    void move(final SealedRun run, final int row, final long newPosition) {
        final long at = run.index(row);
        final int bytes = run.length(row);
        final boolean isFreed = !run.isLive(row);
        release(run, row);
        sweep();
        place(at, newPosition, bytes);
        if (isFreed) {
            index.find(at).markFreed(EntryIndex.slotOf(at));
            countLive(-bytes);
        }
    }

    /** A run of a segment whose index was just made: what the chunks say of it is taken over row by row. */
    SealedRun beginRun(final Segment segment, final IndexItem item) {
        final SealedRun run = new SealedRun(segment, this, item);
        run.holdNone();
        runs.add(run);
        return run;
    }

    /** Takes one row over from the chunks, if they have it there. */
    void adopt(final SealedRun run, final int row) {
        final long at = run.index(row);
        final EntryIndex.Chunk chunk = index.find(at);
        final int slot = EntryIndex.slotOf(at);
        if (chunk != null && chunk.isHeld(slot)
                && chunk.position(slot) == Position.of(run.segment.seq, run.offset(row))) {
            run.hold(row, !chunk.isLive(slot));
            index.remove(chunk, slot);
        }
    }

    /** The run is complete. */
    void endRun(final SealedRun run) {
        run.settle();
        hasEmptied |= run.isEmpty();
        sweep();
    }

    /** Neither live nor history any more. */
    void release(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        if (chunk != null && chunk.isHeld(EntryIndex.slotOf(at))) {
            release(chunk, EntryIndex.slotOf(at));
            return;
        }
        final SealedRun run = runs.find(at);
        if (run != null) {
            release(run, run.heldRow(at));
            sweep();
        }
    }

    /** All held entries of a range, both ends inclusive. */
    void releaseAll(final long from, final long through) {
        EntryIndex.Chunk chunk = index.ceiling(from);
        while (chunk != null && chunk.firstIndex() <= through) {
            final int last = lastSlot(chunk, through);
            for (int slot = firstSlot(chunk, from); slot <= last; slot++) {
                release(chunk, slot);
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
        for (int at = runs.firstReaching(from); at < runs.count() && runs.get(at).first <= through; at++) {
            final SealedRun run = runs.get(at);
            if (run.first >= from && run.last <= through) {
                releaseWhole(run);
            } else {
                releaseRows(run, from, through, false);
            }
        }
        sweep();
    }

    /** Those of a range that are not live, both ends inclusive. */
    void releaseFreed(final long from, final long through) {
        EntryIndex.Chunk chunk = index.ceiling(from);
        while (chunk != null && chunk.firstIndex() <= through) {
            final int last = lastSlot(chunk, through);
            for (int slot = firstSlot(chunk, from); slot <= last; slot++) {
                if (!chunk.isLive(slot)) {
                    release(chunk, slot);
                }
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
        for (int at = runs.firstReaching(from); at < runs.count() && runs.get(at).first <= through; at++) {
            final SealedRun run = runs.get(at);
            if (run.liveBytes() == 0 && run.first >= from && run.last <= through) {
                releaseWhole(run);
            } else if (run.liveBytes() < run.heldBytes()) {
                releaseRows(run, from, through, true);
            }
        }
        sweep();
    }

    /** Those that lie before that position in the log. */
    void releaseBefore(final long before) {
        EntryIndex.Chunk chunk = index.ceiling(0);
        while (chunk != null) {
            for (int slot = 0; slot < EntryIndex.CHUNK_LENGTH; slot++) {
                if (chunk.position(slot) < before) {
                    release(chunk, slot);
                }
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
        for (int at = 0; at < runs.count(); at++) {
            releaseBefore(runs.get(at), before);
        }
        sweep();
    }

    /** Marks live entries of a range dead, both ends inclusive; those at or before the base are given up. */
    void free(final long from, final long through, final long baseIndex) {
        EntryIndex.Chunk chunk = index.ceiling(Math.max(from, 0));
        while (chunk != null && chunk.firstIndex() <= through) {
            final int last = lastSlot(chunk, through);
            for (int slot = firstSlot(chunk, from); slot <= last; slot++) {
                if (chunk.firstIndex() + slot <= baseIndex) {
                    release(chunk, slot);
                } else if (chunk.isLive(slot)) {
                    chunk.markFreed(slot);
                    countLive(-chunk.length(slot));
                }
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
        for (int at = runs.firstReaching(from); at < runs.count() && runs.get(at).first <= through; at++) {
            free(runs.get(at), from, through, baseIndex);
        }
        sweep();
    }

    private void free(final SealedRun run, final long from, final long through, final long baseIndex) {
        if (run.first >= from && run.last <= Math.min(through, baseIndex)) {
            releaseWhole(run);
            return;
        }
        for (int row = run.firstRow(from); row < run.count(); row++) {
            final long at = run.index(row);
            if (at > through) {
                return;
            }
            if (run.isHeld(row) && at <= baseIndex) {
                release(run, row);
            } else if (run.isHeld(row) && run.isLive(row)) {
                countLive(-run.length(row));
                run.free(row);
            }
        }
    }

    private void releaseBefore(final SealedRun run, final long before) {
        if (run.segment.seq < Position.segmentSeq(before)) {
            releaseWhole(run);
        } else if (run.segment.seq == Position.segmentSeq(before) && run.isReadable()) {
            for (int row = 0; row < run.count(); row++) {
                if (run.isHeld(row) && run.offset(row) < Position.offset(before)) {
                    release(run, row);
                }
            }
        }
    }

    private void releaseRows(final SealedRun run, final long from, final long through, final boolean onlyFreed) {
        for (int row = run.firstRow(from); row < run.count() && run.index(row) <= through; row++) {
            if (run.isHeld(row) && !(onlyFreed && run.isLive(row))) {
                release(run, row);
            }
        }
    }

    private void release(final SealedRun run, final int row) {
        final int bytes = run.length(row);
        if (run.isLive(row)) {
            countLive(-bytes);
        }
        run.release(row);
        hasEmptied |= run.isEmpty();
        released(run.segment, 1, bytes);
    }

    private void releaseWhole(final SealedRun run) {
        countLive(-run.liveBytes());
        released(run.segment, run.held(), run.heldBytes());
        run.releaseRest();
        hasEmptied = true;
    }

    private void sweep() {
        if (hasEmptied) {
            runs.removeEmpty();
            hasEmptied = false;
        }
    }

    private boolean isAnyWithin(final long from, final long through) {
        final EntryIndex.Chunk chunk = index.ceiling(from);
        final int at = runs.firstReaching(from);
        return chunk != null && chunk.firstIndex() <= through || at < runs.count() && runs.get(at).first <= through;
    }

    private static int firstSlot(final EntryIndex.Chunk chunk, final long from) {
        return (int) Math.max(0, from - chunk.firstIndex());
    }

    private static int lastSlot(final EntryIndex.Chunk chunk, final long through) {
        return (int) Math.min(EntryIndex.CHUNK_LENGTH - 1L, through - chunk.firstIndex());
    }

    private void release(final EntryIndex.Chunk chunk, final int slot) {
        if (!chunk.isHeld(slot)) {
            return;
        }
        final int bytes = chunk.length(slot);
        if (chunk.isLive(slot)) {
            countLive(-bytes);
        }
        released(segments.get(Position.segmentSeq(chunk.position(slot))), 1, bytes);
        index.remove(chunk, slot);
    }

    private void released(final Segment segment, final int entries, final long bytes) {
        segment.heldEntries -= entries;
        segment.heldBytes -= bytes;
        counts.released(segment);
    }

    private void countLive(final long bytes) {
        liveBytes += bytes;
        counts.lives(bytes);
    }
}
