package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in a sealed segment, per group, so that opening the store does not read the segment: the file
 * {@code %016x.idx} beside it. It follows from the segment alone; one that is missing or damaged is made again. Only
 * made of what was forced, so that an intact one proves its segment durable to the end. Little endian:
 *
 * <pre>
 *   0  int   header checksum: CRC32C of bytes 4..63
 *   4  int   magic
 *   8  int   version
 *  12  int   bytes of the directory
 *  16  long  tag of the store
 *  24  long  sequence number of the segment
 *  32  int   offset behind the segment's last block
 *  36  int   first bytes of the segment, which are a checksum: tells another file of that name
 *  40  int   CRC32C of the directory
 *  44  int   number of groups
 *  48  int   number of blocks, 0 if none is encrypted
 *  52  int   where their starts are listed
 *  56  int   CRC32C of that list
 *  60  0, reserved
 *  64  directory, per group: long group, int number of items, IndexItem each
 *      tables, one a run: per entry {int offset, int length} if no index is left out, else {int index less the
 *      first, int offset, int length}
 *      int offset of each block
 * </pre>
 *
 * The tables are mapped and read when an entry is looked for; each is checked on first use. Owner: the shard thread.
 */
final class SealedIndex {
    static final int HEADER_LENGTH = 64;
    static final int DENSE_ROW_LENGTH = 8;
    static final int SPARSE_ROW_LENGTH = 12;

    private static final int MAGIC = 0x3149534a;
    private static final int VERSION = 1;
    private static final int BLOCKS_OFFSET = 48;

    /** What the segment does to one group. */
    record GroupItems(long group, List<IndexItem> items) {
    }

    final int end;
    private final Segment segment;
    private final long tag;
    private ByteBuffer bytes;
    private Checksums checksums;

    private SealedIndex(final Segment segment, final long tag, final ByteBuffer bytes) {
        this.segment = segment;
        this.tag = tag;
        use(bytes);
        end = bytes.getInt(32);
    }

    static String nameOf(final long segmentSeq) {
        return String.format("%016x.idx", segmentSeq);
    }

    /** Lengths and places of what an image holds. */
    record Parts(int directoryLength, int groups, int blocksAt, int blocksLength) {
    }

    /** Writes the header of an image that is complete. */
    static void seal(final ByteBuffer image, final Segment segment, final long tag, final Parts parts) {
        final Checksums over = new Checksums(image.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        image.putInt(4, MAGIC).putInt(8, VERSION).putInt(12, parts.directoryLength).putLong(16, tag);
        image.putLong(24, segment.seq).putInt(32, segment.end).putInt(36, segment.bytes().getInt(0));
        image.putInt(40, over.of(HEADER_LENGTH, parts.directoryLength)).putInt(44, parts.groups);
        image.putInt(BLOCKS_OFFSET, parts.blocksLength / Integer.BYTES).putInt(BLOCKS_OFFSET + 4, parts.blocksAt);
        image.putInt(BLOCKS_OFFSET + 8, over.of(parts.blocksAt, parts.blocksLength));
        image.putInt(0, over.of(4, HEADER_LENGTH - 4));
    }

    /** The index of a segment, null if there is none that can be trusted. */
    static SealedIndex open(final Disk disk, final Segment segment, final long tag) throws IOException {
        final ByteBuffer found;
        try (SegmentFile file = disk.open(nameOf(segment.seq))) {
            found = file.map();
        }
        return of(segment, tag, found);
    }

    static SealedIndex of(final Segment segment, final long tag, final ByteBuffer found) {
        final Checksums over = new Checksums(found.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        if (found.capacity() < HEADER_LENGTH || found.getInt(4) != MAGIC || found.getInt(8) != VERSION
                || found.getInt(0) != over.of(4, HEADER_LENGTH - 4) || found.getLong(16) != tag
                || found.getLong(24) != segment.seq || found.getInt(32) > segment.capacity
                || found.getInt(36) != segment.bytes().getInt(0)) {
            return null;
        }
        final int directory = found.getInt(12);
        final int blocks = found.getInt(BLOCKS_OFFSET) * Integer.BYTES;
        final boolean isIntact = directory >= 0 && directory <= found.capacity() - HEADER_LENGTH
                && found.getInt(40) == over.of(HEADER_LENGTH, directory)
                && blocks <= found.capacity() - found.getInt(BLOCKS_OFFSET + 4)
                && found.getInt(BLOCKS_OFFSET + 8) == over.of(found.getInt(BLOCKS_OFFSET + 4), blocks);
        return isIntact ? new SealedIndex(segment, tag, found) : null;
    }

    /** All groups, ascending. */
    List<GroupItems> groups() {
        final ByteBuffer directory = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(HEADER_LENGTH);
        final int count = bytes.getInt(44);
        final List<GroupItems> groups = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            final long group = directory.getLong();
            final int items = directory.getInt();
            final List<IndexItem> list = new ArrayList<>(items);
            for (int item = 0; item < items; item++) {
                list.add(IndexItem.read(directory));
            }
            groups.add(new GroupItems(group, list));
        }
        return groups;
    }

    /** Where the block starts in which that offset lies; -1 if none is encrypted. */
    int blockStart(final int offset) {
        final int list = bytes.getInt(BLOCKS_OFFSET + 4);
        int low = 0;
        int high = bytes.getInt(BLOCKS_OFFSET) - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            if (bytes.getInt(list + middle * Integer.BYTES) <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? -1 : bytes.getInt(list + high * Integer.BYTES);
    }

    /** Rows of all tables. */
    ByteBuffer bytes() {
        return bytes;
    }

    int length() {
        return bytes.capacity();
    }

    /**
     * Whether the run's rows are what was written. If not, the index is made again from the segment, in memory; false
     * if the segment is damaged as well.
     */
    boolean isReadable(final IndexItem run) {
        if (isIntact(run)) {
            return true;
        }
        final ByteBuffer made = IndexBuilder.build(segment, tag);
        if (made == null || !made.slice(0, HEADER_LENGTH).equals(bytes.slice(0, HEADER_LENGTH))) {
            return false;
        }
        use(made);
        return isIntact(run);
    }

    private boolean isIntact(final IndexItem run) {
        return run.table() >= HEADER_LENGTH && (long) run.table() + run.tableLength() <= bytes.capacity()
                && checksums.of(run.table(), run.tableLength()) == run.tableChecksum();
    }

    private void use(final ByteBuffer image) {
        bytes = image;
        checksums = new Checksums(image.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }
}
