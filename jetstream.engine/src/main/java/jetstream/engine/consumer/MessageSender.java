package jetstream.engine.consumer;

import jetstream.engine.Outbox;
import jetstream.engine.stream.MessageView;

/**
 * Sends stored messages to receivers: the bytes go from the log to the outbox; only a consumer of headers, or of a
 * pinned client, has its header block rewritten. Owner: the shard thread.
 */
final class MessageSender {
    private static final byte[] START = StatusWriter.bytes("NATS/1.0\r\n");
    private static final byte[] SIZE_NAME = StatusWriter.bytes("Nats-Msg-Size: ");
    private static final byte[] PIN_NAME = StatusWriter.bytes("Nats-Pin-Id: ");
    private static final byte[] LINE_END = StatusWriter.bytes("\r\n");
    /** Room for both headers: names, a number, an id, line ends. */
    private static final int ADDED_LENGTH_MAX = 128;

    private final Outbox outbox;
    private final AckSubjectWriter ackSubject;
    private final ConsumerBuffers buffers;
    private byte[] block;
    private int blockLength;

    MessageSender(final Outbox outbox, final AckSubjectWriter ackSubject, final ConsumerBuffers buffers) {
        this.outbox = outbox;
        this.buffers = buffers;
        this.ackSubject = ackSubject;
    }

    /** What a message counts against {@code max_bytes} and flow control; the ack subject is written. */
    int size(final MessageView message, final boolean headersOnly) {
        final int fixed = message.subjectLength() + ackSubject.length();
        if (!headersOnly) {
            return fixed + message.headersLength() + message.payloadLength();
        }
        final int start = message.headersLength() == 0 ? START.length + LINE_END.length : message.headersLength();
        return fixed + start + SIZE_NAME.length + digits(message.payloadLength()) + LINE_END.length;
    }

    /** Sends a message with the ack subject as it was last written. False if nobody was there. */
    boolean send(final PullRequest to, final MessageView message, final boolean headersOnly, final String pinId) {
        final int subjectLength = message.subjectLength();
        final byte[] subject = buffers.subject(subjectLength);
        message.buffer().get(message.subjectOffset(), subject, 0, subjectLength);
        if (!headersOnly && pinId.isEmpty()) {
            return outbox.deliver(to.reply, to.replyLength, subject, subjectLength, ackSubject.bytes(),
                    ackSubject.length(), message.buffer(), message.headersOffset(), message.headersLength(),
                    message.buffer(), message.payloadOffset(), message.payloadLength());
        }
        rewriteHeaders(message, headersOnly, pinId);
        return outbox.deliver(to.reply, to.replyLength, subject, subjectLength, ackSubject.bytes(),
                ackSubject.length(), buffers.headersView(), 0, blockLength, message.buffer(), message.payloadOffset(),
                headersOnly ? 0 : message.payloadLength());
    }

    private void rewriteHeaders(final MessageView message, final boolean headersOnly, final String pinId) {
        final int stored = message.headersLength();
        block = buffers.headers(stored + ADDED_LENGTH_MAX);
        blockLength = 0;
        if (stored == 0) {
            add(START);
        } else {
            blockLength = stored - LINE_END.length;
            message.buffer().get(message.headersOffset(), block, 0, blockLength);
        }
        if (headersOnly) {
            add(SIZE_NAME);
            blockLength = Decimal.write(message.payloadLength(), block, blockLength);
            add(LINE_END);
        }
        if (!pinId.isEmpty()) {
            add(PIN_NAME);
            for (int i = 0; i < pinId.length(); i++) {
                block[blockLength++] = (byte) pinId.charAt(i);
            }
            add(LINE_END);
        }
        add(LINE_END);
    }

    private void add(final byte[] source) {
        System.arraycopy(source, 0, block, blockLength, source.length);
        blockLength += source.length;
    }

    private static int digits(final int value) {
        int digits = 1;
        for (int rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
