package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;

/** A log on the heap for tests of the engine: one array per entry. Says which records were freed. */
final class HeapLog implements GroupLog {
    private final TreeMap<Long, ByteBuffer> entries = new TreeMap<>();
    private final BitSet freed = new BitSet();
    private long lastIndex;
    private long firstHistoryIndex = 1;

    @Override
    public void append(final EntryBatch batch) {
        int at = batch.offset();
        while (at < batch.limit()) {
            final int length = EntryLayout.entryLength(batch.buffer(), at);
            final byte[] copy = new byte[length];
            batch.buffer().get(at, copy);
            lastIndex = EntryLayout.index(batch.buffer(), at);
            entries.put(lastIndex, ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
            at += length;
        }
    }

    ByteBuffer bytes(final long index) {
        return entries.get(index);
    }

    boolean isFreed(final long index) {
        return freed.get((int) index);
    }

    /** Indexes of the records that were not freed. */
    List<Long> live() {
        return entries.keySet().stream().filter(index -> !isFreed(index)).toList();
    }

    @Override
    public boolean record(final long index, final EntryView into) {
        final ByteBuffer found = freed.get((int) index) ? null : entries.get(index);
        if (found != null) {
            into.wrap(found, 0);
        }
        return found != null;
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        freed.set((int) fromIndex, (int) throughIndex + 1);
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
    public long termAt(final long index) {
        return index == 0 ? 0 : 1;
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        throw new UnsupportedOperationException("the engine reads records only");
    }

    @Override
    public void truncateFrom(final long index) {
        entries.tailMap(index, true).clear();
        lastIndex = index - 1;
    }

    @Override
    public void discardHistory(final long throughIndex) {
        firstHistoryIndex = throughIndex + 1;
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        entries.clear();
        freed.clear();
        lastIndex = throughIndex;
        firstHistoryIndex = throughIndex + 1;
    }

    @Override
    public void restore(final EntryBatch records) {
        final long last = lastIndex;
        append(records);
        lastIndex = last;
    }

    @Override
    public long liveBytes() {
        long sum = 0;
        for (final var entry : entries.entrySet()) {
            sum += freed.get((int) (long) entry.getKey()) ? 0 : entry.getValue().capacity();
        }
        return sum;
    }
}
