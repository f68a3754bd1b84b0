package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** Sealed segments are known by their index files; a bad index file never hurts. */
final class SealedIndexTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final GroupId OTHER = GroupId.ofAssignment(2, false);

    private final StoreBench bench = new StoreBench();

    @Test
    void placesOfSealedEntriesLeaveTheHeap() throws IOException {
        filled();

        assertTrue(bench.sealed().size() > 5);
        for (final Segment segment : bench.sealed()) {
            assertNotNull(segment.index, segment.name);
        }
        final int chunks = bench.store.find(GROUP).entries.chunkCount();
        assertTrue(chunks <= 2, chunks + " chunks for " + bench.store.open(GROUP).lastIndex() + " entries");
        assertAllThere();
    }

    @Test
    void restartReadsIndexesInsteadOfSegments() throws IOException {
        filled();
        bench.store.open(GROUP).free(1, 20);
        bench.store.open(GROUP).discardHistory(10);
        bench.store.open(GROUP).truncateFrom(395);
        bench.store.ballots().save(OTHER, new Ballot(3, 4));
        bench.append(GROUP, 6);
        bench.force();

        bench.kill();

        assertEquals(List.of(), bench.warnings);
        assertEquals(11, bench.store.open(GROUP).firstHistoryIndex());
        assertEquals(400, bench.store.open(GROUP).lastIndex());
        assertEquals(new Ballot(3, 4), bench.store.ballots().load(OTHER));
        assertTrue(bench.store.find(GROUP).entries.chunkCount() <= 2);
        assertAllThere();
    }

    @Test
    void damagedEntryHeaderHidesNothingElseOfAnIndexedSegment() throws IOException {
        filled();
        final GroupLog log = bench.store.open(GROUP);
        final EntryView view = new EntryView();
        assertTrue(log.record(9, view));
        final String name = bench.sealed().getFirst().name;
        final int offset = view.offset();

        bench.disk.flipBit(name, offset + 9, 2);
        bench.kill();

        final GroupLog again = bench.store.open(GROUP);
        assertThrows(StoreException.Corrupt.class, () -> again.record(9, view));
        assertTrue(again.record(8, view));
        assertTrue(again.record(10, view));
        assertFalse(bench.store.mayHaveForgotten(GROUP));
        assertFalse(bench.store.verify().damages().isEmpty());
    }

    @Test
    void damagedIndexFileIsMadeAgain() throws IOException {
        filled();
        final List<String> indexes = bench.disk.files().stream().filter(name -> name.endsWith(".idx")).toList();
        final String directory = indexes.get(0);
        final String table = indexes.get(1);
        bench.crash();
        bench.disk.flipBit(directory, 70, 1);
        bench.disk.flipBit(table, bench.disk.bytes(table).length - 3, 5);
        Arrays.fill(bench.disk.bytes(indexes.get(2)), (byte) 0);

        bench.open();

        assertAllThere();
        bench.care(40);
        assertAllThere();
        for (final Segment segment : bench.sealed()) {
            assertNotNull(segment.index, segment.name);
        }
        assertEquals(List.of(), bench.warnings);
    }

    @Test
    void indexFileThatCanNotBeOpenedIsMadeAgain() throws IOException {
        filled();
        final String name = SealedIndex.nameOf(bench.sealed().get(1).seq);
        bench.crash();
        bench.disk.unreadable(name);

        bench.open();

        assertAllThere();
        bench.care(40);
        for (final Segment segment : bench.sealed()) {
            assertNotNull(segment.index, segment.name);
        }
        assertEquals(1, bench.warnings.size(), bench.warnings.toString());
        assertTrue(bench.warnings.getFirst().contains("can not be read"), bench.warnings.toString());
    }

    @Test
    void entriesOfALostRunThatMayHaveBeenSupersededAreLostAndNotTheStore() throws IOException {
        filled();
        bench.force();
        final Segment lost = bench.sealed().get(1);
        final int damagedAt = bench.store.writer().current().end;
        bench.append(GROUP, 2);
        bench.append(GROUP, 2);
        final String current = bench.store.writer().current().name;
        bench.crash();
        final byte[] index = bench.disk.bytes(SealedIndex.nameOf(lost.seq));
        bench.disk.flipBit(SealedIndex.nameOf(lost.seq), index.length - 3, 5);
        final byte[] content = bench.disk.bytes(lost.name);
        Arrays.fill(content, 1_024, content.length, (byte) 7);
        bench.disk.flipBit(current, damagedAt + 20, 1);

        bench.open();

        final GroupLog log = bench.store.open(GROUP);
        assertEquals(404, log.lastIndex());
        assertEquals(1, log.read(404, 0, new EntryBatch(4096)));
        assertThrows(StoreException.Corrupt.class, () -> log.read(401, 0, new EntryBatch(4096)));
    }

    @Test
    void runThatNobodyCanFindAnyMoreStopsNothing() throws IOException {
        filled();
        final Segment lost = bench.sealed().get(1);
        final byte[] index = bench.disk.bytes(SealedIndex.nameOf(lost.seq));
        final byte[] content = bench.disk.bytes(lost.name);
        bench.crash();
        bench.disk.flipBit(SealedIndex.nameOf(lost.seq), index.length - 3, 5);
        Arrays.fill(bench.disk.bytes(lost.name), 1_024, content.length, (byte) 7);
        bench.open();
        final SealedRun run = bench.store.segments().get(lost.seq).runs.stream().filter(any -> !any.isReadable())
                .findFirst().orElseThrow();
        final long first = run.first;
        final long last = run.last;
        final GroupId group = new GroupId(run.owner.group);
        final GroupLog log = bench.store.open(group);
        assertThrows(StoreException.Corrupt.class, () -> log.read(first, 0, new EntryBatch(4096)));

        log.free(first + 1, last - 1);
        log.restore(TestEntries.sparse(group, 1, first));
        bench.care(60);

        assertEquals(1, log.read(first, 0, new EntryBatch(4096)));
        assertThrows(StoreException.Corrupt.class, () -> log.read(first + 1, 0, new EntryBatch(4096)));
        log.truncateFrom(first + 2);
        assertEquals(first + 1, log.lastIndex());
        log.reset(500, 1);
        bench.force();
        assertEquals(0, log.liveBytes());
    }

    @Test
    void indexOfASegmentThatWasReplacedIsNotBelieved() throws IOException {
        filled();
        final Segment first = bench.sealed().getFirst();
        final byte[] stale = bench.disk.bytes(SealedIndex.nameOf(first.seq)).clone();
        bench.store.delete(GROUP);
        bench.store.delete(OTHER);
        bench.force();
        bench.care(200);
        assertFalse(bench.disk.files().contains(SealedIndex.nameOf(first.seq)), bench.disk.files().toString());
        bench.disk.create(SealedIndex.nameOf(first.seq), stale.length).write(ByteBuffer.wrap(stale), 0);

        bench.kill();

        assertEquals(List.of(), List.copyOf(bench.store.groups()));
        assertFalse(bench.disk.files().contains(SealedIndex.nameOf(first.seq)), "it says nothing about anything");
    }

    @Test
    void truncationAndRepairAfterSealingAreSeenThroughTheIndex() throws IOException {
        filled();
        final GroupLog log = bench.store.open(GROUP);
        log.restore(TestEntries.sparse(GROUP, 1, 5, 17, 203));
        log.truncateFrom(301);
        log.append(TestEntries.batch(GROUP, 301, 3, 2));
        bench.force();
        for (int restart = 0; restart < 3; restart++) {
            final GroupLog now = bench.store.open(GROUP);
            assertEquals(303, now.lastIndex());
            assertEquals(1, now.termAt(300));
            assertEquals(2, now.termAt(301));
            assertFalse(now.record(304, new EntryView()));
            assertHistory(now, 1, 300, 1);
            assertHistory(now, 301, 303, 2);
            bench.append(OTHER, 100);
            bench.care(30);
            bench.kill();
        }
    }

    private void filled() throws IOException {
        bench.open();
        for (int i = 0; i < 10; i++) {
            bench.append(GROUP, 40);
            bench.append(OTHER, 10);
        }
        bench.care(60);
    }

    private void assertAllThere() {
        for (final GroupId group : List.of(GROUP, OTHER)) {
            final GroupLog log = bench.store.open(group);
            final EntryBatch into = new EntryBatch(4096);
            for (long index = log.firstHistoryIndex(); index <= log.lastIndex(); index++) {
                assertEquals(1, log.read(index, 0, into));
                TestEntries.assertBytes(group, index, 1, into.buffer(), into.offset());
            }
        }
    }

    private static void assertHistory(final GroupLog log, final long from, final long through, final long term) {
        final EntryBatch into = new EntryBatch(4096);
        for (long index = from; index <= through; index++) {
            assertEquals(1, log.read(index, 0, into));
            TestEntries.assertBytes(GROUP, index, term, into.buffer(), into.offset());
        }
    }
}
