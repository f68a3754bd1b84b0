package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sealed segments shrink, and nobody who reads them notices. */
final class CompressionTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final int ENTRIES = 400;

    private final StoreBench bench = new StoreBench().with("key_iterations", "1000").with("segment_length", "65536");

    @ParameterizedTest
    @ValueSource(strings = {"s2", "zstd"})
    void compressedSegmentsReadAsBefore(final String codec) throws IOException {
        bench.with("compression", codec).open();
        fill();
        final long before = bench.store.usage().occupiedBytes();

        bench.care(200);

        assertCompressed();
        assertTrue(bench.store.usage().occupiedBytes() < before * 3 / 4,
                bench.store.usage().occupiedBytes() + " bytes of " + before + " are left");
        assertFilled();
        assertEquals(List.of(), bench.store.verify().damages());
        bench.kill();
        assertFilled();
        assertEquals(List.of(), bench.store.verify().damages());
        assertEquals(List.of(), bench.warnings);
    }

    @Test
    void indexesOfCompressedSegmentsAreMadeAgain() throws IOException {
        bench.with("compression", "s2").open();
        fill();
        bench.care(200);
        assertCompressed();
        for (final String name : bench.disk.files()) {
            if (name.endsWith(".idx")) {
                bench.disk.delete(name);
            }
        }

        bench.kill();
        assertFilled();
        bench.care(60);

        assertFilled();
        for (final Segment segment : bench.sealed()) {
            assertNotNull(segment.index, segment.name);
        }
        assertEquals(List.of(), bench.warnings);
    }

    @Test
    void encryptedSegmentsAreCompressedAndEncryptedAgain() throws IOException {
        bench.with("compression", "s2").with("key", "a key").with("cipher", "aes").open();
        fill();
        bench.care(200);

        assertCompressed();
        assertFilled();
        bench.kill();
        assertFilled();
        assertEquals(List.of(), bench.store.verify().damages());
        final byte[] ramp = new byte[64];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i + 32);
        }
        final String plain = new String(ramp, StandardCharsets.ISO_8859_1);
        for (final String name : bench.disk.files()) {
            assertFalse(new String(bench.disk.bytes(name), StandardCharsets.ISO_8859_1).contains(plain), name);
        }
    }

    @Test
    void damagedUnitIsNotServedAndHidesNoOther() throws IOException {
        bench.with("compression", "zstd").with("segment_length", "524288").open();
        for (int i = 0; i < 8; i++) {
            fill();
        }
        bench.care(400);
        assertCompressed();
        final Segment first = bench.sealed().getFirst();
        final int last = first.runs.getLast().offset(first.runs.getLast().count() - 1);
        final int unit = unitBehind(first, last / 2);
        // One bit might only change the padding between two blocks.
        for (int at = 100; at < 1_000; at += 9) {
            bench.disk.flipBit(first.name, unit + at, at % 8);
        }

        bench.kill();

        int lost = 0;
        final GroupLog log = bench.store.open(GROUP);
        for (long index = 1; index <= log.lastIndex(); index++) {
            try {
                assertTrue(log.record(index, new EntryView()));
            } catch (final StoreException.Corrupt e) {
                lost++;
            }
        }
        assertTrue(lost > 0 && lost < log.lastIndex() / 3, lost + " of " + log.lastIndex() + " lost");
        assertFalse(bench.store.verify().damages().isEmpty());
        assertFalse(bench.store.mayHaveForgotten(GROUP));
    }

    @Test
    void sparseCompressedSegmentIsCleaned() throws IOException {
        bench.with("compression", "s2").open();
        fill();
        bench.care(200);
        assertCompressed();
        final GroupLog log = bench.store.open(GROUP);
        for (long index = 1; index <= ENTRIES; index++) {
            if (index % 20 != 0) {
                log.free(index, index);
            }
        }
        log.discardHistory(ENTRIES);
        final int before = bench.store.segments().snapshot().length;

        bench.care(300);

        assertTrue(bench.store.segments().snapshot().length < before);
        final EntryView view = new EntryView();
        for (long index = 20; index <= ENTRIES; index += 20) {
            assertTrue(log.record(index, view));
            TestEntries.assertBytes(GROUP, index, 1, view.buffer(), view.offset());
        }
    }

    @Test
    void unknownCodecIsRefused() {
        final StoreException refusal =
                assertThrows(StoreException.Refused.class, () -> bench.with("compression", "lzma").open());
        assertTrue(refusal.getMessage().contains("none, s2 and zstd"), refusal.getMessage());
    }

    private static int unitBehind(final Segment segment, final int from) {
        final BlockLayout.BlockHeader header = new BlockLayout.BlockHeader(77, segment.seq);
        final Window mapped = new Window(segment.bytes(), new Checksums(segment.bytes().duplicate()), 0);
        for (int offset = from & -512; offset < segment.end; offset += 512) {
            if (BlockLayout.read(mapped, offset, header) && header.isUnit()) {
                return offset;
            }
        }
        throw new AssertionError("no unit behind " + from);
    }

    private void fill() {
        bench.append(GROUP, ENTRIES);
        bench.store.ballots().save(GROUP, new Ballot(3, 4));
        bench.force();
    }

    private void assertCompressed() {
        assertTrue(bench.store.compressor().compressed() > 0, "nothing was compressed");
    }

    private void assertFilled() {
        final GroupLog log = bench.store.open(GROUP);
        assertEquals(ENTRIES, log.lastIndex());
        final EntryBatch into = new EntryBatch(4096);
        final EntryView view = new EntryView();
        for (long index = 1; index <= ENTRIES; index++) {
            assertEquals(1, log.read(index, 0, into));
            TestEntries.assertBytes(GROUP, index, 1, into.buffer(), into.offset());
            assertTrue(log.record(index, view));
            TestEntries.assertBytes(GROUP, index, 1, view.buffer(), view.offset());
        }
        assertEquals(new Ballot(3, 4), bench.store.ballots().load(GROUP));
    }
}
