package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.entry.EntryLayout;

/**
 * Body of the SEGMENT record, the first of each segment: which segments were in use when it began, and where they end.
 *
 * <pre>
 *   0  int  format version
 *   4  int  number of segments
 *   8  per segment: long sequence number, int end offset
 * </pre>
 *
 * So a segment file that is missing is told from one that was emptied, and what stands behind the end of a segment that
 * was cut by a recovery is never read again.
 */
final class SegmentRoll {
    /**
     * 1: the first. 2: index files, the FORCED file, COPIES records, encrypted blocks. What 1 wrote is read as it is.
     */
    static final int FORMAT = 2;
    private static final int HEADER_LENGTH = 8;
    private static final int ROW_LENGTH = 12;

    private SegmentRoll() {
    }

    static ByteBuffer manifest(final Segment[] live) {
        final ByteBuffer body =
                ByteBuffer.allocate(HEADER_LENGTH + live.length * ROW_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(FORMAT).putInt(live.length);
        for (final Segment segment : live) {
            body.putLong(segment.seq).putInt(segment.end);
        }
        return body.flip();
    }

    /** Bytes of the first block up to the first record of a group. */
    static int firstBlockLength(final ByteBuffer manifest) {
        return BlockLayout.HEADER_LENGTH + EntryLayout.HEADER_LENGTH + manifest.remaining();
    }

    static int count(final ByteBuffer bytes, final int body) {
        return bytes.getInt(body + Integer.BYTES);
    }

    static long seq(final ByteBuffer bytes, final int body, final int row) {
        return bytes.getLong(body + HEADER_LENGTH + row * ROW_LENGTH);
    }

    static int end(final ByteBuffer bytes, final int body, final int row) {
        return bytes.getInt(body + HEADER_LENGTH + row * ROW_LENGTH + Long.BYTES);
    }
}
