package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;

/** Reads what {@link RowWriter} wrote. Owner: the shard thread. */
final class RowReader {
    private ByteBuffer buffer;
    private int at;
    private int limit;
    private long previousSeq;
    private int kind;

    RowReader wrap(final ByteBuffer newBuffer, final int offset, final int length) {
        buffer = newBuffer;
        at = offset;
        limit = offset + length;
        previousSeq = 0;
        return this;
    }

    boolean hasMore() {
        return at < limit;
    }

    /** Eight bytes, little endian. */
    long fixed() {
        final long value = buffer.getLong(at);
        at += Long.BYTES;
        return value;
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            Invariant.check(at < limit && shift < 64, "number runs out of its entry", at, limit);
            next = buffer.get(at++);
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    /** Reads the start of a row and returns its sequence; {@link #kind} is the row's kind. */
    long startRow(final int kindBits) {
        final long head = number();
        kind = (int) head & (1 << kindBits) - 1;
        final long folded = head >>> kindBits;
        previousSeq += folded >>> 1 ^ -(folded & 1);
        return previousSeq;
    }

    int kind() {
        return kind;
    }

    /** Bytes behind their number. */
    byte[] bytes() {
        final int length = (int) number();
        Invariant.check(length >= 0 && length <= limit - at, "bytes run out of their entry", length, limit - at);
        final byte[] copy = new byte[length];
        buffer.get(at, copy, 0, length);
        at += length;
        return copy;
    }
}
