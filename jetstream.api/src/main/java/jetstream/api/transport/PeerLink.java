package jetstream.api.transport;

import java.nio.ByteBuffer;
import jetstream.api.frame.Frame;

/** One lane to one peer. Never closed: it comes back with the peer. */
public interface PeerLink {
    /** No payload. */
    ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * Sends a frame with {@code length} payload bytes from absolute position {@code offset}. Frames of any size up to
     * 64 MiB are taken (large ones are sent in chunks).
     *
     * <p>Thread: polling. Blocks: no. Buffers: copied before the return; position and limit stay. Errors:
     * {@link IllegalArgumentException} for a frame that is too long; all else is in the result, and true is no promise
     * that the frame arrives.
     *
     * @return false if it was not sent (no peer, lane full): RAFT repeats, the route agent queues
     */
    boolean offer(Frame frame, ByteBuffer payload, int offset, int length);

    /**
     * Sends a frame without payload.
     *
     * <p>Thread: polling. Blocks: no. Errors: as above.
     */
    default boolean offer(final Frame frame) {
        return offer(frame, NO_PAYLOAD, 0, 0);
    }
}
