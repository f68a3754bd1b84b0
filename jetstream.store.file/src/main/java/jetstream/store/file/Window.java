package jetstream.store.file;

import java.nio.ByteBuffer;

/**
 * Where records can be read: the mapped segment, or one block of it, decrypted.
 *
 * @param bytes the records are in; absolute access only
 * @param checksums over these bytes, of the reading thread
 * @param base offset in the segment at which the bytes start
 */
record Window(ByteBuffer bytes, Checksums checksums, int base) {
    /** Where that offset of the segment lies in the bytes. */
    int at(final int offset) {
        return offset - base;
    }

    /** Whether a record with an intact header stands at that offset and ends in time. */
    boolean isHeaderIntact(final int offset, final int limit) {
        return checksums.isHeaderIntact(at(offset), Math.min(at(limit), bytes.capacity()));
    }

    boolean isBodyIntact(final int offset) {
        return checksums.isBodyIntact(at(offset));
    }
}
