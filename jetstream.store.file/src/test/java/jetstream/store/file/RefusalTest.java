package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** The medium refuses, or gives back other bytes than it got. */
final class RefusalTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final GroupId OTHER = GroupId.ofAssignment(2, false);

    private final List<String> warnings = new ArrayList<>();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), Long.MAX_VALUE);

    @Test
    void failedForceIsFinal() throws IOException {
        final FileStore store = open(disk);
        final GroupLog log = store.open(GROUP);
        log.append(TestEntries.batch(GROUP, 1, 3, 1));
        store.force(store.ticket());
        log.append(TestEntries.batch(GROUP, 4, 3, 1));
        final long ticket = store.ticket();
        disk.refuseForce(true);

        assertThrows(StoreException.Failed.class, () -> store.force(ticket));

        disk.refuseForce(false);
        assertThrows(StoreException.Failed.class, () -> store.force(ticket),
                "never retried as if nothing had happened");
        assertThrows(StoreException.Failed.class, () -> log.append(TestEntries.batch(GROUP, 7, 1, 1)));
        assertTrue(log.record(2, new EntryView()), "what is there stays readable");
        assertEquals(1, warnings.size(), warnings.toString());
        store.close();
    }

    @Test
    void blockThatFindsNoRoomIsKeptAndTriedAgain() throws IOException {
        final FileStore store = open(disk);
        final GroupLog log = store.open(GROUP);
        store.force(store.ticket());
        log.append(TestEntries.batch(GROUP, 1, 3, 1));
        disk.full(true);

        assertThrows(StoreException.Full.class, store::ticket);
        assertThrows(StoreException.Full.class, () -> log.append(large(4)));

        disk.full(false);
        store.force(store.ticket());
        assertEquals(3, open(disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE)).open(GROUP).lastIndex());
    }

    @Test
    void damagedForcedBlockIsNotTakenForATornEnd() throws IOException {
        final FileStore store = open(disk);
        for (int i = 0; i < 4; i++) {
            append(store, GROUP);
            append(store, OTHER);
        }
        append(store, GroupId.ofAssignment(3, false));
        store.close();
        final SimulatedDisk damaged = disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE);
        damaged.flipBit(".*1\\.seg", 512 + 20, 3);

        final FileStore again = open(damaged);

        assertEquals(8, again.open(GROUP).lastIndex());
        assertEquals(8, again.open(OTHER).lastIndex());
        final EntryBatch into = new EntryBatch(1024);
        assertThrows(StoreException.Corrupt.class, () -> again.open(GROUP).read(1, 100, into));
        assertThrows(StoreException.Corrupt.class, () -> again.open(GROUP).record(1, new EntryView()));
        again.open(OTHER).read(3, 1_000_000, into);
        assertEquals(6, into.count());
        assertTrue(warnings.stream().anyMatch(line -> line.contains("group " + GROUP)), warnings.toString());
        assertFalse(again.mayHaveForgotten(GROUP), "its end lies behind the damage");
    }

    @Test
    void logEndsWithAnEntryThatIsThereAndItsGroupMayHaveForgottenTheRest() throws IOException {
        final FileStore store = open(disk);
        append(store, GROUP);
        store.force(store.ticket());
        final int endOfFirst = store.writer().current().end;
        append(store, GROUP);
        store.force(store.ticket());
        store.open(GROUP).truncateFrom(store.open(GROUP).lastIndex());
        append(store, OTHER);
        store.close();
        final SimulatedDisk damaged = disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE);
        final long before = open(damaged).open(GROUP).lastIndex();
        damaged.flipBit(".*1\\.seg", endOfFirst + 16, 0);

        final FileStore again = open(damaged);

        final GroupLog log = again.open(GROUP);
        assertTrue(log.lastIndex() >= 1 && log.lastIndex() < before, "ends at " + log.lastIndex());
        assertEquals(1, log.termAt(log.lastIndex()));
        assertEquals(1, log.read(log.lastIndex(), 0, new EntryBatch(1024)));
        assertTrue(again.mayHaveForgotten(GROUP), "its newest word is a truncation, and yet its end is gone");
    }

    @Test
    void groupLastHeardOfBeforeADamageMayHaveForgotten() throws IOException {
        final FileStore store = open(disk);
        append(store, GROUP);
        append(store, OTHER);
        store.ballots().save(OTHER, new Ballot(1, 2));
        store.ballots().save(GROUP, new Ballot(1, 2));
        append(store, OTHER);
        append(store, GROUP);
        store.close();
        final SimulatedDisk damaged = disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE);
        assertFalse(open(damaged).mayHaveForgotten(GROUP));
        final int lastOfGroup = open(damaged).writer().current().end - 2 * 512;

        if (damaged.bytes(Segment.nameOf(1))[lastOfGroup + 4] == 0) {
            throw new AssertionError("no block at " + lastOfGroup);
        }
        damaged.flipBit(".*1\\.seg", lastOfGroup + 16, 0);
        final FileStore again = open(damaged);

        assertTrue(again.mayHaveForgotten(GROUP), "its last block was damaged");
        assertTrue(again.mayHaveForgotten(OTHER), "the damaged block might have been its own");
        assertTrue(again.mayHaveForgotten(GroupId.ofAssignment(9, false)));
    }

    @Test
    void damagedEntryIsReportedWithItsPlaceAndHealedByARestore() throws IOException {
        final FileStore store = open(disk);
        append(store, GROUP);
        append(store, GROUP);
        store.close();
        final SimulatedDisk damaged = disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE);
        final FileStore again = open(damaged);
        final GroupLog log = again.open(GROUP);
        final EntryView view = new EntryView();
        assertTrue(log.record(2, view));
        damaged.flipBit(".*1\\.seg", view.bodyOffset() + 5, 1);

        final StoreException refusal = assertThrows(StoreException.Corrupt.class, () -> log.record(2, view));

        assertTrue(refusal.getMessage().matches(".*index 2, offset [0-9]+ of .*\\.seg: stored .*"),
                refusal.getMessage());
        assertEquals(1, again.verify().damages().size());
        final EntryBatch into = new EntryBatch(1024);
        assertEquals(1, log.read(1, 1_000_000, into), "damage further on ends the batch before it");
        log.restore(TestEntries.sparse(GROUP, 1, 2));
        assertEquals(4, log.read(1, 1_000_000, into));
        assertTrue(log.record(2, view));
    }

    @Test
    void unreadableSegmentIsSetApartAndReported() throws IOException {
        final FileStore store = open(disk);
        for (int i = 0; i < 60; i++) {
            append(store, GROUP);
        }
        store.close();
        final SimulatedDisk damaged = disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE);
        final String name = Segment.nameOf(2);
        Arrays.fill(damaged.bytes(name), (byte) 0);

        final FileStore again = open(damaged);

        assertTrue(damaged.files().contains("quarantine/" + name), damaged.files().toString());
        assertEquals(120, again.open(GROUP).lastIndex());
        assertTrue(warnings.stream().anyMatch(line -> line.contains("quarantine")), warnings.toString());
        assertTrue(warnings.stream().anyMatch(line -> line.contains("group " + GROUP)), warnings.toString());
    }

    @Test
    void emptiedSegmentsAreUsedAgain() throws IOException {
        final FileStore store = open(disk);
        final GroupLog log = store.open(GROUP);
        store.ballots().save(OTHER, new Ballot(3, 4));
        long nowNs = 0;
        for (int i = 0; i < 600; i++) {
            append(store, GROUP);
            log.free(1, log.lastIndex());
            log.discardHistory(log.lastIndex());
            nowNs += 20_000_000;
            store.doWork(nowNs);
        }
        assertTrue(disk.files().size() <= 8, disk.files().toString());
        store.close();

        final FileStore again = open(disk.restart(SimulatedDisk.Loss.ALL, Long.MAX_VALUE));

        assertEquals(1_200, again.open(GROUP).lastIndex());
        assertEquals(new Ballot(3, 4), again.ballots().load(OTHER));
    }

    private static EntryBatch large(final long index) {
        return TestEntries.ofLength(GROUP, index, 1, 1 << 20);
    }

    private static void append(final FileStore store, final GroupId group) {
        final GroupLog log = store.open(group);
        log.append(TestEntries.batch(group, log.lastIndex() + 1, 2, 1));
        store.force(store.ticket());
    }

    private FileStore open(final SimulatedDisk on) throws IOException {
        final StoreHealth health = new StoreHealth((warning, text) -> {
            if (warning) {
                warnings.add(text);
            }
        });
        final FileStoreConfig config = FileStoreConfig.of(new StoreContext(null, "n1",
                Map.of("segment_length", "16384", "spare_segments", "2", "min_free", "0"), health.log));
        return FileStore.open(config, on, 77, health, Housekeeper.onCaller());
    }
}
