package jetstream.api.transport;

import java.nio.ByteBuffer;
import jetstream.api.frame.Frame;

/** One lane to one peer. Owner: the thread that polls the transport. */
public interface PeerLink {
    /** No payload. */
    ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * Sends a frame with {@code length} payload bytes from absolute position {@code offset}. Copies; never blocks.
     * Frames of any size up to 64 MiB are taken (large ones are sent in chunks).
     *
     * @return false if it was not sent (no peer, lane full): RAFT repeats, the route agent queues
     */
    boolean offer(Frame frame, ByteBuffer payload, int offset, int length);

    /** Sends a frame without payload. */
    default boolean offer(final Frame frame) {
        return offer(frame, NO_PAYLOAD, 0, 0);
    }
}
