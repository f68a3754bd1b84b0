package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;

/**
 * The entries of an atomic batch that were applied and are not yet decided. A leader proposes the entries of a batch
 * one behind the other; the last one decides for all. If anything else comes in between, the leader lost its role in
 * the middle, and what was staged never happened (ADR 0140). Part of the replicated state. Owner: the shard thread.
 */
final class StagedBatch {
    private final List<byte[]> entries = new ArrayList<>();
    private final EntryView view = new EntryView();
    private long firstIndex;

    /** Whether that entry goes on with what is staged; something must be. */
    boolean isContinuedBy(final EntryView entry) {
        return isMember(entry) && entry.index() == firstIndex + entries.size()
                && PublishLayout.batchPosition(entry) == entries.size() + 1;
    }

    /** Whether that entry is one of a batch. */
    static boolean isMember(final EntryView entry) {
        return entry.type() == StreamEntries.PUBLISH && (entry.flags() & PublishLayout.BATCH) != 0;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    /** Index of the first entry; there must be one. */
    long firstIndex() {
        return firstIndex;
    }

    void add(final EntryView entry) {
        if (entries.isEmpty()) {
            firstIndex = entry.index();
        }
        final byte[] copy = new byte[entry.length()];
        entry.buffer().get(entry.offset(), copy);
        entries.add(copy);
    }

    /** The entry at that place, from 0; valid until the next call. */
    EntryView entry(final int place) {
        return view.wrap(ByteBuffer.wrap(entries.get(place)).order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    void clear() {
        entries.clear();
    }

    /** Nothing of it happened: its records are freed. */
    void abandon(final GroupLog log) {
        log.free(firstIndex, firstIndex + entries.size() - 1);
        clear();
    }

    void write(final ImageWriter out) {
        out.number(entries.size());
        for (final byte[] entry : entries) {
            out.bytes(entry, entry.length);
        }
    }

    /** Replaces all by what was written. */
    void read(final ImageReader in) {
        clear();
        final long count = in.number();
        for (long i = 0; i < count; i++) {
            entries.add(in.bytes());
        }
        firstIndex = count == 0 ? 0 : entry(0).index();
    }
}
