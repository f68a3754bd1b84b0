package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** Damage to what nobody reads is found all the same. */
final class ScrubberTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final GroupId OTHER = GroupId.ofAssignment(2, false);

    private final StoreBench bench = new StoreBench();

    @Test
    void damageIsReportedWithItsPlace() throws IOException {
        bench.with("scrub_rate", "100000000").open();
        bench.append(GROUP, 100);
        final EntryView view = new EntryView();
        assertTrue(bench.store.open(GROUP).record(3, view));
        bench.disk.flipBit(bench.sealed().getFirst().name, view.bodyOffset() + 1, 1);

        bench.care(100);

        final List<String> found = bench.warnings.stream().filter(line -> line.startsWith("scrubber: ")).toList();
        assertEquals(1, found.size(), bench.warnings.toString());
        assertTrue(found.getFirst().contains("index 3"), found.getFirst());
        assertEquals(1, bench.store.verify().damages().size());
    }

    @Test
    void damagedEntriesAreToldToTheOwnerUntilTheyAreGivenBack() throws IOException {
        bench.with("scrub_rate", "100000000").open();
        bench.append(GROUP, 100);
        bench.care(20);
        final GroupLog log = bench.store.open(GROUP);
        damageBody(log, 3);
        damageBody(log, 7);
        log.restore(TestEntries.sparse(GROUP, 1, 7));
        bench.care(100);
        assertEquals(Set.of(), bench.told, "nothing was read since: a pass a day");

        bench.kill();
        bench.care(100);

        assertEquals(Set.of(GROUP + " 3"), bench.told);
    }

    @Test
    void damagedHeaderTellsAllEntriesThatItHides() throws IOException {
        bench.with("scrub_rate", "100000000").open();
        final GroupLog log = bench.store.open(GROUP);
        log.append(TestEntries.batch(GROUP, 1, 10, 1));
        bench.force();
        bench.append(OTHER, 300);
        final EntryView view = new EntryView();
        assertTrue(log.record(8, view));
        bench.disk.flipBit(Segment.nameOf(1), view.offset() + 9, 1);

        bench.care(100);

        assertEquals(Set.of(GROUP + " 8", GROUP + " 9", GROUP + " 10"), bench.told);
    }

    @Test
    void runWithoutPlacesIsToldAsAWhole() throws IOException {
        bench.with("scrub_rate", "0").open();
        bench.append(GROUP, 100);
        bench.care(60);
        final Segment lost = bench.sealed().get(1);
        bench.crash();
        final byte[] index = bench.disk.bytes(SealedIndex.nameOf(lost.seq));
        bench.disk.flipBit(SealedIndex.nameOf(lost.seq), index.length - 3, 5);
        final byte[] content = bench.disk.bytes(lost.name);
        Arrays.fill(content, 1_024, content.length, (byte) 7);
        bench.with("scrub_rate", "100000000").open();

        bench.care(60);

        final SealedRun run = bench.store.segments().get(lost.seq).runs.getFirst();
        final Set<String> whole = new TreeSet<>();
        for (long at = run.first; at <= run.last; at++) {
            whole.add(GROUP + " " + at);
        }
        assertEquals(whole, bench.told);
    }

    @Test
    void damageThatTheIndexerMeetsIsToldWithoutAScrubber() throws IOException {
        bench.with("scrub_rate", "0").open();
        final GroupLog log = bench.store.open(GROUP);
        bench.append(GROUP, 100);
        final EntryView view = new EntryView();
        assertTrue(log.record(5, view));
        bench.disk.flipBit(Segment.nameOf(1), view.offset() + 9, 1);

        bench.care(60);

        assertTrue(bench.told.contains(GROUP + " 5"), bench.told.toString());
    }

    @Test
    void damageThatTheCleanerMeetsIsToldWithoutAScrubber() throws IOException {
        bench.with("scrub_rate", "0").with("garbage_max_percent", "1").with("spare_segments", "0").open();
        final GroupLog log = bench.store.open(GROUP);
        bench.append(GROUP, 100);
        damageBody(log, 5);
        log.discardHistory(log.lastIndex());
        log.free(1, 4);
        log.free(6, 80);

        bench.care(60);

        assertEquals(Set.of(GROUP + " 5"), bench.told);
    }

    private void damageBody(final GroupLog log, final long index) {
        final EntryView view = new EntryView();
        assertTrue(log.record(index, view));
        bench.disk.flipBit(Segment.nameOf(1), view.bodyOffset() + 1, 1);
    }

    @Test
    void rateIsKept() throws IOException {
        bench.with("scrub_rate", "1000").open();
        bench.append(GROUP, 400);

        bench.care(200);

        // A piece is a segment here: the first one at once, the next one much later.
        assertTrue(bench.store.scrubber().readBytes() <= 16_384, bench.store.scrubber().readBytes() + " bytes read");
        assertTrue(bench.store.scrubber().readBytes() > 0);
    }
}
