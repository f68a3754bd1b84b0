package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. Written by one thread while another one may force. */
public interface SegmentFile extends AutoCloseable {
    /** Writes all remaining bytes at that offset. */
    void write(ByteBuffer source, long offset) throws IOException;

    /** Makes everything durable that was written before the call. */
    void force() throws IOException;

    /** A little-endian, read-only view of the whole file that shows later writes, too. */
    ByteBuffer map() throws IOException;

    /** Length in bytes. */
    long length() throws IOException;

    @Override
    void close() throws IOException;
}
