package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreDirectory;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that earlier versions wrote are opened as they are, and by those versions no more. */
final class FormatTest {
    @TempDir private Path directory;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void directoryOfFormatOneIsReadAndGoesOn() throws IOException {
        unpack("format1.zip");

        try (Store store = open()) {
            assertSample(store);
            final GroupLog log = store.open(FormatSample.HISTORY);
            for (int i = 0; i < 40; i++) {
                log.append(TestEntries.batch(FormatSample.HISTORY, log.lastIndex() + 1, 2, 2));
                store.force(store.ticket());
                store.doWork(System.nanoTime() + i * 20_000_000L);
            }
            assertEquals(List.of(), store.verify().damages());
        }
        try (Store store = open()) {
            final GroupLog log = store.open(FormatSample.HISTORY);
            assertEquals(112, log.lastIndex());
            log.truncateFrom(33);
            assertSample(store);
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void upgradedDirectoryIsRefusedByTheVersionThatWroteIt() throws IOException {
        unpack("format1.zip");
        open().close();

        final StoreException refusal =
                assertThrows(StoreException.Refused.class, () -> StoreDirectory.claim(context(), "file", 1));

        assertTrue(refusal.getMessage().contains("format 2"), refusal.getMessage());
    }

    private void assertSample(final Store store) {
        assertEquals(Set.of(FormatSample.HISTORY, FormatSample.RECORDS, FormatSample.RESET, FormatSample.VOTER),
                new TreeSet<>(store.groups()));
        assertHistory(store.open(FormatSample.HISTORY), FormatSample.HISTORY, 1, 32);
        assertEquals(2, store.open(FormatSample.HISTORY).termAt(29));
        assertHistory(store.open(FormatSample.RECORDS), FormatSample.RECORDS, 16, 20);
        assertRecord(store, FormatSample.RECORDS, 10, 1);
        assertHistory(store.open(FormatSample.RESET), FormatSample.RESET, 51, 52);
        assertRecord(store, FormatSample.RESET, 20, 4);
        assertFalse(store.open(FormatSample.RESET).record(2, new EntryView()));
        assertEquals(new Ballot(7, 99), store.ballots().load(FormatSample.VOTER));
        assertCheckpoint(store, FormatSample.RECORDS, 15, 300);
        assertCheckpoint(store, FormatSample.HISTORY, 12, 3_000);
    }

    private static void assertHistory(final GroupLog log, final GroupId group, final long first, final long last) {
        assertEquals(first, log.firstHistoryIndex());
        assertEquals(last, log.lastIndex());
        final EntryBatch into = new EntryBatch(4096);
        for (long index = first; index <= last; index++) {
            assertEquals(1, log.read(index, 0, into));
            TestEntries.assertBytes(group, index, log.termAt(index), into.buffer(), into.offset());
        }
    }

    private static void assertRecord(final Store store, final GroupId group, final long index, final long term) {
        final EntryView view = new EntryView();
        assertTrue(store.open(group).record(index, view));
        TestEntries.assertBytes(group, index, term, view.buffer(), view.offset());
    }

    private static void assertCheckpoint(final Store store, final GroupId group, final long index, final int length) {
        final Checkpoint found = store.checkpoints().latest(group).orElseThrow();
        assertEquals(index, found.index());
        assertEquals(length, found.image().remaining());
        assertEquals((byte) (length - 1 + index), found.image().get(length - 1));
    }

    private Store open() {
        return new FileStoreProvider().open(context());
    }

    private StoreContext context() {
        return new StoreContext(directory, "n1", FormatSample.SETTINGS, (warning, text) -> {
            if (warning) {
                warnings.add(text);
            }
        });
    }

    private void unpack(final String name) throws IOException {
        try (InputStream resource = FormatTest.class.getResourceAsStream(name);
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                final Path file = directory.resolve(entry.getName());
                if (!entry.isDirectory()) {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
        }
    }
}
