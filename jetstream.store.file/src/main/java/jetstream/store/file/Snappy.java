package jetstream.store.file;

import java.util.Arrays;

/**
 * The raw Snappy format, which decoders of S2 read as well: a varint of the length, then literals and copies. Written
 * here because the libraries that know it need a native image or {@code sun.misc.Unsafe}. Any thread; each compressor
 * one.
 *
 * @see "Snappy compressed format description, google/snappy, format_description.txt"
 */
final class Snappy {
    private static final int HASH_BITS = 14;
    private static final int HASH_MULTIPLIER = 0x1e35a7bd;
    private static final int MIN_MATCH = 4;
    private static final int COPY_MAX = 64;
    private static final int OFFSET_MAX = 65_535;
    private static final int SHORT_LITERAL_MAX = 60;

    private final int[] table = new int[1 << HASH_BITS];

    /** Longest that so many bytes can become. */
    static int lengthMax(final int length) {
        return 32 + length + length / 6;
    }

    /** Compresses; returns the length of what it wrote. */
    int compress(final byte[] source, final int length, final byte[] into) {
        int at = writeLength(length, into);
        Arrays.fill(table, -1);
        int literal = 0;
        int next = 0;
        while (next + MIN_MATCH <= length) {
            final int word = word(source, next);
            final int slot = word * HASH_MULTIPLIER >>> 32 - HASH_BITS;
            final int candidate = table[slot];
            table[slot] = next;
            if (candidate < 0 || next - candidate > OFFSET_MAX || word(source, candidate) != word) {
                // The longer nothing is found the larger the steps: what can not be compressed costs little.
                next += 1 + (next - literal >> 5);
                continue;
            }
            at = writeLiteral(source, literal, next, into, at);
            int match = MIN_MATCH;
            while (next + match < length && source[candidate + match] == source[next + match]) {
                match++;
            }
            at = writeCopies(next - candidate, match, into, at);
            next += match;
            literal = next;
        }
        return writeLiteral(source, literal, length, into, at);
    }

    /** Decompresses into exactly that many bytes; false if the source is not what {@link #compress} makes. */
    static boolean decompress(final byte[] source, final int sourceLength, final byte[] into, final int length) {
        try {
            return run(source, sourceLength, into, length);
        } catch (final ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    private static boolean run(final byte[] source, final int sourceLength, final byte[] into, final int length) {
        int at = 0;
        int expected = 0;
        for (int shift = 0;; shift += 7) {
            final int part = source[at++];
            expected |= (part & 0x7f) << shift;
            if (part >= 0) {
                break;
            }
        }
        int written = 0;
        while (at < sourceLength && written < length) {
            final int tag = source[at++] & 0xff;
            if ((tag & 3) == 0) {
                final int extra = Math.max(0, (tag >> 2) - SHORT_LITERAL_MAX + 1);
                final int count = extra == 0 ? (tag >> 2) + 1 : little(source, at, extra) + 1;
                at += extra;
                System.arraycopy(source, at, into, written, count);
                at += count;
                written += count;
            } else {
                final int width = (tag & 3) == 3 ? 4 : tag & 3;
                final int count = (tag & 3) == 1 ? (tag >> 2 & 7) + MIN_MATCH : (tag >> 2) + 1;
                final int offset = (tag & 3) == 1 ? (tag & 0xe0) << 3 | source[at] & 0xff : little(source, at, width);
                at += width;
                if (offset <= 0) {
                    return false;
                }
                // Byte by byte: source and target of a copy may overlap, which repeats.
                for (int i = 0; i < count; i++) {
                    into[written] = into[written - offset];
                    written++;
                }
            }
        }
        return expected == length && written == length && at == sourceLength;
    }

    private static int writeLength(final int length, final byte[] into) {
        int at = 0;
        int rest = length;
        while (rest > 0x7f) {
            into[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[at++] = (byte) rest;
        return at;
    }

    private static int writeLiteral(final byte[] source, final int from, final int through, final byte[] into,
            final int to) {
        int at = to;
        final int last = through - from - 1;
        if (last < 0) {
            return at;
        }
        if (last < SHORT_LITERAL_MAX) {
            into[at++] = (byte) (last << 2);
        } else {
            int width = 1;
            while (last >>> width * 8 != 0) {
                width++;
            }
            into[at++] = (byte) (SHORT_LITERAL_MAX - 1 + width << 2);
            for (int i = 0; i < width; i++) {
                into[at++] = (byte) (last >>> i * 8);
            }
        }
        System.arraycopy(source, from, into, at, last + 1);
        return at + last + 1;
    }

    private static int writeCopies(final int offset, final int length, final byte[] into, final int to) {
        int at = to;
        int rest = length;
        while (rest > 0) {
            final int count = Math.min(rest, COPY_MAX);
            into[at++] = (byte) (count - 1 << 2 | 2);
            into[at++] = (byte) offset;
            into[at++] = (byte) (offset >> 8);
            rest -= count;
        }
        return at;
    }

    private static int little(final byte[] source, final int at, final int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= (source[at + i] & 0xff) << i * 8;
        }
        return value;
    }

    private static int word(final byte[] source, final int at) {
        return source[at] & 0xff | (source[at + 1] & 0xff) << 8 | (source[at + 2] & 0xff) << 16 | source[at + 3] << 24;
    }
}
