package jetstream.simulator.world;

import java.nio.ByteBuffer;
import jetstream.api.store.CheckpointWriter;

/** A number over many bytes; takes a state image as a checkpoint writer. Not the store's checksum, on purpose. */
public final class Digest implements CheckpointWriter {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private long value = PRIME;
    private long length;

    /** Of a range of a buffer. */
    public static long of(final ByteBuffer buffer, final int offset, final int length) {
        long value = PRIME ^ length;
        int at = offset;
        final int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            value = mix(value, buffer.getLong(at));
        }
        for (; at < end; at++) {
            value = mix(value, buffer.get(at));
        }
        return value;
    }

    /** Adds bytes one by one, so that it does not matter in which pieces they come. */
    @Override
    public void write(final ByteBuffer bytes) {
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
            value = (value ^ bytes.get()) * PRIME;
            value ^= value >>> 29;
        }
    }

    @Override
    public void commit() {
        // Nothing to do: the bytes are in.
    }

    @Override
    public void abort() {
        value = PRIME;
        length = 0;
    }

    /** The number. */
    public long value() {
        return mix(value, length);
    }

    private static long mix(final long value, final long with) {
        final long mixed = (value ^ with) * PRIME;
        return mixed ^ mixed >>> 32;
    }
}
