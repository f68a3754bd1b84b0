package jetstream.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import jetstream.server.route.Msg;

/**
 * Output of one connection. Bytes gather in an array that is handed to the socket once per turn, or when it is full;
 * large bodies skip the array. Nothing is held between turns but what the socket does not take, and that is limited
 * by {@code max_pending}. Owner: node thread.
 */
final class ConnectionOutput {
    private static final int DIRECT_BODY_MIN = 16 << 10;
    private static final byte[] NOTHING = new byte[0];

    private final NodeLoop loop;
    private final ArrayPool arrays;
    private final Channel channel;
    private final long pendingMax;
    private final Runnable flushTask = this::flush;
    private byte[] array = NOTHING;
    private int position;
    private boolean isDirty;
    private boolean isClosed;
    private boolean isOverLimit;
    private boolean hasBacklog;
    private long blockedSinceNs;
    private long progressAtCheck;
    private boolean isBlocked;
    private long sends;

    ConnectionOutput(final NodeLoop loop, final ArrayPool arrays, final Channel channel, final long pendingMax) {
        this.loop = loop;
        this.arrays = arrays;
        this.channel = channel;
        this.pendingMax = pendingMax;
    }

    /** Makes room for {@code length} bytes at {@link #position()} of the returned array. */
    byte[] reserve(final int length) {
        if (array.length - position < length) {
            makeRoom(length);
        }
        if (!isDirty) {
            isDirty = true;
            loop.atTurnEnd(flushTask);
        }
        return array;
    }

    int position() {
        return position;
    }

    void position(final int end) {
        position = end;
    }

    void write(final byte[] bytes) {
        final byte[] out = reserve(bytes.length);
        System.arraycopy(bytes, 0, out, position, bytes.length);
        position += bytes.length;
    }

    /** Whether a body of that length is better written with {@link #largeBody}. */
    static boolean isLarge(final int length) {
        return length >= DIRECT_BODY_MIN;
    }

    /** Writes a body and the line end after it with a single copy. */
    void largeBody(final Msg msg, final int from, final int length) {
        handOver();
        if (isClosed) {
            return;
        }
        final ByteBuf direct = channel.alloc().directBuffer(length + 2, length + 2);
        final ByteBuffer target = direct.internalNioBuffer(0, length + 2);
        final int start = target.position();
        target.put(start, msg.bodyBuffer(), msg.bodyOffset() + from, length);
        target.put(start + length, (byte) '\r').put(start + length + 1, (byte) '\n');
        direct.writerIndex(length + 2);
        send(direct);
    }

    /** Bytes that the socket has not taken yet. */
    long pendingBytes() {
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return position + (buffer == null ? 0 : buffer.totalPendingWriteBytes());
    }

    /** Whether {@link #isOverLimit} or {@link #isNearLimit} is worth a look. */
    boolean hasBacklog() {
        return hasBacklog;
    }

    /** Whether more waited than is allowed; the connection is to be closed. */
    boolean isOverLimit() {
        return isOverLimit;
    }

    /** Whether so much waits that producers should pause. */
    boolean isNearLimit() {
        hasBacklog = pendingBytes() > pendingMax / 4 * 3;
        return hasBacklog;
    }

    /** Whether the socket has taken nothing for that long although there was something. */
    boolean isStuck(final long nowNs, final long deadlineNs) {
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            isBlocked = false;
            return false;
        }
        // Buffers that have left completely, and bytes that have left of the one in front.
        final long progress = sends - buffer.size() << Integer.SIZE | buffer.currentProgress();
        if (!isBlocked || progress != progressAtCheck) {
            isBlocked = true;
            blockedSinceNs = nowNs;
            progressAtCheck = progress;
        }
        return nowNs - blockedSinceNs >= deadlineNs;
    }

    /** Hands the output of the turn to the socket. */
    void flush() {
        isDirty = false;
        if (!isClosed) {
            handOver();
        }
        if (array.length > 0) {
            arrays.give(array);
            array = NOTHING;
        }
        position = 0;
    }

    /** Nothing is written any more; what was handed over before is. */
    void close() {
        flush();
        isClosed = true;
    }

    private void makeRoom(final int length) {
        final int wanted = position + length;
        if (wanted <= ArrayPool.LENGTH_MAX) {
            final byte[] wider = arrays.take(Math.max(wanted, Math.min(2 * array.length, ArrayPool.LENGTH_MAX)));
            System.arraycopy(array, 0, wider, 0, position);
            replace(wider);
        } else {
            handOver();
            if (array.length < length) {
                replace(arrays.take(length));
            }
        }
    }

    private void replace(final byte[] wider) {
        if (array.length > 0) {
            arrays.give(array);
        }
        array = wider;
    }

    private void handOver() {
        if (position == 0) {
            return;
        }
        final int length = position;
        position = 0;
        if (isClosed) {
            return;
        }
        final ByteBuf direct = channel.alloc().directBuffer(length, length);
        direct.writeBytes(array, 0, length);
        send(direct);
    }

    private void send(final ByteBuf bytes) {
        sends++;
        channel.writeAndFlush(bytes, channel.voidPromise());
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        final long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        isOverLimit |= waiting > pendingMax;
        hasBacklog = waiting > pendingMax / 4 * 3;
    }
}
