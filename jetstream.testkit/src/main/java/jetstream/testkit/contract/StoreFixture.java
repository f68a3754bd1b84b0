package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.LogReader;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import org.junit.jupiter.api.AfterEach;

/**
 * What a plug-in author says about the store, and the small tools of the suites. Extend {@link StoreContract}, not
 * this.
 */
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

    /**
     * Whether the store tells the torn end that a crash leaves from damage. If so, a crash alone must not make it say
     * that it may have forgotten: a cluster of which all servers lost power at once would wait for ever.
     */
    protected boolean tellsTornFromDamaged() {
        return true;
    }

    /**
     * Whether the store reads by itself what it keeps, and tells its owner what is damaged
     * ({@link StoreContext.DamageListener}). Tested where {@link Fault#BIT_FLIP} is known and entries stand in files as
     * they are.
     */
    protected boolean findsDamage() {
        return false;
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

    /** Appends {@code count} {@link TestEntries} of that term behind the last one. */
    protected static void append(final GroupLog log, final GroupId group, final int count, final long term) {
        log.append(TestEntries.batch(group, log.lastIndex() + 1, count, term));
    }

    /** The entry at that index is live and has exactly the bytes that were appended. */
    protected static void assertRecord(final LogReader log, final GroupId group, final long index, final long term) {
        final EntryView view = new EntryView();
        assertTrue(log.record(index, view), () -> group + " has no record at index " + index);
        TestEntries.assertBytes(group, index, term, view.buffer(), view.offset());
    }

    /** All entries of the history from that index on are there, with the terms that {@code termAt} says. */
    protected static void assertHistory(final LogReader log, final GroupId group, final long fromIndex) {
        final EntryBatch into = new EntryBatch(1024);
        long index = fromIndex;
        while (log.read(index, 4096, into) > 0) {
            int offset = into.offset();
            for (int i = 0; i < into.count(); i++) {
                TestEntries.assertBytes(group, index, log.termAt(index), into.buffer(), offset);
                offset += EntryLayout.entryLength(into.buffer(), offset);
                index++;
            }
            assertEquals(into.limit(), offset, "batch ends with its last entry");
        }
        assertEquals(log.lastIndex() + 1, index, "history ends at the last index");
    }
}
