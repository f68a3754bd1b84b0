package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeSet;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import org.junit.jupiter.api.Test;

/** What a store promises while it is open: one test per promise of the SPI's Javadoc. Extend {@link StoreContract}. */
public abstract class StoreLogContract extends StoreFixture {
    /** For the suite. */
    protected StoreLogContract() {
    }

    @Test
    final void newLogIsEmpty() {
        final GroupLog log = openStore().open(GROUP);

        assertEquals(1, log.firstHistoryIndex());
        assertEquals(0, log.lastIndex());
        assertEquals(0, log.termAt(0));
        assertEquals(0, log.liveBytes());
        assertEquals(0, log.read(1, 1024, new EntryBatch(64)));
        assertFalse(log.record(1, new EntryView()));
    }

    @Test
    final void openGivesTheSameLogAgain() {
        final Store store = openStore();

        assertSame(store.open(GROUP), store.open(GROUP));
    }

    @Test
    final void appendedEntriesAreReadableAtOnce() {
        final GroupLog log = openStore().open(GROUP);

        append(log, GROUP, 300, 1);
        append(log, GROUP, 5, 3);

        assertEquals(305, log.lastIndex());
        assertEquals(1, log.termAt(300));
        assertEquals(3, log.termAt(301));
        assertHistory(log, GROUP, 1);
        assertRecord(log, GROUP, 1, 1);
        assertRecord(log, GROUP, 305, 3);
        assertFalse(log.record(306, new EntryView()));
    }

    @Test
    final void appendCopiesTheBatch() {
        final GroupLog log = openStore().open(GROUP);
        final EntryBatch batch = TestEntries.batch(GROUP, 1, 3, 1);

        log.append(batch);
        for (int i = batch.offset(); i < batch.limit(); i++) {
            batch.buffer().put(i, (byte) -1);
        }

        assertHistory(log, GROUP, 1);
    }

    @Test
    final void wrappedBatchIsAppendedFromItsOffset() {
        final GroupLog log = openStore().open(GROUP);
        final EntryBatch all = TestEntries.batch(GROUP, 1, 3, 1);
        final int first = EntryLayout.entryLength(all.buffer(), 0);
        log.append(new EntryBatch(16).wrap(all.buffer(), 0, first, 1));

        log.append(new EntryBatch(16).wrap(all.buffer(), first, all.length() - first, 2));

        assertEquals(3, log.lastIndex());
        assertHistory(log, GROUP, 1);
    }

