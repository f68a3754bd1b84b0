package jetstream.api.store;

import java.nio.ByteBuffer;

/** Takes the bytes of an image; atomic on {@link #commit}. Owner: the shard thread. */
public interface CheckpointWriter {
    /** Adds the buffer's remaining bytes. */
    void write(ByteBuffer bytes);

    /**
     * Ends the image. It replaces the older one, and may be relied upon by {@link GroupLog#discardHistory}, as soon as
     * a force of a later ticket returned; after a crash before that the older one is still there.
     */
    void commit();

    /** Drops what was written. */
    void abort();
}
