package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.store.CheckpointWriter;

/** Collects the bytes of a checkpoint image and hands them on in pieces. Owner: the shard thread, during one image. */
final class ImageWriter {
    private static final int PIECE_LENGTH = 64 << 10;
    private static final int LONGEST_NUMBER = 10;

    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final CheckpointWriter out;

    ImageWriter(final CheckpointWriter out) {
        this.out = out;
    }

    /** A number that is small in most cases and not negative: seven bits per byte, the lowest first. */
    void number(final long value) {
        room(LONGEST_NUMBER);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            piece.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        piece.put((byte) rest);
    }

    /** A number near zero of either sign. */
    void signed(final long value) {
        number(value << 1 ^ value >> 63);
    }

    /** Eight bytes. */
    void fixed(final long value) {
        room(Long.BYTES);
        piece.putLong(value);
    }

    /** A length and so many bytes. */
    void bytes(final byte[] source, final int length) {
        number(length);
        int at = 0;
        while (at < length) {
            room(1);
            final int part = Math.min(piece.remaining(), length - at);
            piece.put(source, at, part);
            at += part;
        }
    }

    /** So many bytes without their number; large ones are handed on without a copy. */
    void raw(final byte[] source, final int length) {
        if (length > piece.remaining()) {
            finish();
        }
        if (length > PIECE_LENGTH) {
            out.write(ByteBuffer.wrap(source, 0, length));
        } else {
            piece.put(source, 0, length);
        }
    }

    /** Hands on what is left. */
    void finish() {
        piece.flip();
        out.write(piece);
        piece.clear();
    }

    private void room(final int length) {
        if (piece.remaining() < length) {
            finish();
        }
    }
}
