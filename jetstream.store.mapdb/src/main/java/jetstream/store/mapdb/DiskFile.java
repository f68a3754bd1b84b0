package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file, read and written at absolute positions. Any thread. */
interface DiskFile extends AutoCloseable {
    /** Fills the buffer's remaining room from that position; false if the file ends before. */
    boolean read(ByteBuffer into, long position) throws IOException;

    /** Writes all remaining bytes, the file grows as needed. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Makes all that was written durable. */
    void force() throws IOException;

    /** Bytes of the file. */
    long length() throws IOException;

    /** Cuts the file to that length if it is longer. */
    void truncate(long length) throws IOException;

    @Override
    void close() throws IOException;
}
