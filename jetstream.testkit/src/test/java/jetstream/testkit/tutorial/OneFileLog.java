package jetstream.testkit.tutorial;

import java.util.Map;
import java.util.TreeMap;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;

/**
 * One group's log: which entries are where in the file. Each change comes twice: as a call of the SPI, which writes a
 * record, and as what the record does, which opening the file does again. Owner: the shard thread.
 */
final class OneFileLog implements GroupLog {
    private record Place(long position, int length, long term, boolean isLive) {
    }

    private final OneFileStore store;
    private final GroupId group;
    private final TreeMap<Long, Place> places = new TreeMap<>();
    private long base;
    private long baseTerm;
    private long last;
    private long liveBytes;

    OneFileLog(final OneFileStore store, final GroupId group) {
        this.store = store;
        this.group = group;
    }

    // ---- what records do

    void appended(final long index, final long term, final long position, final int length) {
        place(index, new Place(position, length, term, true));
        last = index;
    }

    void restored(final long index, final long term, final long position, final int length) {
        place(index, new Place(position, length, term, true));
    }

    void truncated(final long index) {
        places.tailMap(index, true).keySet().stream().toList().forEach(this::remove);
        last = index - 1;
    }

    void discarded(final long throughIndex) {
        baseTerm = termAt(throughIndex);
        base = throughIndex;
        places.headMap(base, true).entrySet().stream().filter(entry -> !entry.getValue().isLive)
                .map(Map.Entry::getKey).toList().forEach(this::remove);
    }

    void wasReset(final long throughIndex, final long throughTerm) {
        truncated(0);
        base = throughIndex;
        baseTerm = throughTerm;
        last = throughIndex;
    }

    private void place(final long index, final Place place) {
        remove(index);
        places.put(index, place);
        count(place.length);
    }

    private void remove(final long index) {
        final Place place = places.remove(index);
        if (place != null && place.isLive) {
            count(-place.length);
        }
    }

    private void count(final long bytes) {
        liveBytes += bytes;
        store.lives(bytes);
    }

    // ---- changes

    @Override
    public void append(final EntryBatch batch) {
        for (int at = batch.offset(); at < batch.limit(); at += EntryLayout.entryLength(batch.buffer(), at)) {
            final long index = EntryLayout.index(batch.buffer(), at);
            Invariant.check(index == last + 1, "append leaves a gap", index, last);
            appended(index, EntryLayout.term(batch.buffer(), at), write(OneFileStore.ENTRY, batch, at),
                    EntryLayout.entryLength(batch.buffer(), at));
        }
    }

    @Override
    public void restore(final EntryBatch batch) {
        for (int at = batch.offset(); at < batch.limit(); at += EntryLayout.entryLength(batch.buffer(), at)) {
            final long index = EntryLayout.index(batch.buffer(), at);
            Invariant.check(index <= last, "restored record beyond the log", index, last);
            restored(index, EntryLayout.term(batch.buffer(), at), write(OneFileStore.RESTORED, batch, at),
                    EntryLayout.entryLength(batch.buffer(), at));
        }
    }

    private long write(final int type, final EntryBatch batch, final int at) {
        return store.write(type, group, EntryLayout.index(batch.buffer(), at), EntryLayout.term(batch.buffer(), at),
                batch.buffer().slice(at, EntryLayout.entryLength(batch.buffer(), at)));
    }

    @Override
    public void truncateFrom(final long index) {
        Invariant.check(index > base, "truncation of discarded history", index, base);
        if (index <= last) {
            store.write(OneFileStore.TRUNCATE, group, index, 0);
            truncated(index);
        }
    }

    @Override
    public void discardHistory(final long throughIndex) {
        Invariant.check(throughIndex <= last, "discard beyond the log", throughIndex, last);
        if (throughIndex > base) {
            store.write(OneFileStore.DISCARD, group, throughIndex, 0);
            discarded(throughIndex);
        }
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        if (fromIndex > throughIndex) {
            return;
        }
        for (final long index : places.subMap(fromIndex, true, throughIndex, true).keySet().stream().toList()) {
            final Place place = places.get(index);
            remove(index);
            if (index > base) {
                // Dead, but still history: RAFT may have to send it.
                places.put(index, new Place(place.position, place.length, place.term, false));
            }
        }
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        store.write(OneFileStore.RESET, group, throughIndex, throughTerm);
        wasReset(throughIndex, throughTerm);
    }

    // ---- reads

    @Override
    public long firstHistoryIndex() {
        return base + 1;
    }

    @Override
    public long lastIndex() {
        return last;
    }

    @Override
    public long termAt(final long index) {
        return index == base ? baseTerm : places.get(index).term;
    }

    @Override
    public long liveBytes() {
        return liveBytes;
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        into.clear();
        for (long index = fromIndex; index <= last; index++) {
            final Place place = places.get(index);
            if (!into.isEmpty() && into.length() + place.length > limitBytes) {
                break;
            }
            into.append(store.read(group, index, place.position), 0, place.length);
        }
        return into.count();
    }

    @Override
    public boolean record(final long index, final EntryView into) {
        final Place place = places.get(index);
        if (place == null || !place.isLive) {
            return false;
        }
        into.wrap(store.read(group, index, place.position), 0);
        return true;
    }
}
