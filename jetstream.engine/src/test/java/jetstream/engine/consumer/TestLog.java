package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;

/**
 * A log on the heap whose records can be read one at a time: a view that was handed out is overwritten by the next
 * read, as a store may do that reads into one buffer.
 */
final class TestLog implements GroupLog {
    private final List<byte[]> entries = new ArrayList<>();
    private final ByteBuffer window = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void append(final EntryBatch batch) {
        int at = batch.offset();
        while (at < batch.limit()) {
            final byte[] copy = new byte[EntryLayout.entryLength(batch.buffer(), at)];
            batch.buffer().get(at, copy);
            entries.add(copy);
            at += copy.length;
        }
    }

    @Override
    public boolean record(final long index, final EntryView into) {
        final byte[] entry = entries.get((int) index - 1);
        for (int i = 0; i < window.capacity(); i++) {
            window.put(i, (byte) -1);
        }
        window.put(0, entry);
        into.wrap(window, 0);
        return true;
    }

    @Override
    public long lastIndex() {
        return entries.size();
    }

    @Override
    public long firstHistoryIndex() {
        return 1;
    }

    @Override
    public long termAt(final long index) {
        return 1;
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        // Everything is kept.
    }

    @Override
    public long liveBytes() {
        return 0;
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        throw new UnsupportedOperationException("records only");
    }

    @Override
    public void truncateFrom(final long index) {
        throw new UnsupportedOperationException("records only");
    }

    @Override
    public void discardHistory(final long throughIndex) {
        throw new UnsupportedOperationException("records only");
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        throw new UnsupportedOperationException("records only");
    }

    @Override
    public void restore(final EntryBatch records) {
        throw new UnsupportedOperationException("records only");
    }
}
