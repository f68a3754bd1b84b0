package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store promises across a restart, and whose directories it refuses. Extend {@link StoreContract}. */
public abstract class StoreDurabilityContract extends StoreLogContract {
    /** For the suite. */
    protected StoreDurabilityContract() {
    }

    @Test
    final void appendedEntriesSurviveARestart() {
        assumeTrue(isDurable());
        append(openStore().open(GROUP), GROUP, 300, 1);
        for (int restart = 0; restart < 4; restart++) {
            final GroupLog log = reopen().open(GROUP);
            assertEquals(300 + restart * 2, log.lastIndex());
            assertHistory(log, GROUP, 1);
            append(log, GROUP, 2, 2 + restart);
        }
        final GroupLog log = reopen().open(GROUP);
        assertEquals(1, log.termAt(300));
        assertEquals(2, log.termAt(301));
        assertEquals(5, log.termAt(308));
        assertHistory(log, GROUP, 1);
    }

    @Test
    final void emptyStoreSurvivesARestart() {
        assumeTrue(isDurable());
        openStore();

        assertEquals(List.of(), List.copyOf(reopen().groups()));
        assertEquals(List.of(), warnings);
    }

    @Test
    final void truncationSurvivesARestart() {
        assumeTrue(isDurable());
        final Store store = openStore();
        final GroupLog log = store.open(GROUP);
        append(log, GROUP, 10, 1);
        force(store);
        log.truncateFrom(5);
        append(log, GROUP, 2, 2);

        final GroupLog again = reopen().open(GROUP);

        assertEquals(6, again.lastIndex());
        assertEquals(1, again.termAt(4));
        assertEquals(2, again.termAt(5));
        assertHistory(again, GROUP, 1);
    }

    @Test
    final void discardedHistoryAndItsLiveRecordsSurviveARestart() {
        assumeTrue(isDurable());
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 3);
        log.discardHistory(8);
        append(log, GROUP, 1, 4);

        final GroupLog again = reopen().open(GROUP);

