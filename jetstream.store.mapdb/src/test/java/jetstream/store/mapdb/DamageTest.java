package jetstream.store.mapdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** The medium refuses, or gives back other bytes than it got. */
final class DamageTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final GroupId OTHER = GroupId.ofAssignment(2, false);
    private static final GroupId UNKNOWN = GroupId.ofAssignment(9, false);
    private static final long NEVER = Long.MAX_VALUE;

    private final List<String> warnings = new ArrayList<>();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), NEVER);

    @Test
    void damagedLastEntryIsCutAndItsGroupHasForgotten() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        flip(damaged, bodyOf(damaged, GROUP, 20));

        final MapDbStore store = open(damaged);

        assertEquals(19, store.open(GROUP).lastIndex());
        assertHistory(store, GROUP, 19);
        assertTrue(store.mayHaveForgotten(GROUP), "its newest entry is gone");
        assertEquals(new Ballot(3, 7), store.ballots().load(GROUP));
        assertHistory(store, OTHER, 20);
        assertFalse(store.mayHaveForgotten(OTHER), "nothing of it was hit");
        assertFalse(store.mayHaveForgotten(UNKNOWN), "all rows were read");
        assertTrue(damaged.files().contains("quarantine/1/store.db"), damaged.files().toString());
        assertEquals(List.of(), store.verify().damages());
    }

    @Test
    void damagedRecordBelowTheHistoryIsRefusedUntilItIsRestored() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        flip(damaged, bodyOf(damaged, GROUP, 3));

        final MapDbStore store = open(damaged);
        final GroupLog log = store.open(GROUP);

        assertFalse(store.mayHaveForgotten(GROUP), "votes and the end of the log are whole");
        assertEquals(20, log.lastIndex());
        final StoreException refusal = assertThrows(StoreException.Corrupt.class, () -> log.record(3, new EntryView()));
        assertTrue(refusal.getMessage().contains("index 3"), refusal.getMessage());
        assertEquals(1, store.verify().damages().size());
        log.restore(TestEntries.sparse(GROUP, 1, 3));
        force(store);
        assertTrue(log.record(3, new EntryView()));
        assertEquals(List.of(), store.verify().damages());
    }

    @Test
    void damageOfMapDbsOwnPagesLosesNoneUnseen() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        flip(damaged, 300);

        final MapDbStore store = open(damaged);

        for (final GroupId group : List.of(GROUP, OTHER, UNKNOWN)) {
            assertTrue(store.mayHaveForgotten(group), "the head of the file is gone, and all rows with it");
        }
        assertTrue(warnings.stream().anyMatch(line -> line.contains("page 0 of store.db")), warnings.toString());
        assertTrue(damaged.files().contains("quarantine/1/store.db"), damaged.files().toString());
    }

    @Test
    void lossIsRememberedUntilABallotIsSaved() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        flip(damaged, 300);
        open(damaged).close();

        final SimulatedDisk later = damaged.restart(SimulatedDisk.Loss.ALL, NEVER);
        final MapDbStore store = open(later);
        assertTrue(store.mayHaveForgotten(GROUP), "a second start has not forgotten that it forgot");
        store.open(GROUP);
        assertTrue(store.mayHaveForgotten(GROUP), "not by opening it either");
        store.ballots().save(GROUP, new Ballot(9, -1));
        assertTrue(store.mayHaveForgotten(GROUP), "stays as it was found");
        force(store);
        store.close();

        final MapDbStore last = open(later.restart(SimulatedDisk.Loss.ALL, NEVER));
        assertFalse(last.mayHaveForgotten(GROUP), "its ballot says it now");
        assertTrue(last.mayHaveForgotten(OTHER));
    }

    @Test
    void damagedJournalOfAKilledServerIsSeenByThePagesThatItWrote() throws IOException {
        final MapDbStore store = open(disk);
        fill(store, GROUP);
        force(store);
        store.open(GROUP).append(TestEntries.batch(GROUP, 21, 1, 1));
        force(store);
        final SimulatedDisk killed = disk.restart(SimulatedDisk.Loss.NONE, NEVER);
        // The last record could be taken for a torn one, but for what it left in the main file.
        killed.flip(newestJournal(killed), lastRecord(killed.bytes(newestJournal(killed))) + 100);

        final MapDbStore found = open(killed);

        assertTrue(found.mayHaveForgotten(GROUP), "what was forced last may be missing");
        assertTrue(warnings.stream().anyMatch(line -> line.contains("the journal ends with")), warnings.toString());
    }

    @Test
    void missingMainFileIsNotAnEmptyStore() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        damaged.cut("store.db", 0);

        final MapDbStore store = open(damaged);

        assertTrue(store.mayHaveForgotten(GROUP));
        assertEquals(0, store.open(GROUP).lastIndex());
    }

    @Test
    void missingJournalsAreNotAnEmptyStore() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        damaged.cut("journal.0", 0);
        damaged.cut("journal.1", 0);

        final MapDbStore store = open(damaged);

        assertTrue(warnings.stream().anyMatch(line -> line.contains("neither journal")), warnings.toString());
        assertHistory(store, OTHER, 20);
    }

    @Test
    void zeroedPageIsNotAnEmptyPage() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        final int page = bodyOf(damaged, GROUP, 20) / PageFile.SLOT_LENGTH;
        Arrays.fill(damaged.bytes("store.db"), (int) PageFile.position(page), (int) PageFile.position(page + 1),
                (byte) 0);

        open(damaged);

        assertTrue(warnings.stream().anyMatch(line -> line.contains("page " + page + " of store.db")),
                warnings.toString());
    }

    @Test
    void pageThatWentAstrayIsSeen() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        final byte[] bytes = damaged.bytes("store.db");
        System.arraycopy(bytes, (int) PageFile.position(5), bytes, (int) PageFile.position(6), PageFile.SLOT_LENGTH);

        open(damaged);

        assertTrue(warnings.stream().anyMatch(line -> line.contains("holds page 5")), warnings.toString());
    }

    @Test
    void pageOfAnOlderTimeIsSeenThoughItIsWhole() throws IOException {
        final SimulatedDisk before = twoGroups();
        final byte[] old = before.bytes("store.db").clone();
        final MapDbStore store = open(before);
        store.open(GROUP).append(TestEntries.batch(GROUP, 21, 3, 2));
        store.ballots().save(GROUP, new Ballot(8, 9));
        force(store);
        store.close();
        int pages = 0;
        for (int page = 0; page < old.length / PageFile.SLOT_LENGTH; page++) {
            final SimulatedDisk stale = before.restart(SimulatedDisk.Loss.ALL, NEVER);
            final int at = (int) PageFile.position(page);
            if (!Arrays.equals(old, at, at + PageFile.SLOT_LENGTH, stale.bytes("store.db"), at,
                    at + PageFile.SLOT_LENGTH)) {
                pages++;
                System.arraycopy(old, at, stale.bytes("store.db"), at, PageFile.SLOT_LENGTH);
                assertTrue(open(stale).mayHaveForgotten(GROUP), "page " + page);
            }
        }
        assertTrue(pages >= 3, "pages that differ: " + pages);
    }

    @Test
    void killInTheMiddleOfTheRescueLosesNothing() throws IOException {
        final SimulatedDisk damaged = twoGroups();
        flip(damaged, bodyOf(damaged, GROUP, 20));
        long call = 1;
        boolean hasEnded = false;
        while (!hasEnded) {
            final SimulatedDisk dying = damaged.restart(SimulatedDisk.Loss.NONE, call);
            try {
                open(dying);
                hasEnded = true;
            } catch (final SimulatedDisk.Crash e) {
                final MapDbStore store = open(dying.restart(SimulatedDisk.Loss.ALL, NEVER));
                assertHistory(store, GROUP, 19);
                assertHistory(store, OTHER, 20);
                assertTrue(store.mayHaveForgotten(GROUP), "crash at call " + call);
            }
            call += 1 + call / 12;
        }
        assertTrue(call > 40, "the rescue has many steps: " + call);
    }

    @Test
    void failedForceIsFinal() throws IOException {
        final MapDbStore store = open(disk);
        fill(store, GROUP);
        force(store);
        store.open(GROUP).append(TestEntries.batch(GROUP, 21, 3, 1));
        final long ticket = store.ticket();
        disk.refuseForce(true);

        assertThrows(StoreException.Failed.class, () -> store.force(ticket));

        disk.refuseForce(false);
        assertThrows(StoreException.Failed.class, () -> store.open(GROUP).append(TestEntries.batch(GROUP, 24, 1, 1)));
        assertTrue(store.open(GROUP).record(2, new EntryView()), "what is there stays readable");
        assertEquals(1, warnings.size(), warnings.toString());
        store.close();
        assertTrue(open(disk.restart(SimulatedDisk.Loss.ALL, NEVER)).open(GROUP).lastIndex() >= 20);
    }

    @Test
    void fullMediumRefusesAppendsAndTakesThemWhenThereIsRoom() throws IOException {
        final MapDbStore store = open(disk);
        fill(store, GROUP);
        force(store);
        disk.full(true);
        final GroupLog log = store.open(GROUP);

        assertThrows(StoreException.Full.class, () -> log.append(TestEntries.ofLength(GROUP, 21, 1, 9 << 20)));

        assertEquals(20, log.lastIndex());
        assertHistory(store, GROUP, 20);
        disk.full(false);
        log.append(TestEntries.ofLength(GROUP, 21, 1, 9 << 20));
        force(store);
        assertEquals(21, log.lastIndex());
    }

    @Test
    void freedRoomIsUsedAgain() throws IOException {
        final MapDbStore store = open(disk);
        final GroupLog log = store.open(GROUP);
        int early = 0;
        for (int round = 0; round < 60; round++) {
            log.append(TestEntries.batch(GROUP, log.lastIndex() + 1, 100, 1));
            log.free(1, log.lastIndex());
            log.discardHistory(log.lastIndex());
            force(store);
            early = round == 10 ? disk.length("store.db") : early;
        }

        assertEquals(early, disk.length("store.db"), "the file has not grown");
    }

    /** Two groups with 20 entries each, of which ten are history; cleanly closed. */
    private SimulatedDisk twoGroups() throws IOException {
        final MapDbStore store = open(disk);
        for (final GroupId group : List.of(GROUP, OTHER)) {
            fill(store, group);
            store.ballots().save(group, new Ballot(3, 7));
            final CheckpointWriter image = store.checkpoints().begin(group, 10, 1);
            image.write(ByteBuffer.allocate(20_000));
            image.commit();
            store.open(group).discardHistory(10);
        }
        force(store);
        store.close();
        return disk.restart(SimulatedDisk.Loss.ALL, NEVER);
    }

    private static void fill(final MapDbStore store, final GroupId group) {
        // Longer than a page each, so that one damaged byte hits one of them.
        for (int index = 1; index <= 20; index++) {
            store.open(group).append(TestEntries.ofLength(group, index, 1, 9_000));
        }
    }

    private static void assertHistory(final MapDbStore store, final GroupId group, final long last) {
        final GroupLog log = store.open(group);
        assertEquals(last, log.lastIndex());
        final EntryView view = new EntryView();
        for (long index = 11; index <= last; index++) {
            assertTrue(log.record(index, view));
            assertEquals(index, view.index());
        }
    }

    /** Position in the main file of a byte in the middle of that entry's body. */
    private static int bodyOf(final SimulatedDisk on, final GroupId group, final long index) {
        final byte[] head = new byte[40];
        TestEntries.ofLength(group, index, 1, 9_000).buffer().get(0, head);
        final String text = new String(on.bytes("store.db"), StandardCharsets.ISO_8859_1);
        final int at = text.indexOf(new String(head, StandardCharsets.ISO_8859_1));
        assertTrue(at > 0, "the entry lies in one page at its head");
        return at + EntryLayout.HEADER_LENGTH + 4_500;
    }

    private static void flip(final SimulatedDisk on, final int at) {
        on.flip("store.db", at);
    }

    private static String newestJournal(final SimulatedDisk on) {
        final ByteBuffer even = ByteBuffer.wrap(on.bytes("journal.0")).order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer odd = ByteBuffer.wrap(on.bytes("journal.1")).order(ByteOrder.LITTLE_ENDIAN);
        return even.getLong(8) > odd.getLong(8) ? "journal.0" : "journal.1";
    }

    private static int lastRecord(final byte[] journal) {
        final ByteBuffer view = ByteBuffer.wrap(journal).order(ByteOrder.LITTLE_ENDIAN);
        int last = 0;
        for (int at = 64; at < journal.length - 64; at += 64) {
            if (view.getInt(at + 4) == Journal.RECORD_MAGIC && view.getLong(at + 8) == view.getLong(8)) {
                last = at;
            }
        }
        assertTrue(last > 0, "there is a record");
        return last;
    }

    private static void force(final Store store) {
        store.force(store.ticket());
    }

    private MapDbStore open(final SimulatedDisk on) throws IOException {
        final StoreHealth health = new StoreHealth((warning, text) -> {
            if (warning) {
                warnings.add(text);
            }
        });
        final MapDbConfig config = MapDbConfig.of(new StoreContext(null, "n1",
                Map.of("journal_length", "300000", "min_free", "0"), health.log));
        return MapDbStoreProvider.open(config, on, health, 77, () -> {});
    }
}
