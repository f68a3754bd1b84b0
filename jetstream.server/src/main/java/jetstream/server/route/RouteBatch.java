package jetstream.server.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rows of one frame of the route lane, being written. Lengths and counts are unsigned varints: seven bits per byte, low
 * bits first, the high bit says that more follow. Owner: node thread.
 *
 * <pre>
 * text     = length bytes
 * message  = account subject target reply queues {queue} headersLength totalLength body
 * interest = account subject queueFlag [queue] count
 * account, subject, target, reply, queue: text; target is empty if it is the subject; reply is empty if there is none
 * </pre>
 */
final class RouteBatch {
    private static final int FIRST_LENGTH = 4 << 10;
    private static final int KEPT_LENGTH = 256 << 10;
    private static final int VARINT_MAX = 5;

    private ByteBuffer buffer = allocate(FIRST_LENGTH);
    private int count;

    private static ByteBuffer allocate(final int length) {
        return ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Rows so far. */
    int count() {
        return count;
    }

    /** Bytes so far, from absolute position 0 of {@link #buffer()}. */
    int length() {
        return buffer.position();
    }

    ByteBuffer buffer() {
        return buffer;
    }

    void clear() {
        count = 0;
        if (buffer.capacity() > KEPT_LENGTH) {
            buffer = allocate(FIRST_LENGTH);
        }
        buffer.clear();
    }

    /** Upper bound of the bytes that a message takes. */
    static int messageLengthMax(final Account account, final Msg msg, final QueueNames queues) {
        int length = account.nameBytes().length + msg.subjectLength() + msg.targetLength() + msg.replyLength()
                + msg.totalLength() + 7 * VARINT_MAX;
        for (int i = 0; i < queues.count(); i++) {
            length += queues.name(i).length + VARINT_MAX;
        }
        return length;
    }

    void message(final Account account, final Msg msg, final QueueNames queues) {
        reserve(messageLengthMax(account, msg, queues));
        text(account.nameBytes(), account.nameBytes().length);
        text(msg.subject(), msg.subjectLength());
        text(msg.target(), msg.hasTarget() ? msg.targetLength() : 0);
        text(msg.reply(), msg.replyLength());
        varint(queues.count());
        for (int i = 0; i < queues.count(); i++) {
            text(queues.name(i), queues.name(i).length);
        }
        varint(msg.headersLength());
        varint(msg.totalLength());
        buffer.put(buffer.position(), msg.bodyBuffer(), msg.bodyOffset(), msg.totalLength());
        buffer.position(buffer.position() + msg.totalLength());
        count++;
    }

    void interest(final Account account, final byte[] subject, final byte[] queue, final int subscriptions) {
        final int queueLength = queue == null ? 0 : queue.length;
        reserve(account.nameBytes().length + subject.length + queueLength + 5 * VARINT_MAX);
        text(account.nameBytes(), account.nameBytes().length);
        text(subject, subject.length);
        varint(queue == null ? 0 : 1);
        if (queue != null) {
            text(queue, queue.length);
        }
        varint(subscriptions);
        count++;
    }

    private void text(final byte[] bytes, final int length) {
        varint(length);
        buffer.put(bytes, 0, length);
    }

    private void varint(final int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            buffer.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    private void reserve(final int length) {
        if (buffer.remaining() < length) {
            final ByteBuffer wider = allocate(Math.max(2 * buffer.capacity(), buffer.position() + length));
            buffer.flip();
            wider.put(buffer);
            buffer = wider;
        }
    }
}
