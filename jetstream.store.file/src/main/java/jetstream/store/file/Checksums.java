package jetstream.store.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import jetstream.api.entry.EntryLayout;

/**
 * CRC32C over ranges of one buffer, without allocation. Moves position and limit of the buffer it was given, which must
 * therefore be a duplicate of its own. Owner: one thread.
 */
final class Checksums {
    private static final int CHECKED_HEADER_OFFSET = 4;
    private static final int BODY_CHECKSUM_OFFSET = 4;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer;

    Checksums(final ByteBuffer buffer) {
        this.buffer = buffer;
    }

    int of(final int offset, final int length) {
        if (length == 0) {
            return 0;
        }
        buffer.limit(offset + length).position(offset);
        crc.reset();
        crc.update(buffer);
        buffer.limit(buffer.capacity());
        return (int) crc.getValue();
    }

    /** Whether a whole header with a right checksum stands there, and the record ends at or before the limit. */
    boolean isHeaderIntact(final int offset, final int limit) {
        if (limit - offset < EntryLayout.HEADER_LENGTH) {
            return false;
        }
        final int length = EntryLayout.bodyLength(buffer, offset);
        return length >= 0 && length <= limit - offset - EntryLayout.HEADER_LENGTH
                && buffer.getInt(offset) == headerChecksum(offset);
    }

    int headerChecksum(final int offset) {
        return of(offset + CHECKED_HEADER_OFFSET, EntryLayout.HEADER_LENGTH - CHECKED_HEADER_OFFSET);
    }

    int bodyChecksum(final int offset) {
        return of(offset + EntryLayout.HEADER_LENGTH, EntryLayout.bodyLength(buffer, offset));
    }

    int storedBodyChecksum(final int offset) {
        return buffer.getInt(offset + BODY_CHECKSUM_OFFSET);
    }

    boolean isBodyIntact(final int offset) {
        return storedBodyChecksum(offset) == bodyChecksum(offset);
    }
}
