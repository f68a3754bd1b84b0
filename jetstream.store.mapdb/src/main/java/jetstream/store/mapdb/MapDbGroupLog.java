package jetstream.store.mapdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;

/**
 * One group's log. An entry is <em>live</em> until it is freed or truncated, and held as long as it is live or in the
 * history. Owner: the shard thread.
 */
final class MapDbGroupLog implements GroupLog {
    private final MapDbStore store;
    private final GroupState state;
    private final EntryTable entries;

    MapDbGroupLog(final MapDbStore store, final GroupState state, final EntryTable entries) {
        this.store = store;
        this.state = state;
        this.entries = entries;
    }

    @Override
    public long firstHistoryIndex() {
        return state.baseIndex + 1;
    }

    @Override
    public long lastIndex() {
        return state.lastIndex;
    }

    @Override
    public long termAt(final long index) {
        Invariant.check(index >= state.baseIndex && index <= state.lastIndex, "term of an index outside the history",
                index, state.lastIndex);
        return index == state.baseIndex ? state.baseTerm : entries.find(index).terms[Chunk.slotOf(index)];
    }

    @Override
    public void append(final EntryBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        Invariant.check(batch.firstIndex() == state.lastIndex + 1, "append leaves a gap", batch.firstIndex(),
                state.lastIndex);
        synchronized (store) {
            store.checkRoom(batch.length(), state.id);
            final ByteBuffer source = batch.buffer();
            for (int at = batch.offset(); at < batch.limit(); at += EntryLayout.entryLength(source, at)) {
                final long index = EntryLayout.index(source, at);
                Invariant.check(index == state.lastIndex + 1, "append leaves a gap", index, state.lastIndex);
                put(index, source, at);
                state.lastIndex = index;
            }
            store.changed(state);
        }
    }

    @Override
    public void restore(final EntryBatch records) {
        if (records.isEmpty()) {
            return;
        }
        synchronized (store) {
            store.checkRoom(records.length(), state.id);
            final ByteBuffer source = records.buffer();
            for (int at = records.offset(); at < records.limit(); at += EntryLayout.entryLength(source, at)) {
                final long index = EntryLayout.index(source, at);
                Invariant.check(index <= state.lastIndex, "restored record beyond the log", index, state.lastIndex);
                final boolean isFreed = isFreed(index);
                release(index);
                put(index, source, at);
                if (isFreed) {
                    free(entries.find(index), index);
                }
            }
            store.changed(state);
        }
    }

    /** Dead, and only held as history: a repair does not bring it back to life. */
    private boolean isFreed(final long index) {
        final Chunk chunk = entries.find(index);
        return chunk != null && chunk.isHeld(Chunk.slotOf(index)) && !chunk.isLive(Chunk.slotOf(index));
    }

    private void put(final long index, final ByteBuffer source, final int offset) {
        Invariant.check(EntryLayout.group(source, offset) == state.id.value(), "entry of another group",
                EntryLayout.group(source, offset), state.id.value());
        final int length = EntryLayout.entryLength(source, offset);
        final byte[] bytes = Database.arrayFor(length);
        source.get(offset, bytes, 0, length);
        final long record = store.change(database -> database.put(bytes));
        entries.place(index, record, length, EntryLayout.term(source, offset));
        store.holds(length);
        store.lives(length);
    }

    @Override
    public void truncateFrom(final long index) {
        Invariant.check(index > state.baseIndex, "truncation of discarded history", index, state.baseIndex);
        if (index > state.lastIndex) {
            return;
        }
        synchronized (store) {
            store.checkHealth();
            for (long at = state.lastIndex; at >= index; at--) {
                release(at);
            }
            state.lastIndex = index - 1;
            store.changed(state);
        }
    }

    @Override
    public void discardHistory(final long throughIndex) {
        Invariant.check(throughIndex <= state.lastIndex, "discard beyond the log", throughIndex, state.lastIndex);
        if (throughIndex <= state.baseIndex) {
            return;
        }
        synchronized (store) {
            store.checkHealth();
            final long term = termAt(throughIndex);
            for (long at = state.baseIndex + 1; at <= throughIndex; at++) {
                final Chunk chunk = entries.find(at);
                if (chunk != null && !chunk.isLive(Chunk.slotOf(at))) {
                    release(at);
                }
            }
            state.baseIndex = throughIndex;
            state.baseTerm = term;
            store.changed(state);
        }
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        final long through = Math.min(throughIndex, state.lastIndex);
        long at = Math.max(fromIndex, 1);
        synchronized (store) {
            for (Chunk chunk = entries.ceiling(at); chunk != null && at <= through; chunk = entries.ceiling(at)) {
                final long end = Math.min(through, chunk.firstIndex() + Chunk.LENGTH - 1);
                for (at = Math.max(at, chunk.firstIndex()); at <= end; at++) {
                    free(chunk, at);
                }
                at = chunk.firstIndex() + Chunk.LENGTH;
            }
        }
    }

