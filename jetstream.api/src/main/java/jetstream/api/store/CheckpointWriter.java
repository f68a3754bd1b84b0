package jetstream.api.store;

import java.nio.ByteBuffer;

/** Takes the bytes of an image; atomic on {@link #commit}. Of no use after {@link #commit} or {@link #abort}. */
public interface CheckpointWriter {
    /**
     * Adds the buffer's remaining bytes.
     *
     * <p>Thread: shard. Blocks: no force; may write. Durable: no. Buffers: copied; the position moves to the limit.
     * Errors: {@link StoreException.Full}, the image is then dropped and the older one stays;
     * {@link StoreException.Failed}.
     */
    void write(ByteBuffer bytes);

    /**
     * Ends the image. It replaces the older one at once.
     *
     * <p>Thread: shard. Blocks: no force; may write. Durable: with the force of a later ticket, and only then
     * {@link GroupLog#discardHistory} may rely on it; after a crash before that the older one is still there. Errors:
     * as {@link #write}.
     */
    void commit();

    /**
     * Drops what was written; the older image stays.
     *
     * <p>Thread: shard. Blocks: no. Durable: nothing to be. Errors: none.
     */
    void abort();
}
