package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The file {@code FORCED}: through which position the log was forced. Written after each force and not forced itself:
 * it outlives the process exactly; after a loss of power there is what block headers say besides (they name what was
 * forced before them). With it a damaged last block is told from a torn one. Two slots in sectors of their own,
 * written in turn:
 *
 * <pre>
 *   0  int   CRC32C of bytes 4..23
 *   4  int   magic
 *   8  long  tag of the store
 *  16  long  position
 * </pre>
 *
 * Owner: the force thread; before the first force, the opening one.
 */
final class ForcedMark implements AutoCloseable {
    private static final String NAME = "FORCED";
    private static final int MAGIC = 0x3146534a;
    private static final int SLOT_LENGTH = 24;
    private static final int SECTOR = 512;
    private static final int FILE_LENGTH = 2 * SECTOR;

    private final Disk disk;
    private final long tag;
    private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final Checksums checksums = new Checksums(slot.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    private SegmentFile file;
    private int next;

    ForcedMark(final Disk disk, final long tag) {
        this.disk = disk;
        this.tag = tag;
    }

    /** What the file says, 0 if it says nothing. */
    long read() throws IOException {
        if (!disk.list("").contains(NAME)) {
            return 0;
        }
        file = disk.open(NAME);
        if (file.length() < FILE_LENGTH) {
            file.close();
            disk.delete(NAME);
            file = null;
            return 0;
        }
        final ByteBuffer bytes = file.map();
        final long first = slot(bytes, 0);
        final long second = slot(bytes, SECTOR);
        next = first > second ? SECTOR : 0;
        return Math.max(first, second);
    }

    void set(final long position) throws IOException {
        if (file == null) {
            file = disk.create(NAME, FILE_LENGTH);
        }
        slot.putInt(4, MAGIC).putLong(8, tag).putLong(16, position);
        slot.putInt(0, checksums.of(4, SLOT_LENGTH - 4));
        file.write(slot.clear(), next);
        next = SECTOR - next;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private long slot(final ByteBuffer bytes, final int offset) {
        final Checksums over = new Checksums(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        final boolean isMine = bytes.getInt(offset + 4) == MAGIC && bytes.getLong(offset + 8) == tag
                && bytes.getInt(offset) == over.of(offset + 4, SLOT_LENGTH - 4);
        return isMine ? bytes.getLong(offset + 16) : 0;
    }
}
