package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SnappyTest {
    @Test
    void whatWasCompressedComesBack() {
        final Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            final byte[] source = sample(random, random.nextInt(round < 1_900 ? 600 : 200_000));
            final byte[] compressed = new byte[Snappy.lengthMax(source.length)];
            final int length = new Snappy().compress(source, source.length, compressed);
            final byte[] found = new byte[source.length];
            assertTrue(Snappy.decompress(compressed, length, found, found.length), "round " + round);
            assertArrayEquals(source, found, "round " + round);
        }
    }

    @Test
    void repetitionShrinks() {
        final byte[] source = new byte[100_000];
        Arrays.fill(source, (byte) 'x');
        final byte[] compressed = new byte[Snappy.lengthMax(source.length)];
        assertTrue(new Snappy().compress(source, source.length, compressed) < 6_000);
    }

    @Test
    void formatIsThatOfTheDescription() {
        // "abcdabcdabcd" and its length, a literal of four, a copy of eight from four bytes before.
        final byte[] known = HexFormat.of().parseHex("0c0c616263641e0400");
        final byte[] found = new byte[12];
        assertTrue(Snappy.decompress(known, known.length, found, 12));
        assertArrayEquals("abcdabcdabcd".getBytes(StandardCharsets.US_ASCII), found);
        // A copy with a one-byte offset: length 5, offset 1.
        final byte[] shortCopy = HexFormat.of().parseHex("0600610501");
        final byte[] run = new byte[6];
        assertTrue(Snappy.decompress(shortCopy, shortCopy.length, run, 6));
        assertEquals("aaaaaa", new String(run, StandardCharsets.US_ASCII));
    }

    @Test
    void garbageIsRefusedOrDecodedWithinItsBounds() {
        final Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            final byte[] garbage = new byte[1 + random.nextInt(60)];
            random.nextBytes(garbage);
            refused += Snappy.decompress(garbage, garbage.length, new byte[50], 50) ? 0 : 1;
        }
        assertTrue(refused > 4_900, refused + " refused");
    }

    private static byte[] sample(final Random random, final int length) {
        final byte[] source = new byte[length];
        for (int at = 0; at < length;) {
            final int count = Math.min(length - at, 1 + random.nextInt(100));
            if (at > 0 && random.nextInt(3) > 0) {
                final int from = random.nextInt(at);
                for (int i = 0; i < count; i++) {
                    source[at + i] = source[from + i];
                }
            } else {
                for (int i = 0; i < count; i++) {
                    source[at + i] = (byte) random.nextInt(256);
                }
            }
            at += count;
        }
        return source;
    }
}