        assertEquals(9, again.firstHistoryIndex());
        assertEquals(11, again.lastIndex());
        assertEquals(3, again.termAt(8));
        assertEquals(4, again.termAt(11));
        assertHistory(again, GROUP, 9);
        assertRecord(again, GROUP, 1, 3);
        assertRecord(again, GROUP, 8, 3);
    }

    @Test
    final void wholeDiscardedHistorySurvivesARestart() {
        assumeTrue(isDurable());
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 3);
        log.free(1, 10);
        log.discardHistory(10);

        final GroupLog again = reopen().open(GROUP);

        assertEquals(11, again.firstHistoryIndex());
        assertEquals(10, again.lastIndex());
        assertEquals(3, again.termAt(10));
        append(again, GROUP, 2, 4);
        assertHistory(reopen().open(GROUP), GROUP, 11);
    }

    @Test
    final void resetAndRestoredRecordsSurviveARestart() {
        assumeTrue(isDurable());
        final GroupLog log = openStore().open(GROUP);
        append(log, GROUP, 10, 1);
        log.reset(1_000, 9);
        log.restore(TestEntries.sparse(GROUP, 4, 2, 500, 1_000));
        append(log, GROUP, 2, 10);

        final GroupLog again = reopen().open(GROUP);

        assertEquals(1_001, again.firstHistoryIndex());
        assertEquals(1_002, again.lastIndex());
        assertEquals(9, again.termAt(1_000));
        assertHistory(again, GROUP, 1_001);
        assertRecord(again, GROUP, 2, 4);
        assertRecord(again, GROUP, 1_000, 4);
        assertFalse(again.record(3, new EntryView()));
    }

    @Test
    final void ballotSurvivesARestart() {
        assumeTrue(isDurable());
        final Store store = openStore();
        store.ballots().save(GROUP, new Ballot(4, 77));
        store.ballots().save(GROUP, new Ballot(5, 78));

        assertEquals(new Ballot(5, 78), reopen().ballots().load(GROUP));
    }

    @Test
    final void checkpointSurvivesARestart() {
        assumeTrue(isDurable());
        writeCheckpoint(openStore(), 10, 2, 300_000);
        assertCheckpoint(reopen(), 10, 2, 300_000);
        final Store store = reopen();
        writeCheckpoint(store, 20, 3, 100);
        assertCheckpoint(store, 20, 3, 100);
        assertCheckpoint(reopen(), 20, 3, 100);
        writeCheckpoint(reopen(), 30, 3, 400_000);

        assertCheckpoint(reopen(), 30, 3, 400_000);
        assertEquals(List.of(), warnings);
    }

    @Test
    final void deletionSurvivesARestart() {
        assumeTrue(isDurable());
        final Store store = openStore();
        append(store.open(GROUP), GROUP, 10, 1);
        store.ballots().save(GROUP, new Ballot(1, 1));
        writeCheckpoint(store, 5, 1, 200_000);
        append(store.open(OTHER), OTHER, 10, 1);
        force(store);
        store.delete(GROUP);

        final Store again = reopen();

        assertEquals(List.of(OTHER), List.copyOf(new TreeSet<>(again.groups())));
        assertEquals(Ballot.NONE, again.ballots().load(GROUP));
        assertTrue(again.checkpoints().latest(GROUP).isEmpty());
        assertHistory(again.open(OTHER), OTHER, 1);
    }

    @Test
    final void longestEntrySurvivesARestart() {
        assumeTrue(isDurable());
        final GroupLog log = openStore().open(GROUP);
        final EntryBatch large = TestEntries.ofLength(GROUP, 1, 1, 5 << 20);
        for (int i = 1; i <= 20; i++) {
            log.append(TestEntries.ofLength(GROUP, i, 1, 5 << 20));
        }

        final GroupLog again = reopen().open(GROUP);

        assertEquals(20, again.lastIndex());
        final EntryView view = new EntryView();
        assertTrue(again.record(1, view));
        assertEquals(large.buffer().slice(0, large.length()), view.buffer().slice(view.offset(), view.length()));
    }

    @Test
    final void directoryOfAnotherServerIsRefused() {
        assumeTrue(isDurable());
        append(openStore().open(GROUP), GROUP, 10, 1);
        closeStore();
        final StoreContext mine = context();
        final StoreContext theirs = new StoreContext(mine.directory(), "other-server", mine.settings(), mine.log());

        final StoreException refusal = assertThrows(StoreException.Refused.class, () -> provider().open(theirs));

        assertTrue(refusal.getMessage().contains("other-server"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(mine.nodeName()), refusal.getMessage());
        assertHistory(openStore().open(GROUP), GROUP, 1);
    }

    @Test
    final void directoryInUseIsRefused() {
        assumeTrue(isDurable());
        append(openStore().open(GROUP), GROUP, 10, 1);

        assertThrows(StoreException.Refused.class, () -> provider().open(context()));

        assertHistory(reopen().open(GROUP), GROUP, 1);
    }

    @Test
    final void unknownSettingIsRefused() {
        final StoreContext mine = context();
        final StoreContext wrong = new StoreContext(mine.directory(), mine.nodeName(),
                Map.of("no_such_setting", "1"), mine.log());

        final StoreException refusal = assertThrows(StoreException.Refused.class, () -> provider().open(wrong));

        assertTrue(refusal.getMessage().contains("no_such_setting"), refusal.getMessage());
    }

    @Test
    final void storeWithManyGroupsIsFoundAgain() {
        assumeTrue(isDurable());
        final Store store = openStore();
        for (int i = 1; i <= 500; i++) {
            final GroupId group = GroupId.ofAssignment(i, false);
            append(store.open(group), group, i % 7, 1);
        }

        final Store again = reopen();

        assertEquals(500, again.groups().size());
        for (int i = 1; i <= 500; i++) {
            final GroupId group = GroupId.ofAssignment(i, false);
            assertEquals(i % 7, again.open(group).lastIndex());
            assertHistory(again.open(group), group, 1);
        }
    }

    @BeforeEach
    final void forgetWarnings() {
        warnings.clear();
    }
}
