package jetstream.api.entry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a log entry. They are the same in the log, on the wire and under the reader (DESIGN D1). Little endian.
 *
 * <pre>
 *   0  int   header checksum: CRC32C of bytes 4..47
 *   4  int   body checksum: CRC32C of the body, 0 for an empty one
 *   8  int   body length in bytes, 0..MAX_BODY_LENGTH
 *  12  byte  type (EntryType)
 *  13  byte  flags, owned by the state machine
 *  14  short engine version that wrote the entry
 *  16  long  group
 *  24  long  index, from 1
 *  32  long  term
 *  40  long  time stamp, epoch nanoseconds, set by the leader
 *  48  body
 * </pre>
 *
 * The header has a checksum of its own so that a header can be trusted, and a torn tail told from damage, before the
 * body is read. Entries are not padded. All methods use absolute positions and leave the buffer's position and limit
 * alone.
 */
public final class EntryLayout {
    /** Length of the header in bytes. */
    public static final int HEADER_LENGTH = 48;
    /** Longest body in bytes: 32 MiB of message and 64 KiB for subject, headers' framing and the like. */
    public static final int MAX_BODY_LENGTH = (32 << 20) + (128 << 10);

    static final int HEADER_CHECKSUM_OFFSET = 0;
    static final int BODY_CHECKSUM_OFFSET = 4;
    static final int BODY_LENGTH_OFFSET = 8;
    static final int TYPE_OFFSET = 12;
    static final int FLAGS_OFFSET = 13;
    static final int VERSION_OFFSET = 14;
    static final int GROUP_OFFSET = 16;
    static final int INDEX_OFFSET = 24;
    static final int TERM_OFFSET = 32;
    static final int TIMESTAMP_OFFSET = 40;

    private EntryLayout() {
    }

    /** Whole length in bytes, header and body, of the entry at that offset. Trusts the header. */
    public static int entryLength(final ByteBuffer buffer, final int offset) {
        return HEADER_LENGTH + bodyLength(buffer, offset);
    }

    /** Body length in bytes of the entry at that offset. */
    public static int bodyLength(final ByteBuffer buffer, final int offset) {
        return buffer.getInt(offset + BODY_LENGTH_OFFSET);
    }

    /** Type of the entry at that offset. */
    public static byte type(final ByteBuffer buffer, final int offset) {
        return buffer.get(offset + TYPE_OFFSET);
    }

    /** Group of the entry at that offset. */
    public static long group(final ByteBuffer buffer, final int offset) {
        return buffer.getLong(offset + GROUP_OFFSET);
    }

    /** Index of the entry at that offset. */
    public static long index(final ByteBuffer buffer, final int offset) {
        return buffer.getLong(offset + INDEX_OFFSET);
    }

    /** Term of the entry at that offset. */
    public static long term(final ByteBuffer buffer, final int offset) {
        return buffer.getLong(offset + TERM_OFFSET);
    }

    /** Time stamp of the entry at that offset, epoch nanoseconds. */
    public static long timestampEpochNs(final ByteBuffer buffer, final int offset) {
        return buffer.getLong(offset + TIMESTAMP_OFFSET);
    }

    /**
     * Whether a whole, plausible header with a right checksum stands at that offset. Says nothing about the body.
     *
     * @param limit first byte that does not belong to the data any more
     */
    public static boolean isHeaderIntact(final ByteBuffer buffer, final int offset, final int limit) {
        if (limit - offset < HEADER_LENGTH) {
            return false;
        }
        final int length = bodyLength(buffer, offset);
        return length >= 0 && length <= MAX_BODY_LENGTH
                && buffer.getInt(offset) == checksum(buffer, offset + BODY_CHECKSUM_OFFSET,
                        HEADER_LENGTH - BODY_CHECKSUM_OFFSET);
    }

    /** Whether the body of the entry at that offset has the checksum that its (intact) header says. */
    public static boolean isBodyIntact(final ByteBuffer buffer, final int offset) {
        return buffer.getInt(offset + BODY_CHECKSUM_OFFSET) == checksum(buffer, offset + HEADER_LENGTH,
                bodyLength(buffer, offset));
    }

    /**
     * Writes group, index and term into the header at that offset and computes the header's checksum. The body is
     * final.
     */
    public static void seal(final ByteBuffer buffer, final int offset, final long group, final long index,
            final long term) {
        buffer.putLong(offset + GROUP_OFFSET, group);
        buffer.putLong(offset + INDEX_OFFSET, index);
        buffer.putLong(offset + TERM_OFFSET, term);
        buffer.putInt(offset, checksum(buffer, offset + BODY_CHECKSUM_OFFSET, HEADER_LENGTH - BODY_CHECKSUM_OFFSET));
    }

    /** CRC32C of a range of a buffer; 0 for an empty range. Allocation-free for the last few buffers of a thread. */
    public static int checksum(final ByteBuffer buffer, final int offset, final int length) {
        if (length == 0) {
            return 0;
        }
        final Checksum checksum = CHECKSUM.get();
        return checksum.of(buffer, offset, length);
    }

    private static final ThreadLocal<Checksum> CHECKSUM = ThreadLocal.withInitial(Checksum::new);

    /** A CRC and views on the last buffers, so that position and limit of the caller's buffer stay untouched. */
    private static final class Checksum {
        private static final int VIEWS = 8;

        private final CRC32C crc = new CRC32C();
        private final ByteBuffer[] sources = new ByteBuffer[VIEWS];
        private final ByteBuffer[] views = new ByteBuffer[VIEWS];
        private int oldest;

        int of(final ByteBuffer buffer, final int offset, final int length) {
            final ByteBuffer view = viewOf(buffer);
            view.limit(offset + length).position(offset);
            crc.reset();
            crc.update(view);
            return (int) crc.getValue();
        }

        private ByteBuffer viewOf(final ByteBuffer buffer) {
            for (int i = 0; i < VIEWS; i++) {
                if (sources[i] == buffer) {
                    return views[i];
                }
            }
            final int slot = oldest;
            oldest = (oldest + 1) % VIEWS;
            sources[slot] = buffer;
            views[slot] = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            return views[slot];
        }
    }
}
