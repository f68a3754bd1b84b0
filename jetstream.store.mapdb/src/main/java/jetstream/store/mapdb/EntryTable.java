package jetstream.store.mapdb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Places of one group's held entries, chunk by chunk, and what they count for. Owner: the shard thread.
 */
final class EntryTable {
    private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
    private final List<Chunk> dirty = new ArrayList<>();
    private Chunk last;
    private long liveBytes;
    private long heldBytes;
    private long heldEntries;

    /** The chunk of an index; null if it holds nothing. */
    Chunk find(final long index) {
        final long number = Chunk.numberOf(index);
        if (last == null || last.number != number) {
            last = chunks.get(number);
        }
        return last;
    }

    /** The first chunk that holds that index or a later one; null if there is none. */
    Chunk ceiling(final long index) {
        final Map.Entry<Long, Chunk> found = chunks.ceilingEntry(Chunk.numberOf(index));
        return found == null ? null : found.getValue();
    }

    Collection<Chunk> all() {
        return chunks.values();
    }

    /** The entry has its place; nothing is held at that index. */
    void place(final long index, final long record, final int length, final long term) {
        Chunk chunk = find(index);
        if (chunk == null) {
            chunk = new Chunk(Chunk.numberOf(index));
            chunks.put(chunk.number, chunk);
            last = chunk;
        }
        chunk.set(Chunk.slotOf(index), record, length, term);
        touch(chunk);
        count(length, length, 1);
    }

    /** Takes over a chunk that was read. */
    void recovered(final Chunk chunk) {
        chunks.put(chunk.number, chunk);
        for (int slot = 0; slot < Chunk.LENGTH; slot++) {
            if (chunk.isHeld(slot)) {
                count(chunk.lengths[slot], chunk.lengths[slot], 1);
            }
        }
    }

    /** Neither live nor history any more; the record is the caller's to delete. */
    void release(final Chunk chunk, final int slot) {
        count(chunk.isLive(slot) ? -chunk.lengths[slot] : 0, -chunk.lengths[slot], -1);
        chunk.remove(slot);
        touch(chunk);
        if (chunk.isEmpty()) {
            chunks.remove(chunk.number);
            last = null;
        }
    }

    /** Dead, but still history. */
    void markFreed(final Chunk chunk, final int slot) {
        if (chunk.isLive(slot)) {
            chunk.markFreed(slot);
            count(-chunk.lengths[slot], 0, 0);
        }
    }

    /** Chunks that changed since the last call; an empty one is no longer in the table. */
    List<Chunk> takeDirty() {
        final List<Chunk> taken = List.copyOf(dirty);
        dirty.clear();
        taken.forEach(chunk -> chunk.isDirty = false);
        return taken;
    }

    long liveBytes() {
        return liveBytes;
    }

    long heldBytes() {
        return heldBytes;
    }

    long heldEntries() {
        return heldEntries;
    }

    private void touch(final Chunk chunk) {
        if (!chunk.isDirty) {
            chunk.isDirty = true;
            dirty.add(chunk);
        }
    }

    private void count(final long live, final long held, final int entries) {
        liveBytes += live;
        heldBytes += held;
        heldEntries += entries;
    }
}
