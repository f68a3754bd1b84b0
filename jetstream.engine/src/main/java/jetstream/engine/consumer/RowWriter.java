package jetstream.engine.consumer;

import java.util.Arrays;
import jetstream.api.entry.EntryBatch;

/** Collects the rows of one log entry: numbers of seven bits per byte, low bits first. Owner: the shard thread. */
final class RowWriter {
    private byte[] bytes = new byte[64];
    private int length;
    private int rows;
    private long previousSeq;

    boolean isEmpty() {
        return rows == 0;
    }

    int rows() {
        return rows;
    }

    void clear() {
        length = 0;
        rows = 0;
        previousSeq = 0;
    }

    /** Starts a row: the distance of its sequence to the one before, and {@code kindBits} low bits of kind. */
    void startRow(final long seq, final int kind, final int kindBits) {
        final long distance = seq - previousSeq;
        previousSeq = seq;
        rows++;
        number((distance << 1 ^ distance >> 63) << kindBits | kind);
    }

    /** Starts a row with a number of its own. */
    void rowNumber(final long value) {
        rows++;
        number(value);
    }

    /** Adds a number, taken as unsigned. */
    void number(final long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** Adds {@code count} bytes behind their number. */
    void bytes(final byte[] source, final int count) {
        number(count);
        ensure(count);
        System.arraycopy(source, 0, bytes, length, count);
        length += count;
    }

    /** Adds bytes as they are. */
    void raw(final byte[] source) {
        ensure(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    /** Puts an entry with a leading number and the rows into a batch, and starts anew. */
    void flush(final byte type, final byte flags, final long epochNs, final long leading, final EntryBatch batch) {
        final int start = batch.begin(type, flags, epochNs, Long.BYTES + length);
        batch.buffer().putLong(start, leading);
        batch.buffer().put(start + Long.BYTES, bytes, 0, length);
        batch.end(Long.BYTES + length);
        clear();
    }

    /** The bytes so far, from 0 to {@link #length()}. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void ensure(final int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
