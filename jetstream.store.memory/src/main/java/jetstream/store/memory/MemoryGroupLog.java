package jetstream.store.memory;

import java.nio.ByteBuffer;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;

/**
 * One group's log in slabs. An entry is <em>live</em> until it is freed or truncated, and <em>held</em> as long as it
 * is live or in the history; a slab goes with its last held entry. Slabs grow with the group, so that an idle group
 * costs one small slab. Owner: the shard thread.
 */
final class MemoryGroupLog implements GroupLog {
    private static final int FIRST_SLAB_BYTES = 2 << 10;
    private static final int LARGEST_SLAB_BYTES = 256 << 10;

    private final MemoryStore store;
    private final GroupId group;
    private final TermRuns terms = new TermRuns();
    private EntryIndex index = new EntryIndex();
    private Slab slab;
    private int nextSlabBytes = FIRST_SLAB_BYTES;
    private long firstHistoryIndex = 1;
    private long lastIndex;
    private long liveBytes;

    MemoryGroupLog(final MemoryStore store, final GroupId group) {
        this.store = store;
        this.group = group;
        terms.reset(0, 0);
    }

    @Override
    public long firstHistoryIndex() {
        return firstHistoryIndex;
    }

    @Override
    public long lastIndex() {
        return lastIndex;
    }

    @Override
    public long termAt(final long at) {
        Invariant.check(at >= firstHistoryIndex - 1 && at <= lastIndex, "term of an index outside the history", at,
                lastIndex);
        return terms.termAt(at);
    }

    @Override
    public void append(final EntryBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        store.checkOpen();
        Invariant.check(batch.firstIndex() == lastIndex + 1, "append leaves a gap", batch.firstIndex(), lastIndex);
        store.checkRoom(roomWanted(batch), group);
        final ByteBuffer source = batch.buffer();
        for (int at = batch.offset(); at < batch.limit(); at += EntryLayout.entryLength(source, at)) {
            final long next = EntryLayout.index(source, at);
            Invariant.check(next == lastIndex + 1, "append leaves a gap", next, lastIndex);
            place(source, at, next);
            lastIndex = next;
            terms.add(next, EntryLayout.term(source, at));
        }
        store.changed();
    }

    @Override
    public void restore(final EntryBatch records) {
        if (records.isEmpty()) {
            return;
        }
        store.checkOpen();
        store.checkRoom(roomWanted(records), group);
        final ByteBuffer source = records.buffer();
        for (int offset = records.offset(); offset < records.limit();
                offset += EntryLayout.entryLength(source, offset)) {
            final long at = EntryLayout.index(source, offset);
            Invariant.check(at <= lastIndex, "restored record beyond the log", at, lastIndex);
            release(at);
            place(source, offset, at);
        }
        store.changed();
    }

    @Override
    public void truncateFrom(final long from) {
        Invariant.check(from >= firstHistoryIndex, "truncation of discarded history", from, firstHistoryIndex);
        if (from > lastIndex) {
            return;
        }
        for (long at = lastIndex; at >= from; at--) {
            release(at);
        }
        lastIndex = from - 1;
        terms.truncateFrom(from);
        store.changed();
    }

    @Override
    public void discardHistory(final long throughIndex) {
        Invariant.check(throughIndex <= lastIndex, "discard beyond the log", throughIndex, lastIndex);
        if (throughIndex < firstHistoryIndex) {
            return;
        }
        for (long at = firstHistoryIndex; at <= throughIndex; at++) {
            final EntryIndex.Chunk chunk = index.find(at);
            if (chunk != null && chunk.isFreed(EntryIndex.slotOf(at))) {
                release(at);
            }
        }
        firstHistoryIndex = throughIndex + 1;
        terms.discardBefore(throughIndex);
        store.changed();
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        long at = Math.max(fromIndex, 1);
        final long end = Math.min(throughIndex, lastIndex);
        while (at <= end) {
            final EntryIndex.Chunk chunk = index.ceiling(at);
            if (chunk == null) {
                return;
            }
            final long first = chunk.number << EntryIndex.CHUNK_SHIFT;
            final long last = Math.min(end, first + EntryIndex.CHUNK_LENGTH - 1);
            for (at = Math.max(at, first); at <= last; at++) {
                freeOne(chunk, at);
            }
        }
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        dropEntries();
        firstHistoryIndex = throughIndex + 1;
        lastIndex = throughIndex;
        terms.reset(throughIndex, throughTerm);
        store.changed();
    }