    @Test
    final void appendOfGapIsRefused() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 2, 1);

        assertThrows(Invariant.Violation.class, () -> log.append(TestEntries.batch(GROUP, 4, 1, 1)));
        assertEquals(2, log.lastIndex());
    }

    @Test
    final void readStopsAtLimitButGivesOneEntry() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 20, 1);
        final EntryBatch into = new EntryBatch(64);

        assertEquals(1, log.read(1, 0, into));
        assertEquals(1, into.firstIndex());
        final int two = TestEntries.batch(GROUP, 5, 2, 1).length();
        assertEquals(2, log.read(5, two, into));
        assertEquals(1, log.read(5, two - 1, into));
        assertEquals(5, into.firstIndex());
        assertEquals(0, log.read(21, 1024, into));
        assertTrue(into.isEmpty());
    }

    @Test
    final void truncatedEntriesVanishAndMayBeReplaced() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 1);
        final long ofSix = TestEntries.batch(GROUP, 1, 6, 1).length();

        log.truncateFrom(7);

        assertEquals(6, log.lastIndex());
        assertEquals(ofSix, log.liveBytes());
        assertFalse(log.record(7, new EntryView()));
        append(log, GROUP, 2, 2);
        assertEquals(2, log.termAt(7));
        assertHistory(log, GROUP, 1);
        log.truncateFrom(100);
        assertEquals(8, log.lastIndex());
    }

    @Test
    final void discardedHistoryKeepsLiveRecords() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 5, 1);
        append(log, GROUP, 5, 2);

        log.discardHistory(6);

        assertEquals(7, log.firstHistoryIndex());
        assertEquals(10, log.lastIndex());
        assertEquals(2, log.termAt(6));
        assertRecord(log, GROUP, 3, 1);
        assertRecord(log, GROUP, 8, 2);
        assertHistory(log, GROUP, 7);
        log.discardHistory(2);
        assertEquals(7, log.firstHistoryIndex());
    }

    @Test
    final void wholeHistoryMayBeDiscarded() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 5, 4);

        log.discardHistory(5);

        assertEquals(6, log.firstHistoryIndex());
        assertEquals(5, log.lastIndex());
        assertEquals(4, log.termAt(5));
        assertEquals(0, log.read(6, 1024, new EntryBatch(64)));
        append(log, GROUP, 1, 5);
        assertEquals(4, log.termAt(5));
        assertHistory(log, GROUP, 6);
    }

    @Test
    final void freedEntryIsNoRecordButStaysHistory() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 1);
        final long before = log.liveBytes();

        log.free(4, 5);

        assertFalse(log.record(4, new EntryView()));
        assertFalse(log.record(5, new EntryView()));
        assertRecord(log, GROUP, 6, 1);
        assertHistory(log, GROUP, 1);
        assertEquals(before - TestEntries.batch(GROUP, 4, 2, 1).length(), log.liveBytes());
        log.discardHistory(8);
        assertFalse(log.record(4, new EntryView()));
        assertRecord(log, GROUP, 3, 1);
        assertRecord(log, GROUP, 8, 1);
    }

    @Test
    final void freeOfUnknownIndexesIsIgnored() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 1);
        log.discardHistory(8);
        log.free(2, 2);

        log.free(0, 3);
        log.free(9, Long.MAX_VALUE);
        log.free(1_000_000_000_000L, 2_000_000_000_000L);

        assertEquals(TestEntries.batch(GROUP, 4, 5, 1).length(), log.liveBytes());
        assertHistory(log, GROUP, 9);
        log.free(1, Long.MAX_VALUE);
        assertEquals(0, log.liveBytes());
    }

    @Test
    final void resetStartsBehindAnImageAndTakesItsRecords() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 1);

        log.reset(1_000, 9);

        assertEquals(1_001, log.firstHistoryIndex());
        assertEquals(1_000, log.lastIndex());
        assertEquals(9, log.termAt(1_000));
        assertEquals(0, log.liveBytes());
        assertFalse(log.record(3, new EntryView()));
        final EntryBatch records = TestEntries.sparse(GROUP, 4, 2, 3, 500, 1_000);
        log.restore(records);
        assertEquals(records.length(), log.liveBytes());
        assertRecord(log, GROUP, 3, 4);
        assertRecord(log, GROUP, 1_000, 4);
        assertFalse(log.record(4, new EntryView()));
        append(log, GROUP, 3, 10);
        assertEquals(9, log.termAt(1_000));
        assertHistory(log, GROUP, 1_001);
    }

    @Test
    final void restoredRecordReplacesTheOneThatWasThere() {
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 1);
        log.discardHistory(5);
        final long before = log.liveBytes();

        log.restore(TestEntries.sparse(GROUP, 1, 3));

        assertEquals(before, log.liveBytes());
        assertRecord(log, GROUP, 3, 1);
        assertHistory(log, GROUP, 6);
    }

    @Test
    final void groupsDoNotSeeEachOther() {
        final Store store = openStore();
        final GroupLog one = store.open(GROUP);
        final GroupLog two = store.open(OTHER);

        append(one, GROUP, 4, 1);
        append(two, OTHER, 3, 2);
        append(one, GROUP, 4, 2);
        two.truncateFrom(2);

        assertHistory(one, GROUP, 1);
        assertHistory(two, OTHER, 1);
        assertEquals(8, one.lastIndex());
        assertEquals(1, two.lastIndex());
        assertEquals(one.liveBytes() + two.liveBytes(), store.usage().liveBytes());
        assertTrue(store.usage().occupiedBytes() >= store.usage().liveBytes());
    }

    @Test
    final void ballotIsWhatWasSavedLast() {
        final Store store = openStore();

        assertEquals(Ballot.NONE, store.ballots().load(GROUP));
        store.ballots().save(GROUP, new Ballot(3, 77));
        store.ballots().save(GROUP, new Ballot(4, -5));
        force(store);

        assertEquals(new Ballot(4, -5), store.ballots().load(GROUP));
        assertEquals(Ballot.NONE, store.ballots().load(OTHER));
    }

    @Test
    final void committedCheckpointReplacesTheOlderOne() {
        final Store store = openStore();
        assertTrue(store.checkpoints().latest(GROUP).isEmpty());

        writeCheckpoint(store, 10, 2, 1_000);
        writeCheckpoint(store, 20, 3, 300_000);
        final CheckpointWriter dropped = store.checkpoints().begin(GROUP, 30, 3);
        dropped.write(ByteBuffer.allocate(5));
        dropped.abort();
        force(store);

        assertCheckpoint(store, 20, 3, 300_000);
    }

    @Test
    final void emptyCheckpointIsACheckpoint() {
        final Store store = openStore();

        writeCheckpoint(store, 1, 1, 0);
        force(store);

        assertCheckpoint(store, 1, 1, 0);
    }

    @Test
    final void groupsAreThoseWithLogBallotOrCheckpoint() {
        final Store store = openStore();
        store.open(OTHER);
        store.ballots().save(GROUP, new Ballot(1, 1));

        assertEquals(List.of(GROUP, OTHER), List.copyOf(new TreeSet<>(store.groups())));
        store.delete(OTHER);

        assertEquals(List.of(GROUP), List.copyOf(store.groups()));
    }

    @Test
    final void deletedGroupIsForgotten() {
        final Store store = openStore();
        append(store.open(GROUP), GROUP, 10, 1);
        append(store.open(OTHER), OTHER, 10, 1);
        store.ballots().save(GROUP, new Ballot(1, 1));
        writeCheckpoint(store, 5, 1, 200_000);
        force(store);

        store.delete(GROUP);
        force(store);

        assertEquals(List.of(OTHER), List.copyOf(store.groups()));
        assertEquals(Ballot.NONE, store.ballots().load(GROUP));
        assertTrue(store.checkpoints().latest(GROUP).isEmpty());
        assertEquals(store.open(OTHER).liveBytes(), store.usage().liveBytes());
    }

    @Test
    final void ticketsAscendWithChanges() {
        final Store store = openStore();
        final GroupLog log = store.open(GROUP);
        long last = store.ticket();
        assertEquals(last, store.ticket(), "nothing was added");

        for (int i = 0; i < 3; i++) {
            append(log, GROUP, 1, 1);
            final long next = store.ticket();
            assertTrue(next > last, "an append makes a new ticket");
            last = next;
        }
        writeCheckpoint(store, 2, 1, 100);
        assertTrue(store.ticket() > last, "a checkpoint makes a new ticket");
        last = store.ticket();
        store.ballots().save(OTHER, new Ballot(1, 1));
        assertTrue(store.ticket() > last, "a ballot makes a new ticket");
        store.force(store.ticket());
        store.force(last);
    }

    @Test
    final void entryWithLongestBodyFits() {
        final GroupLog log = openStore().open(GROUP);
        final EntryBatch large = TestEntries.ofLength(GROUP, 1, 1, EntryLayout.MAX_BODY_LENGTH);

        log.append(large);
        append(log, GROUP, 2, 1);

        final EntryView view = new EntryView();
        assertTrue(log.record(1, view));
        assertEquals(large.buffer().slice(0, large.length()), view.buffer().slice(view.offset(), view.length()));
        assertRecord(log, GROUP, 3, 1);
    }

    @Test
    final void closeMayBeCalledTwice() {
        final Store store = openStore();
        append(store.open(GROUP), GROUP, 1, 1);

        store.close();
        store.close();
    }

    @Test
    final void verifyOfHealthyStoreFindsNothing() {
        final Store store = openStore();
        append(store.open(GROUP), GROUP, 100, 1);
        writeCheckpoint(store, 50, 1, 100_000);
        force(store);

        assertEquals(List.of(), store.verify().damages());
    }

    /** Commits an image of {@link #GROUP} whose bytes follow from index and length. */
    protected static void writeCheckpoint(final Store store, final long index, final long term, final int length) {
        final CheckpointWriter writer = store.checkpoints().begin(GROUP, index, term);
        final ByteBuffer image = image(index, length);
        while (image.hasRemaining()) {
            final int piece = Math.min(image.remaining(), 70_001);
            writer.write(image.slice(image.position(), piece));
            image.position(image.position() + piece);
        }
        writer.commit();
    }

    /** The newest image of {@link #GROUP} is the one that {@link #writeCheckpoint} made. */
    protected static void assertCheckpoint(final Store store, final long index, final long term, final int length) {
        final Checkpoint found = store.checkpoints().latest(GROUP).orElseThrow();
        assertEquals(index, found.index());
        assertEquals(term, found.term());
        assertEquals(image(index, length), found.image().slice());
        assertTrue(found.image().isReadOnly(), "image is read-only");
    }

    private static ByteBuffer image(final long index, final int length) {
        final ByteBuffer image = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            image.put(i, (byte) (index * 13 + i * 31 + (i >> 8)));
        }
        return image;
    }
}
