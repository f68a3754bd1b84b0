package jetstream.api.transport;

import java.nio.ByteBuffer;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;

/** Takes frames from peers whose handshake was accepted. Called by {@link Transport#poll} on the polling thread. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * A frame. The payload is little endian, absolute positions {@code offset} to {@code offset + length}, valid during
     * the call.
     */
    void onFrame(NodeId from, Frame frame, ByteBuffer payload, int offset, int length);
}
