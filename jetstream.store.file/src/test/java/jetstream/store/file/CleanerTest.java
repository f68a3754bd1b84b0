package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** Sparse segments are emptied; what is live in them, and where, is not lost on the way. */
final class CleanerTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final GroupId OTHER = GroupId.ofAssignment(2, false);
    private static final int ENTRIES = 600;

    private final StoreBench bench = new StoreBench();

    @Test
    void sparseSegmentsAreRewrittenAndGivenBack() throws IOException {
        bench.open();
        fill();
        final int before = bench.store.segments().snapshot().length;
        keepEveryTenth();

        bench.care(300);

        final int after = bench.store.segments().snapshot().length;
        assertTrue(bench.store.cleaner().movedBytes() > 0);
        assertTrue(after < before / 2, after + " of " + before + " segments are left");
        assertEveryTenth(bench.store.open(GROUP));
        assertEveryTenth(bench.store.open(OTHER));
        final long live = bench.store.usage().liveBytes();
        bench.kill();
        keepEveryTenth();
        assertEquals(live, bench.store.usage().liveBytes(), "what was moved is counted once");
        assertEveryTenth(bench.store.open(GROUP));
        assertEveryTenth(bench.store.open(OTHER));
        assertEquals(List.of(), bench.store.verify().damages());
        assertEquals(List.of(), bench.warnings);
    }

    @Test
    void survivorsOfAGroupLieTogether() throws IOException {
        bench.open();
        fill();
        keepEveryTenth();

        bench.care(300);

        int changes = 0;
        int records = 0;
        for (final Segment segment : bench.sealed()) {
            for (final SealedRun run : segment.runs) {
                changes++;
                records += run.count();
            }
        }
        assertTrue(changes * 3 < records, changes + " runs for " + records + " records");
    }

    @Test
    void rateIsKept() throws IOException {
        bench.with("clean_rate", "2000").open();
        fill();
        keepEveryTenth();

        bench.care(200);

        final long moved = bench.store.cleaner().movedBytes();
        assertTrue(moved > 2_000 && moved < 40_000, moved + " bytes moved in ten seconds");
    }

    @Test
    void logThatIsFreedInOrderIsNeverMoved() throws IOException {
        bench.open();
        final GroupLog log = bench.store.open(GROUP);
        for (int i = 0; i < 200; i++) {
            bench.append(GROUP, 20);
            log.free(1, log.lastIndex() - 150);
            log.discardHistory(log.lastIndex());
            bench.care(3);
        }

        // The last entries of a segment that is nearly empty anyhow are all that may be.
        assertTrue(bench.store.cleaner().movedBytes() < 30_000, bench.store.cleaner().movedBytes() + " bytes moved");
        assertTrue(bench.store.segments().snapshot().length <= 10);
    }

    @Test
    void historyOfAnIdleGroupMovesAndStaysHistory() throws IOException {
        bench.open();
        bench.append(OTHER, 4);
        bench.store.open(OTHER).free(2, 2);
        final String first = bench.store.segments().snapshot()[0].name;
        final GroupLog log = bench.store.open(GROUP);
        for (int i = 0; i < 40; i++) {
            bench.append(GROUP, 20);
            log.free(1, log.lastIndex());
            log.discardHistory(log.lastIndex());
            bench.care(4);
        }

        assertFalse(bench.store.segments().snapshot()[0].name.equals(first), "the first segment was given back");
        final GroupLog idle = bench.store.open(OTHER);
        assertEquals(1, idle.firstHistoryIndex());
        assertEquals(4, idle.read(1, 1 << 20, new EntryBatch(4096)));
        assertFalse(idle.record(2, new EntryView()), "freed stays freed");
        bench.kill();
        assertEquals(1, bench.store.open(OTHER).firstHistoryIndex());
        assertEquals(4, bench.store.open(OTHER).lastIndex());
        assertEquals(1, bench.store.open(OTHER).termAt(4));
    }

    @Test
    void damagedRecordIsNotThrownAway() throws IOException {
        bench.open();
        fill();
        final EntryView view = new EntryView();
        assertTrue(bench.store.open(GROUP).record(10, view));
        final String name = bench.sealed().getFirst().name;
        bench.disk.flipBit(name, view.bodyOffset() + 2, 2);
        keepEveryTenth();

        bench.care(300);

        assertTrue(bench.disk.files().contains(name), "the segment is kept");
        assertThrows(StoreException.Corrupt.class, () -> bench.store.open(GROUP).record(10, view));
        assertTrue(bench.warnings.stream().anyMatch(line -> line.contains("index 10 ")), bench.warnings.toString());
        bench.store.open(GROUP).restore(TestEntries.sparse(GROUP, 1, 10));
        assertEveryTenth(bench.store.open(GROUP));
    }

    private void fill() {
        for (int i = 0; i < ENTRIES; i += 4) {
            bench.append(GROUP, 4);
            bench.append(OTHER, 4);
        }
        bench.care(80);
    }

    private void keepEveryTenth() {
        for (final GroupId group : List.of(GROUP, OTHER)) {
            final GroupLog log = bench.store.open(group);
            for (long index = 1; index <= ENTRIES; index++) {
                if (index % 10 != 0) {
                    log.free(index, index);
                }
            }
            log.discardHistory(log.lastIndex());
        }
        bench.force();
    }

    private static void assertEveryTenth(final GroupLog log) {
        assertEquals(ENTRIES, log.lastIndex());
        final EntryView view = new EntryView();
        for (long index = 10; index <= ENTRIES; index += 10) {
            assertTrue(log.record(index, view), "index " + index);
            assertEquals(index, view.index());
            assertEquals(1, view.term());
        }
    }

    /** A group is opened when the meta group says so, which may be long after the store was. */
    @Test
    void groupIsWholeThatIsOpenedWhileItsMovedEntriesAreNotWritten() throws IOException {
        final StoreBench moving = new StoreBench().with("garbage_max_percent", "1").with("spare_segments", "0");
        final GroupId late = GroupId.ofAssignment(8, false);
        final GroupId freed = GroupId.ofAssignment(9, false);
        moving.with("clean_rate", "0").open();
        for (int i = 0; i < 20; i++) {
            moving.append(late, 2);
            moving.append(freed, 40);
        }
        moving.store.delete(freed);
        moving.force();
        moving.care(60);
        moving.crash();
        moving.with("clean_rate", "100000000").open();

        long nowNs = 1L << 40;
        while (moving.store.cleaner().movedBytes() == 0) {
            nowNs += 50_000_000;
            assertTrue(nowNs < 1L << 41, "nothing is moved");
            moving.store.doWork(nowNs);
        }

        final GroupLog log = moving.store.open(late);
        final EntryBatch into = new EntryBatch(4096);
        for (long index = 1; index <= 40; index++) {
            assertEquals(1, log.termAt(index));
            assertEquals(1, log.read(index, 0, into));
            TestEntries.assertBytes(late, index, 1, into.buffer(), into.offset());
        }
    }
}