    @Override
    public long liveBytes() {
        return liveBytes;
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        Invariant.check(fromIndex >= firstHistoryIndex && fromIndex <= lastIndex + 1, "read outside the history",
                fromIndex, lastIndex);
        into.clear();
        for (long at = fromIndex; at <= lastIndex; at++) {
            final EntryIndex.Chunk chunk = index.find(at);
            final int slot = EntryIndex.slotOf(at);
            final ByteBuffer source = chunk.slabs[slot].buffer;
            final int offset = chunk.offsets[slot];
            final int length = EntryLayout.entryLength(source, offset);
            if (!into.isEmpty() && into.length() + length > limitBytes) {
                break;
            }
            into.append(source, offset, length);
        }
        return into.count();
    }

    @Override
    public boolean record(final long at, final EntryView into) {
        final EntryIndex.Chunk chunk = index.find(at);
        final int slot = EntryIndex.slotOf(at);
        if (chunk == null || chunk.slabs[slot] == null || chunk.isFreed(slot)) {
            return false;
        }
        into.wrap(chunk.slabs[slot].buffer, chunk.offsets[slot]);
        return true;
    }

    /** The group is gone: gives its memory back. */
    void drop() {
        dropEntries();
        firstHistoryIndex = lastIndex + 1;
    }

    private void dropEntries() {
        for (EntryIndex.Chunk chunk = index.ceiling(0); chunk != null; chunk = index.ceiling(0)) {
            final long first = chunk.number << EntryIndex.CHUNK_SHIFT;
            for (int slot = 0; slot < EntryIndex.CHUNK_LENGTH; slot++) {
                release(first + slot);
            }
        }
        index = new EntryIndex();
        if (slab != null) {
            store.took(-slab.buffer.capacity());
            slab = null;
        }
        nextSlabBytes = FIRST_SLAB_BYTES;
    }

    private void place(final ByteBuffer source, final int offset, final long at) {
        Invariant.check(EntryLayout.group(source, offset) == group.value(), "entry of another group",
                EntryLayout.group(source, offset), group.value());
        final int length = EntryLayout.entryLength(source, offset);
        if (slab == null || slab.remaining() < length) {
            startSlab(length);
        }
        slab.buffer.put(slab.tail, source, offset, length);
        final EntryIndex.Chunk chunk = index.findOrMake(at);
        final int slot = EntryIndex.slotOf(at);
        chunk.slabs[slot] = slab;
        chunk.offsets[slot] = slab.tail;
        chunk.markFreed(slot, false);
        chunk.held++;
        slab.heldEntries++;
        slab.tail += length;
        countLive(length);
    }

    private void startSlab(final int entryLength) {
        final Slab full = slab;
        slab = new Slab(Math.max(nextSlabBytes, entryLength));
        store.took(slab.buffer.capacity());
        nextSlabBytes = Math.min(nextSlabBytes * 2, LARGEST_SLAB_BYTES);
        if (full != null && full.heldEntries == 0) {
            store.took(-full.buffer.capacity());
        }
    }

    /** What an append may have to take at the most: its entries in new slabs, and the unused end of the last one. */
    private long roomWanted(final EntryBatch batch) {
        final int remaining = slab == null ? 0 : slab.remaining();
        return batch.length() <= remaining ? 0 : (long) batch.length() + nextSlabBytes;
    }

    private void freeOne(final EntryIndex.Chunk chunk, final long at) {
        final int slot = EntryIndex.slotOf(at);
        if (chunk.slabs[slot] == null || chunk.isFreed(slot)) {
            return;
        }
        if (at < firstHistoryIndex) {
            release(at);
        } else {
            chunk.markFreed(slot, true);
            countLive(-EntryLayout.entryLength(chunk.slabs[slot].buffer, chunk.offsets[slot]));
        }
    }

    /** Neither live nor history any more, or replaced. */
    private void release(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        final int slot = EntryIndex.slotOf(at);
        if (chunk == null || chunk.slabs[slot] == null) {
            return;
        }
        final Slab from = chunk.slabs[slot];
        if (!chunk.isFreed(slot)) {
            countLive(-EntryLayout.entryLength(from.buffer, chunk.offsets[slot]));
        }
        chunk.slabs[slot] = null;
        if (--from.heldEntries == 0 && from != slab) {
            store.took(-from.buffer.capacity());
        }
        if (--chunk.held == 0) {
            index.remove(chunk);
        }
    }

    private void countLive(final long bytes) {
        liveBytes += bytes;
        store.lives(bytes);
    }
}
