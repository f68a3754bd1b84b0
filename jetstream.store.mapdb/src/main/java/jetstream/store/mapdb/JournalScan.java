package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** What one journal file holds: its generation and the whole records of it. Owner: the opening thread. */
final class JournalScan {
    private static final int WINDOW_LENGTH = 1 << 20;

    /** A whole record. */
    private record Found(long number, long position, int images, int pageCount) {
    }

    private final DiskFile file;
    private final long tag;
    private final List<Found> records = new ArrayList<>();
    private final byte[] slot = new byte[PageFile.SLOT_LENGTH];
    private long generation;
    private long lastRecord;
    private int basePageCount;
    private int pageCount;
    private long versions;
    private boolean hasHead;
    private boolean hasGap;

    /** Reads the file. */
    JournalScan(final DiskFile file, final long tag) throws IOException {
        this.file = file;
        this.tag = tag;
        scan();
    }

    /** Whether the head of a generation is there and whole. */
    boolean hasHead() {
        return hasHead;
    }

    long generation() {
        return generation;
    }

    /** Number of the last whole record, or of the last one before the generation. */
    long lastRecord() {
        return lastRecord;
    }

    /** Pages of the main file after the last whole record. */
    int pageCount() {
        return pageCount;
    }

    /** Sum of page versions after the last whole record. */
    long versions() {
        return versions;
    }

    /** Whether a whole record stands behind one that is not: that one was durable, and is damaged. */
    boolean hasGap() {
        return hasGap;
    }

    /**
     * Does again what the records say; again does no harm. Pages that came and have no image become zeros. A page that
     * a later record wrote stays: if that record is not in the journal any more, the page is the witness of it.
     */
    void replay(final PageFile main) throws IOException {
        int known = basePageCount;
        final byte[] bytes = new byte[PageFile.PAGE_LENGTH];
        final ByteBuffer image = ByteBuffer.allocate(Journal.IMAGE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        for (final Found next : records) {
            for (; known < next.pageCount; known++) {
                write(main, known, new byte[PageFile.PAGE_LENGTH], next.number);
            }
            for (int i = 0; i < next.images; i++) {
                image.clear();
                file.read(image, next.position + Journal.HEAD_LENGTH + (long) i * Journal.IMAGE_LENGTH);
                image.get(4, bytes);
                write(main, image.getInt(0), bytes, next.number);
            }
        }
    }

    private void write(final PageFile main, final int page, final byte[] bytes, final long number) throws IOException {
        if (main.check(page, slot) != null || PageFile.recordOf(slot) <= number) {
            main.write(page, bytes, number);
        }
    }

    private void scan() throws IOException {
        final ByteBuffer head = ByteBuffer.allocate(Journal.HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        hasHead = readHead(head, 0, Journal.HEAD_MAGIC) && head.getLong(32) == tag;
        if (!hasHead) {
            return;
        }
        generation = head.getLong(8);
        lastRecord = head.getLong(16);
        basePageCount = head.getInt(24);
        pageCount = basePageCount;
        versions = head.getLong(40);
        long position = Journal.HEAD_LENGTH;
        while (isNext(head, position) && isIntact(head, position)) {
            lastRecord++;
            pageCount = head.getInt(24);
            versions = head.getLong(40);
            records.add(new Found(lastRecord, position, head.getInt(28), pageCount));
            position = Journal.aligned(
                    position + Journal.HEAD_LENGTH + (long) head.getInt(28) * Journal.IMAGE_LENGTH);
        }
        hasGap = hasLaterRecord(position);
    }

    private boolean isNext(final ByteBuffer head, final long position) throws IOException {
        return readHead(head, position, Journal.RECORD_MAGIC) && head.getLong(8) == generation
                && head.getLong(16) == lastRecord + 1;
    }

    private boolean readHead(final ByteBuffer head, final long position, final int magic) throws IOException {
        head.clear();
        return file.read(head, position) && isHead(head, magic);
    }

    private static boolean isHead(final ByteBuffer head, final int magic) {
        return head.getInt(4) == magic && head.getInt(0) == Journal.headChecksum(head);
    }

    private boolean isIntact(final ByteBuffer head, final long position) throws IOException {
        final CRC32C crc = new CRC32C();
        final ByteBuffer image = ByteBuffer.allocate(Journal.IMAGE_LENGTH);
        for (int i = 0; i < head.getInt(28); i++) {
            image.clear();
            if (!file.read(image, position + Journal.HEAD_LENGTH + (long) i * Journal.IMAGE_LENGTH)) {
                return false;
            }
            crc.update(image.flip());
        }
        return head.getInt(32) == (int) crc.getValue();
    }

    private boolean hasLaterRecord(final long from) throws IOException {
        final long length = file.length();
        for (long at = from; at + Journal.HEAD_LENGTH <= length; at += WINDOW_LENGTH) {
            final int size = (int) Math.min(WINDOW_LENGTH, (length - at) / Journal.HEAD_LENGTH * Journal.HEAD_LENGTH);
            final ByteBuffer window = ByteBuffer.allocate(size);
            file.read(window, at);
            for (int offset = 0; offset < size; offset += Journal.HEAD_LENGTH) {
                final ByteBuffer head = window.slice(offset, Journal.HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
                if (isHead(head, Journal.RECORD_MAGIC) && head.getLong(8) == generation
                        && head.getLong(16) > lastRecord + 1) {
                    return true;
                }
            }
        }
        return false;
    }
}
