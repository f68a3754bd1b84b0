package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import jetstream.api.store.Checkpoint;

/**
 * An image in a file of its own. Little endian:
 *
 * <pre>
 *   0  int   header checksum: CRC32C of bytes 4..63
 *   4  int   magic
 *   8  long  group
 *  16  long  index
 *  24  long  term
 *  32  long  tag of the store
 *  40  long  length of the image
 *  48  int   CRC32C of the image
 *  52  int   number of the key, 0 if not encrypted
 *  56  long  salt of the image's own key, 0 if not encrypted
 *  64  the image, see ImagePieces
 * </pre>
 */
final class CheckpointImage {
    static final String FOLDER = "checkpoints";
    static final int HEADER_LENGTH = 64;
    static final int KEY_OFFSET = 52;

    private static final int MAGIC = 0x3143534a;

    final long group;
    final long index;
    final long term;
    final long length;
    final int checksum;
    /** Where the file is now. Changed by the force thread, under this object's monitor. */
    private String name;

    CheckpointImage(final long group, final long index, final long term, final long length, final int checksum) {
        this.group = group;
        this.index = index;
        this.term = term;
        this.length = length;
        this.checksum = checksum;
        name = finalName(group, index);
    }

    static String finalName(final long group, final long index) {
        return String.format("%s/%016x-%016x.img", FOLDER, group, index);
    }

    static String draftName(final long group, final long index) {
        return finalName(group, index) + ".tmp";
    }

    /** The file still has its draft's name. */
    CheckpointImage asDraft() {
        name = draftName(group, index);
        return this;
    }

    /** Gives the file, which is durable, its name. */
    synchronized void publish(final Disk disk) throws IOException {
        final String target = finalName(group, index);
        disk.rename(name, target);
        name = target;
    }

    String fileName() {
        return finalName(group, index);
    }

    ByteBuffer header(final long tag, final int keyId, final long salt) {
        final ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(4, MAGIC).putLong(8, group).putLong(16, index).putLong(24, term).putLong(32, tag).putLong(40,
                length);
        header.putInt(48, checksum).putInt(KEY_OFFSET, keyId).putLong(KEY_OFFSET + Integer.BYTES, salt);
        header.putInt(0, new Checksums(header.duplicate().order(ByteOrder.LITTLE_ENDIAN)).of(4, HEADER_LENGTH - 4));
        return header;
    }

    /** The whole image, checked; null if anything is not as it was written. */
    synchronized Checkpoint read(final Disk disk, final long tag, final DataKeys keys) {
        try (SegmentFile file = disk.open(name)) {
            final ByteBuffer bytes = file.map();
            if (bytes.capacity() < HEADER_LENGTH) {
                return null;
            }
            final int keyId = bytes.getInt(KEY_OFFSET);
            final ByteBuffer expected = header(tag, keyId, bytes.getLong(KEY_OFFSET + Integer.BYTES));
            if (bytes.capacity() != ImagePieces.fileLength(length, keyId)
                    || !bytes.slice(0, HEADER_LENGTH).equals(expected)) {
                return null;
            }
            final ByteBuffer image = ImagePieces.read(bytes, this, keys);
            if (image == null) {
                return null;
            }
            final CRC32C crc = new CRC32C();
            crc.update(image.duplicate());
            return (int) crc.getValue() == checksum
                    ? new Checkpoint(index, term, image.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN))
                    : null;
        } catch (final IOException | InternalError e) {
            return null;
        }
    }
}
