package jetstream.api.transport;

import java.nio.ByteBuffer;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;

/** Takes frames from peers whose handshake was accepted. Implemented by the node, called by {@link Transport#poll}. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * A frame. The payload is little endian, absolute positions {@code offset} to {@code offset + length}.
     *
     * <p>Thread: polling. Blocks: must not. Buffers: the transport's, read-only by contract, valid during the call.
     * Errors: what it throws ends the poll.
     */
    void onFrame(NodeId from, Frame frame, ByteBuffer payload, int offset, int length);
}
