package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies on the disk of an encrypted store tells nothing and can not be changed unnoticed. */
final class EncryptionTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final byte[] SECRET = "nobody may read this".getBytes(StandardCharsets.US_ASCII);

    private final StoreBench bench = new StoreBench().with("key_iterations", "1000");

    @ParameterizedTest
    @ValueSource(strings = {"aes", "chacha"})
    void messagesAndCheckpointsAreNotReadableOnDisk(final String cipher) throws IOException {
        bench.with("key", "first key").with("cipher", cipher).open();
        fill();
        assertEquals(List.of(), filesWithTheSecret());

        bench.kill();
        assertFilled();
        bench.care(60);
        bench.kill();
        assertFilled();
        assertEquals(List.of(), bench.store.verify().damages());
        assertEquals(List.of(), bench.warnings);
    }

    @Test
    void theyAreReadableWithoutAKey() throws IOException {
        bench.open();
        fill();

        assertFalse(filesWithTheSecret().isEmpty(), "else the other test proves nothing");
    }

    @Test
    void otherKeyAndNoKeyAreRefused() throws IOException {
        bench.with("key", "first key").open();
        fill();

        assertThrows(StoreException.Refused.class, () -> bench.with("key", "other key").kill());
        assertThrows(StoreException.Refused.class, () -> bench.with("prev_key", "third key").kill());
        final StoreException refusal =
                assertThrows(StoreException.Refused.class, () -> bench.without("prev_key").without("key").kill());
        assertTrue(refusal.getMessage().contains("no key is configured"), refusal.getMessage());
        bench.with("key", "first key").kill();
        assertFilled();
    }

    @Test
    void previousKeyOpensTheStoreForTheNewOne() throws IOException {
        bench.with("key", "first key").open();
        fill();

        bench.with("key", "second key").with("prev_key", "first key").kill();
        assertFilled();
        bench.without("prev_key").kill();
        assertFilled();

        assertThrows(StoreException.Refused.class, () -> bench.with("key", "first key").kill());
    }

    @Test
    void cipherChangesForWhatIsWrittenNext() throws IOException {
        bench.with("key", "first key").with("cipher", "aes").open();
        fill();
        bench.with("cipher", "chacha").kill();
        bench.append(GROUP, 40);
        bench.kill();

        assertFilled();
        assertTail(bench.store.open(GROUP), 41);
        assertEquals(List.of(), bench.store.verify().damages());
    }

    @Test
    void plainStoreIsEncryptedFromNowOn() throws IOException {
        bench.open();
        bench.append(GROUP, 40);
        bench.with("key", "first key").kill();
        fill();

        assertEquals(List.of(), filesWithTheSecret());
        bench.kill();
        assertTail(bench.store.open(GROUP), 1);
        assertEquals(List.of(), bench.store.verify().damages());
    }

    @Test
    void lostFileOfKeysIsNamed() throws IOException {
        bench.with("key", "first key").open();
        fill();
        bench.disk.delete("KEYS");

        final StoreException refusal = assertThrows(StoreException.class, () -> bench.without("key").kill());

        assertTrue(refusal.getMessage().contains("file with its keys is missing"), refusal.getMessage());
    }

    @Test
    void damagedCopyOfTheKeysIsSurvived() throws IOException {
        bench.with("key", "first key").open();
        fill();
        bench.disk.flipBit("KEYS", 40, 1);

        bench.kill();

        assertFilled();
        assertTrue(bench.warnings.stream().anyMatch(line -> line.contains("KEYS is damaged")),
                bench.warnings.toString());
    }

    @Test
    void changedCiphertextIsNeverServed() throws IOException {
        bench.with("key", "first key").open();
        fill();
        bench.care(60);
        final GroupLog log = bench.store.open(GROUP);
        assertTrue(log.record(5, new EntryView()));
        final FileGroup group = bench.store.find(GROUP);
        assertTrue(group.entries.locate(5));
        final Segment segment = bench.store.segment(group.entries.position());
        bench.disk.flipBit(segment.name, Position.offset(group.entries.position()) + 50, 3);

        bench.kill();

        assertThrows(StoreException.Corrupt.class, () -> bench.store.open(GROUP).record(5, new EntryView()));
        assertFalse(bench.store.verify().damages().isEmpty());
        bench.store.open(GROUP).restore(secret(5));
        assertTrue(bench.store.open(GROUP).record(5, new EntryView()));
    }

    @Test
    void entriesThatAreNotWrittenYetAreReadable() throws IOException {
        bench.with("key", "first key").open();
        final GroupLog log = bench.store.open(GROUP);
        log.append(TestEntries.batch(GROUP, 1, 3, 1));
        final EntryView view = new EntryView();
        assertTrue(log.record(2, view));
        TestEntries.assertBytes(GROUP, 2, 1, view.buffer(), view.offset());
        bench.store.ticket();
        assertTrue(log.record(2, view));
        TestEntries.assertBytes(GROUP, 2, 1, view.buffer(), view.offset());
    }

    /** Entries with the secret, then a small and a large checkpoint, then a vote. */
    private void fill() {
        final GroupLog log = bench.store.open(GROUP);
        for (int i = 0; i < 40; i++) {
            log.append(secret(log.lastIndex() + 1));
            bench.force();
        }
        checkpoint(1, 200);
        checkpoint(2, 200_000);
        bench.store.ballots().save(GROUP, new Ballot(3, 4));
        bench.force();
    }

    private void checkpoint(final long index, final int length) {
        final CheckpointWriter writer = bench.store.checkpoints().begin(GROUP, index, 1);
        for (int written = 0; written < length; written += SECRET.length) {
            writer.write(ByteBuffer.wrap(SECRET));
        }
        writer.commit();
        bench.force();
    }

    private void assertFilled() {
        final GroupLog log = bench.store.open(GROUP);
        final EntryView view = new EntryView();
        for (long index = 1; index <= 40; index++) {
            assertTrue(log.record(index, view), "index " + index);
            assertEquals(ByteBuffer.wrap(SECRET), view.buffer().slice(view.bodyOffset(), SECRET.length));
        }
        assertEquals(new Ballot(3, 4), bench.store.ballots().load(GROUP));
        final ByteBuffer image = bench.store.checkpoints().latest(GROUP).orElseThrow().image();
        assertEquals(200_000, image.remaining());
        assertEquals(ByteBuffer.wrap(SECRET), image.slice(image.remaining() - SECRET.length, SECRET.length));
    }

    private static void assertTail(final GroupLog log, final long from) {
        final EntryBatch into = new EntryBatch(4096);
        for (long index = from; index < from + 40; index++) {
            assertEquals(1, log.read(index, 0, into));
            TestEntries.assertBytes(GROUP, index, 1, into.buffer(), into.offset());
        }
    }

    private static EntryBatch secret(final long index) {
        final EntryBatch batch = new EntryBatch(1024);
        final int body = batch.begin(EntryType.APPLICATION, (byte) 0, index, 400);
        for (int at = 0; at < 400; at += SECRET.length) {
            batch.buffer().put(body + at, SECRET);
        }
        batch.end(400);
        batch.seal(GROUP.value(), index, 1);
        return batch;
    }

    private List<String> filesWithTheSecret() {
        final String secret = new String(SECRET, StandardCharsets.ISO_8859_1);
        return bench.disk.files().stream()
                .filter(name -> new String(bench.disk.bytes(name), StandardCharsets.ISO_8859_1).contains(secret))
                .toList();
    }
}
