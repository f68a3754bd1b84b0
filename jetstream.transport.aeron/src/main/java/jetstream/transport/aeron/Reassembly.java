package jetstream.transport.aeron;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts the chunks of one lane together again. Owner: the polling thread. */
final class Reassembly {
    private static final int KEPT_BUFFER_LENGTH_MAX = 1 << 20;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int frameLength;
    private int length;

    /**
     * Takes a chunk.
     *
     * @return true if the frame is whole: it stands at 0 in {@link #buffer}
     */
    boolean add(final int newFrameLength, final int position, final DirectBuffer source, final int offset,
            final int chunkLength) {
        if (position == 0) {
            begin(newFrameLength);
        } else if (position != length || newFrameLength != frameLength) {
            // The start was lost with an older link: nothing to do but to wait for the next frame.
            frameLength = 0;
            length = 0;
            return false;
        }
        buffer.putBytes(position, source, offset, chunkLength);
        length += chunkLength;
        return length == frameLength;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int frameLength() {
        return frameLength;
    }

    /** Gives large memory back after a frame was delivered. */
    void release() {
        frameLength = 0;
        length = 0;
        if (buffer.capacity() > KEPT_BUFFER_LENGTH_MAX) {
            buffer.wrap(0, 0);
        }
    }

    private void begin(final int newFrameLength) {
        frameLength = newFrameLength;
        length = 0;
        if (buffer.capacity() < newFrameLength) {
            buffer.wrap(ByteBuffer.allocateDirect(newFrameLength).order(ByteOrder.LITTLE_ENDIAN));
        }
    }
}
