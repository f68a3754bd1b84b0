package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of an image in its file, behind the header: as they are, or, in a store that has keys, in encrypted pieces
 * of 64 KiB with 16 bytes of tag each. Owner: the shard thread.
 */
final class ImagePieces {
    private static final int PIECE_BYTES = 64 << 10;

    private final SegmentFile file;
    private final DataKeys keys;
    private final int keyId;
    private final long salt;
    private final byte[] key;
    private final ByteBuffer plain;
    private final ByteBuffer encrypted;
    private long offset = CheckpointImage.HEADER_LENGTH;
    private long number;

    /** Pieces of an image that is being written; {@code keys} is null if it is not to be encrypted. */
    ImagePieces(final SegmentFile file, final DataKeys keys, final long group, final long index) {
        this.file = file;
        this.keys = keys;
        keyId = keys == null ? 0 : keys.currentId();
        salt = keys == null ? 0 : keys.newSalt();
        key = keys == null ? null : keys.imageKey(keyId, group, index, salt);
        plain = keys == null ? null : ByteBuffer.allocate(PIECE_BYTES);
        encrypted = keys == null ? null : ByteBuffer.allocate(PIECE_BYTES + DataKeys.TAG_LENGTH);
    }

    int keyId() {
        return keyId;
    }

    long salt() {
        return salt;
    }

    /** Writes all remaining bytes. */
    void write(final ByteBuffer bytes) throws IOException {
        if (keys == null) {
            final int length = bytes.remaining();
            file.write(bytes, offset);
            offset += length;
            return;
        }
        while (bytes.hasRemaining()) {
            final int length = Math.min(bytes.remaining(), plain.remaining());
            plain.put(plain.position(), bytes, bytes.position(), length).position(plain.position() + length);
            bytes.position(bytes.position() + length);
            if (!plain.hasRemaining()) {
                writePiece();
            }
        }
    }

    /** Writes what is left. */
    void end() throws IOException {
        if (keys != null && plain.position() > 0) {
            writePiece();
        }
    }

    private void writePiece() throws IOException {
        keys.encryptPiece(keyId, key, number++, plain.flip(), encrypted.clear());
        plain.clear();
        final int length = encrypted.flip().remaining();
        file.write(encrypted, offset);
        offset += length;
    }

    /** Length of the file of an image. */
    static long fileLength(final long imageLength, final int keyId) {
        final long pieces = keyId == 0 ? 0 : (imageLength + PIECE_BYTES - 1) / PIECE_BYTES;
        return CheckpointImage.HEADER_LENGTH + imageLength + pieces * DataKeys.TAG_LENGTH;
    }

    /** The image in a file of the right length; null if a piece is not what was written, or its key is not there. */
    static ByteBuffer read(final ByteBuffer file, final CheckpointImage image, final DataKeys keys) {
        final int keyId = file.getInt(CheckpointImage.KEY_OFFSET);
        if (keyId == 0) {
            return file.slice(CheckpointImage.HEADER_LENGTH, (int) image.length);
        }
        final byte[] key = keys == null ? null
                : keys.imageKey(keyId, image.group, image.index, file.getLong(CheckpointImage.KEY_OFFSET + 4));
        if (key == null) {
            return null;
        }
        final ByteBuffer found = ByteBuffer.allocate((int) image.length);
        final ByteBuffer source = file.duplicate().position(CheckpointImage.HEADER_LENGTH);
        for (long number = 0; source.position() < file.capacity(); number++) {
            source.limit(Math.min(file.capacity(), source.position() + PIECE_BYTES + DataKeys.TAG_LENGTH));
            if (!keys.decryptPiece(keyId, key, number, source, found)) {
                return null;
            }
            source.position(source.limit()).limit(file.capacity());
        }
        return found.flip();
    }
}