    private void free(final Chunk chunk, final long index) {
        final int slot = Chunk.slotOf(index);
        if (!chunk.isLive(slot)) {
            return;
        }
        if (index <= state.baseIndex) {
            store.checkHealth();
            release(index);
            store.changed(state);
        } else {
            entries.markFreed(chunk, slot);
            store.lives(-chunk.lengths[slot]);
        }
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        synchronized (store) {
            store.checkHealth();
            releaseAll();
            state.baseIndex = throughIndex;
            state.baseTerm = throughTerm;
            state.lastIndex = throughIndex;
            store.changed(state);
        }
    }

    /** Gives up all entries. */
    void releaseAll() {
        for (Chunk chunk = entries.ceiling(0); chunk != null; chunk = entries.ceiling(0)) {
            for (int slot = 0; slot < Chunk.LENGTH; slot++) {
                release(chunk.firstIndex() + slot);
            }
        }
    }

    private void release(final long index) {
        final Chunk chunk = entries.find(index);
        final int slot = Chunk.slotOf(index);
        if (chunk == null || !chunk.isHeld(slot)) {
            return;
        }
        final long record = chunk.records[slot];
        if (record != Chunk.LOST) {
            store.change(database -> {
                database.delete(record);
                return 0L;
            });
        }
        store.holds(-chunk.lengths[slot]);
        store.lives(chunk.isLive(slot) ? -chunk.lengths[slot] : 0);
        entries.release(chunk, slot);
    }

    @Override
    public long liveBytes() {
        return entries.liveBytes();
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        Invariant.check(fromIndex > state.baseIndex && fromIndex <= state.lastIndex + 1, "read outside the history",
                fromIndex, state.lastIndex);
        into.clear();
        synchronized (store) {
            for (long index = fromIndex; index <= state.lastIndex; index++) {
                final int length = entries.find(index).lengths[Chunk.slotOf(index)];
                if (!into.isEmpty() && into.length() + length > limitBytes || !appendTo(into, index, length)) {
                    break;
                }
            }
        }
        return into.count();
    }

    /** Damage that is not at the first entry ends the batch before it: false. */
    private boolean appendTo(final EntryBatch into, final long index, final int length) {
        try {
            into.append(bytes(index), 0, length);
            return true;
        } catch (final StoreException.Corrupt e) {
            if (into.isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public boolean record(final long index, final EntryView into) {
        final Chunk chunk = entries.find(index);
        if (chunk == null || !chunk.isLive(Chunk.slotOf(index))) {
            return false;
        }
        synchronized (store) {
            into.wrap(bytes(index), 0);
        }
        return true;
    }

    /** The entry's bytes, checked. */
    ByteBuffer bytes(final long index) {
        final Chunk chunk = entries.find(index);
        final int slot = Chunk.slotOf(index);
        final long record = chunk.records[slot];
        if (record == Chunk.LOST) {
            throw corrupt(index, "it was damaged and could not be saved when the store was opened");
        }
        final byte[] bytes;
        try {
            bytes = store.read(record);
        } catch (final PageDamaged e) {
            throw corrupt(index, e.getMessage());
        }
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        final String damage = damageOf(buffer, state.id, index, chunk.lengths[slot]);
        if (damage != null) {
            throw corrupt(index, "record " + record + ": " + damage);
        }
        return buffer;
    }

    /** Null if the buffer, which is made little endian, starts with that entry, else what is wrong. */
    static String damageOf(final ByteBuffer buffer, final GroupId group, final long index, final int length) {
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        if (!EntryLayout.isHeaderIntact(buffer, 0, buffer.capacity())) {
            return "the checksum of the entry's header differs";
        }
        if (EntryLayout.index(buffer, 0) != index || EntryLayout.group(buffer, 0) != group.value()
                || EntryLayout.entryLength(buffer, 0) != length || length > buffer.capacity()) {
            return "it holds another entry";
        }
        return EntryLayout.isBodyIntact(buffer, 0) ? null : "the checksum of the entry's body differs";
    }

    private StoreException.Corrupt corrupt(final long index, final String what) {
        return new StoreException.Corrupt("group " + state.id + ": index " + index + ": " + what);
    }
}
