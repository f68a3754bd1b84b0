package jetstream.testkit.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;

/** The log of one group in a {@link SimulatedStore}. */
final class SimulatedLog implements GroupLog {
    private final SimulatedStore store;
    private final GroupId group;
    private final ArrayList<ByteBuffer> history = new ArrayList<>();
    private final TreeMap<Long, ByteBuffer> live = new TreeMap<>();
    private final Set<Long> damaged = new TreeSet<>();
    private long firstHistoryIndex = 1;
    private long termBefore;

    SimulatedLog(final SimulatedStore store, final GroupId group) {
        this.store = store;
        this.group = group;
    }

    @Override
    public void append(final EntryBatch batch) {
        Invariant.check(batch.firstIndex() == lastIndex() + 1, "append leaves a gap", batch.firstIndex(), lastIndex());
        store.change(new StoreChange.Appended(group, copies(batch)));
    }

    @Override
    public void truncateFrom(final long index) {
        Invariant.check(index >= firstHistoryIndex && index <= lastIndex(), "truncated outside the history", index,
                lastIndex());
        store.change(new StoreChange.Truncated(group, index));
    }

    @Override
    public void discardHistory(final long throughIndex) {
        Invariant.check(throughIndex <= lastIndex(), "discarded beyond the log", throughIndex, lastIndex());
        store.change(new StoreChange.HistoryDiscarded(group, throughIndex));
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        live.subMap(fromIndex, true, throughIndex, true).clear();
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        store.change(new StoreChange.Reset(group, throughIndex, throughTerm));
    }

    @Override
    public void restore(final EntryBatch records) {
        store.change(new StoreChange.Restored(group, copies(records)));
    }

    @Override
    public long liveBytes() {
        return live.values().stream().mapToLong(ByteBuffer::limit).sum();
    }

    @Override
    public long firstHistoryIndex() {
        return firstHistoryIndex;
    }

    @Override
    public long lastIndex() {
        return firstHistoryIndex + history.size() - 1;
    }

    @Override
    public long termAt(final long index) {
        if (index == firstHistoryIndex - 1) {
            return termBefore;
        }
        Invariant.check(index >= firstHistoryIndex && index <= lastIndex(), "term outside the history", index,
                lastIndex());
        return EntryLayout.term(entry(index), 0);
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        Invariant.check(fromIndex >= firstHistoryIndex && fromIndex <= lastIndex() + 1, "read outside the history",
                fromIndex);
        into.clear();
        for (long index = fromIndex; index <= lastIndex(); index++) {
            final ByteBuffer entry = entry(index);
            if (index > fromIndex && damaged.contains(index)) {
                break;
            }
            check(index);
            if (index > fromIndex && into.length() + entry.limit() > limitBytes) {
                break;
            }
            into.append(entry, 0, entry.limit());
        }
        return into.count();
    }

    @Override
    public boolean record(final long index, final EntryView into) {
        final ByteBuffer entry = live.get(index);
        if (entry == null) {
            return false;
        }
        check(index);
        into.wrap(entry, 0);
        return true;
    }

    private void check(final long index) {
        if (damaged.contains(index)) {
            throw new StoreException.Corrupt("group " + group + ": checksum fails at index " + index);
        }
    }

    void doDamage(final long index) {
        damaged.add(index);
    }

    void doAppend(final List<ByteBuffer> entries) {
        for (final ByteBuffer entry : entries) {
            Invariant.check(EntryLayout.index(entry, 0) == lastIndex() + 1, "log with a gap", lastIndex());
            history.add(entry);
            live.put(lastIndex(), entry);
        }
    }

    void doTruncate(final long index) {
        history.subList((int) (index - firstHistoryIndex), history.size()).clear();
        live.tailMap(index, true).clear();
        damaged.removeIf(at -> at >= index);
    }

    void doDiscard(final long throughIndex) {
        if (throughIndex >= firstHistoryIndex) {
            termBefore = termAt(throughIndex);
            history.subList(0, (int) (throughIndex - firstHistoryIndex + 1)).clear();
            firstHistoryIndex = throughIndex + 1;
        }
    }

    void doReset(final long index, final long term) {
        history.clear();
        live.clear();
        damaged.clear();
        firstHistoryIndex = index + 1;
        termBefore = term;
    }

    void doRestore(final List<ByteBuffer> entries) {
        for (final ByteBuffer entry : entries) {
            final long index = EntryLayout.index(entry, 0);
            final boolean repairs = damaged.remove(index);
            Invariant.check(repairs || index < firstHistoryIndex, "restored into the history", index,
                    firstHistoryIndex);
            final Map.Entry<Long, ByteBuffer> last = live.lowerEntry(firstHistoryIndex);
            Invariant.check(repairs || last == null || last.getKey() < index, "restored out of order", index);
            if (index >= firstHistoryIndex) {
                history.set((int) (index - firstHistoryIndex), entry);
            }
            live.put(index, entry);
        }
    }

    private ByteBuffer entry(final long index) {
        return history.get((int) (index - firstHistoryIndex));
    }

    private static List<ByteBuffer> copies(final EntryBatch batch) {
        final List<ByteBuffer> entries = new ArrayList<>(batch.count());
        int at = batch.offset();
        for (int i = 0; i < batch.count(); i++) {
            final int length = EntryLayout.entryLength(batch.buffer(), at);
            final ByteBuffer entry = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            entry.put(0, batch.buffer(), at, length);
            entries.add(entry);
            at += length;
        }
        return entries;
    }
}
