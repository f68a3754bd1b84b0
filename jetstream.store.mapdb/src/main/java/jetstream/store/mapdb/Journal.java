package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Redo journal beneath MapDB: the images of all pages that a force changes lie here, durable, before the first of them
 * is changed in the main file. Two files take turns; each use of one is a generation, begun only after the main file
 * was forced, so that only the newest generation is ever needed. Little endian, everything at multiples of 64:
 *
 * <pre>
 *   head of a generation              head of a record
 *   0  int   CRC32C of bytes 4..63    0  int   CRC32C of bytes 4..63
 *   4  int   magic                    4  int   magic
 *   8  long  generation               8  long  generation
 *  16  long  last record before it   16  long  number of the record
 *  24  int   pages of the main file  24  int   pages of the main file after it
 *  32  long  tag of the store        28  int   images
 *  40  long  sum of page versions    32  int   CRC32C of the images
 *                                    40  long  sum of page versions after it
 *                                    64  images: int page, 4096 bytes
 * </pre>
 *
 * Owner: the opening thread, then the force thread.
 */
final class Journal implements AutoCloseable {
    static final int HEAD_LENGTH = 64;
    static final int IMAGE_LENGTH = 4 + PageFile.PAGE_LENGTH;
    static final int HEAD_MAGIC = 0x314a534a;
    static final int RECORD_MAGIC = 0x3152534a;

    private static final int BUFFER_LENGTH = 64 * IMAGE_LENGTH;

    private final DiskFile[] files;
    private final long tag;
    private final long lengthMax;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private long generation;
    private long record;
    private long position;

    /** A journal that is begun before it is used. */
    Journal(final DiskFile[] files, final long tag, final long lengthMax, final long generation, final long record) {
        this.files = files;
        this.tag = tag;
        this.lengthMax = lengthMax;
        this.generation = generation;
        this.record = record;
    }

    static String nameOf(final int number) {
        return "journal." + number;
    }

    /** Whether it is time for {@link #begin}. */
    boolean isFull() {
        return position >= lengthMax;
    }

    /** Number of the next record. */
    long nextRecord() {
        return record + 1;
    }

    /**
     * Starts the next generation; the main file was forced, has that many pages and that sum of versions. Durable on
     * return.
     */
    void begin(final int pageCount, final long versions) throws IOException {
        generation++;
        final DiskFile file = file();
        file.truncate(lengthMax * 2);
        final ByteBuffer head = ByteBuffer.allocate(HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(4, HEAD_MAGIC).putLong(8, generation).putLong(16, record).putInt(24, pageCount).putLong(32, tag);
        head.putLong(40, versions);
        head.putInt(0, headChecksum(head));
        file.write(head, 0);
        file.force();
        position = HEAD_LENGTH;
    }

    /** Adds the next record, after which the versions have that sum; durable on return. */
    void add(final PageChanges changes, final long versions) throws IOException {
        final ByteBuffer head = ByteBuffer.allocate(HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(4, RECORD_MAGIC).putLong(8, generation).putLong(16, record + 1).putInt(24, changes.pageCount())
                .putInt(28, changes.images().size()).putInt(32, checksum(changes.images())).putLong(40, versions);
        head.putInt(0, headChecksum(head));
        final DiskFile file = file();
        file.write(head, position);
        long at = position + HEAD_LENGTH;
        buffer.clear();
        for (final Map.Entry<Integer, byte[]> image : changes.images().entrySet()) {
            if (buffer.remaining() < IMAGE_LENGTH) {
                at = drain(file, at);
            }
            buffer.putInt(image.getKey()).put(image.getValue());
        }
        at = drain(file, at);
        file.force();
        position = aligned(at);
        record++;
    }

    static long aligned(final long at) {
        return (at + HEAD_LENGTH - 1) / HEAD_LENGTH * HEAD_LENGTH;
    }

    static int headChecksum(final ByteBuffer head) {
        final CRC32C crc = new CRC32C();
        crc.update(head.slice(4, HEAD_LENGTH - 4));
        return (int) crc.getValue();
    }

    private DiskFile file() {
        return files[(int) (generation & 1)];
    }

    private long drain(final DiskFile file, final long at) throws IOException {
        final int length = buffer.position();
        file.write(buffer.flip(), at);
        buffer.clear();
        return at + length;
    }

    private static int checksum(final Map<Integer, byte[]> images) {
        final CRC32C crc = new CRC32C();
        final byte[] page = new byte[4];
        final ByteBuffer number = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        images.forEach((key, bytes) -> {
            number.putInt(0, key);
            crc.update(page, 0, 4);
            crc.update(bytes, 0, PageFile.PAGE_LENGTH);
        });
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        for (final DiskFile file : files) {
            file.close();
        }
    }
}
