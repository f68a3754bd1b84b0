package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryType;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.LogReader;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import org.junit.jupiter.api.AfterEach;

/** What a plug-in author says about the store, and the small tools of the suites. Extend {@link StoreContract}, not this. */
public abstract class StoreFixture {
    /** A group to write to. */
    protected static final GroupId GROUP = GroupId.ofAssignment(7, false);
    /** A second group of the same store. */
    protected static final GroupId OTHER = GroupId.ofAssignment(8, false);

    /** What the store reported as a warning. */
    protected final List<String> warnings = new CopyOnWriteArrayList<>();

    private Store opened;

    /** For the suites. */
    protected StoreFixture() {
    }

    /** The plug-in under test. */
    protected abstract StoreProvider provider();

    /** What to open it with; the same directory at each call of one test. Pass {@link #report} as its log. */
    protected abstract StoreContext context();

    /** Faults that the medium knows; none by default. */
    protected Set<Fault> faults() {
        return EnumSet.noneOf(Fault.class);
    }

    /** Whether the store is there again after it was closed; false for one in memory. */
    protected boolean isDurable() {
        return true;
    }

    /** A context of a store that has room for about that many bytes of entries. Needed with {@link Fault#DISK_FULL}. */
    protected StoreContext contextWithRoom(final long bytes) {
        throw new UnsupportedOperationException("DISK_FULL needs contextWithRoom");
    }

    /** Receives the store's lines; keeps warnings. */
    protected final void report(final boolean warning, final String text) {
        if (warning) {
            warnings.add(text);
        }
    }

    @AfterEach
    final void closeStore() {
        if (opened != null) {
            opened.close();
        }
    }

    /** Opens the store of this test; it is closed after the test. */
    protected final Store openStore() {
        return openStore(context());
    }

    /** Opens a store with that context; it is closed after the test. */
    protected final Store openStore(final StoreContext with) {
        opened = provider().open(with);
        return opened;
    }

    /** Closes the store and opens it again. */
    protected final Store reopen() {
        opened.close();
        return openStore();
    }

    /** Makes everything that was done durable. */
    protected static void force(final Store store) {
        store.force(store.ticket());
    }

    /** Appends {@code count} entries of that term behind the last one; their bodies follow from group, index and term. */
    protected static void append(final GroupLog log, final GroupId group, final int count, final long term) {
        log.append(batch(group, log.lastIndex() + 1, count, term));
    }

    /** Sealed entries; their bodies follow from group, index and term. */
    protected static EntryBatch batch(final GroupId group, final long firstIndex, final int count, final long term) {
        final EntryBatch batch = new EntryBatch(256);
        for (long index = firstIndex; index < firstIndex + count; index++) {
            add(batch, group, index, term);
        }
        batch.seal(group.value(), firstIndex, term);
        return batch;
    }

    /** Sealed entries with exactly these indexes. */
    protected static EntryBatch sparse(final GroupId group, final long term, final long... indexes) {
        final EntryBatch batch = new EntryBatch(256);
        for (final long index : indexes) {
            add(batch, group, index, term);
        }
        int offset = 0;
        for (final long index : indexes) {
            EntryLayout.seal(batch.buffer(), offset, group.value(), index, term);
            offset += EntryLayout.entryLength(batch.buffer(), offset);
        }
        return batch;
    }

    /** One sealed entry with a body of that length. */
    protected static EntryBatch entryOfLength(final GroupId group, final long index, final long term, final int bodyLength) {
        final EntryBatch batch = new EntryBatch(EntryLayout.HEADER_LENGTH + bodyLength);
        final int body = batch.begin(EntryType.APPLICATION, (byte) 0, index, bodyLength);
        for (int i = 0; i < bodyLength; i += 1021) {
            batch.buffer().put(body + i, (byte) (index + i));
        }
        batch.end(bodyLength);
        batch.seal(group.value(), index, term);
        return batch;
    }

    /** The entry at that index is live and has exactly the bytes that were appended. */
    protected static void assertRecord(final LogReader log, final GroupId group, final long index, final long term) {
        final EntryView view = new EntryView();
        assertTrue(log.record(index, view), () -> group + " has no record at index " + index);
        assertBytes(group, index, term, view.buffer(), view.offset());
    }

    /** All entries of the history from that index on are there, with the terms that {@code termAt} says. */
    protected static void assertHistory(final LogReader log, final GroupId group, final long fromIndex) {
        final EntryBatch into = new EntryBatch(1024);
        long index = fromIndex;
        while (log.read(index, 4096, into) > 0) {
            int offset = into.offset();
            for (int i = 0; i < into.count(); i++) {
                assertBytes(group, index, log.termAt(index), into.buffer(), offset);
                offset += EntryLayout.entryLength(into.buffer(), offset);
                index++;
            }
            assertEquals(into.limit(), offset, "batch ends with its last entry");
        }
        assertEquals(log.lastIndex() + 1, index, "history ends at the last index");
    }

    /** The bytes at that place are the entry that {@link #append} made. */
    protected static void assertBytes(final GroupId group, final long index, final long term, final ByteBuffer buffer,
            final int offset) {
        final EntryBatch expected = sparse(group, term, index);
        final int length = EntryLayout.entryLength(buffer, offset);
        assertEquals(index, EntryLayout.index(buffer, offset), "index");
        assertEquals(term, EntryLayout.term(buffer, offset), () -> "term of index " + index);
        assertEquals(expected.buffer().slice(0, expected.length()), buffer.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN),
                () -> "bytes of index " + index);
    }

    private static void add(final EntryBatch batch, final GroupId group, final long index, final long term) {
        final int length = (int) ((index * 37 + term * 11) % 300);
        final int body = batch.begin(EntryType.APPLICATION, (byte) 0, index * 1_000 + term, length);
        for (int i = 0; i < length; i++) {
            batch.buffer().put(body + i, (byte) (group.value() * 31 + index * 7 + term * 3 + i));
        }
        batch.end(length);
    }
}
