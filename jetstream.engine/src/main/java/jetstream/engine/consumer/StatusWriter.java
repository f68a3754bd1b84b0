package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jetstream.engine.Outbox;

/** Writes and sends status messages: no payload, a header block that says what happened. Owner: the shard thread. */
final class StatusWriter {
    static final byte[] NO_MESSAGES = bytes("NATS/1.0 404 No Messages\r\n");
    static final byte[] REQUEST_TIMEOUT = bytes("NATS/1.0 408 Request Timeout\r\n");
    static final byte[] REQUESTS_PENDING = bytes("NATS/1.0 408 Requests Pending\r\n");
    static final byte[] CONSUMER_DELETED = bytes("NATS/1.0 409 Consumer Deleted\r\n");
    static final byte[] PUSH_BASED = bytes("NATS/1.0 409 Consumer is push based\r\n");
    static final byte[] LEADERSHIP_CHANGE = bytes("NATS/1.0 409 Leadership Change\r\n");
    static final byte[] SERVER_SHUTDOWN = bytes("NATS/1.0 409 Server Shutdown\r\n");
    static final byte[] MAX_WAITING = bytes("NATS/1.0 409 Exceeded MaxWaiting\r\n");
    static final byte[] MESSAGE_SIZE = bytes("NATS/1.0 409 Message Size Exceeds MaxBytes\r\n");
    static final byte[] BATCH_COMPLETED = bytes("NATS/1.0 409 Batch Completed\r\n");
    static final byte[] WRONG_PIN = bytes("NATS/1.0 423 Nats-Wrong-Pin-Id\r\n");
    static final byte[] PIN_MISMATCH = bytes("NATS/1.0 423 Nats-Pin-Id mismatch\r\n");
    private static final byte[] IDLE_HEARTBEAT = bytes("NATS/1.0 100 Idle Heartbeat\r\n");
    private static final byte[] FLOW_CONTROL = bytes("NATS/1.0 100 FlowControl Request\r\n");
    private static final byte[] PENDING_MESSAGES = bytes("Nats-Pending-Messages: ");
    private static final byte[] PENDING_BYTES = bytes("Nats-Pending-Bytes: ");
    private static final byte[] LAST_CONSUMER = bytes("Nats-Last-Consumer: ");
    private static final byte[] LAST_STREAM = bytes("Nats-Last-Stream: ");
    private static final byte[] CONSUMER_STALLED = bytes("Nats-Consumer-Stalled: ");
    private static final byte[] LINE_END = bytes("\r\n");
    private static final byte[] NONE = {};

    private final Outbox outbox;
    private final byte[] block;
    private final ByteBuffer view;
    private int length;

    StatusWriter(final Outbox outbox, final ConsumerBuffers buffers) {
        this.outbox = outbox;
        this.block = buffers.status;
        this.view = buffers.statusView;
    }

    static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends a status without further headers. */
    void send(final byte[] to, final int toLength, final byte[] statusLine) {
        start(statusLine);
        publish(to, toLength, NONE, 0);
    }

    /** Sends a status with a text made for the occasion; too long a text is cut. */
    void send(final byte[] to, final int toLength, final int code, final String text) {
        final String cut = text.length() > 256 ? text.substring(0, 256) : text;
        start(bytes("NATS/1.0 " + code + ' ' + cut.replace('\r', ' ').replace('\n', ' ') + "\r\n"));
        publish(to, toLength, NONE, 0);
    }

    /** Sends a status that says what a request still allowed. */
    void sendWithRemainder(final PullRequest request, final byte[] statusLine) {
        start(statusLine);
        header(PENDING_MESSAGES, request.remaining);
        header(PENDING_BYTES, request.bytesLeft);
        publish(request.reply, request.replyLength, NONE, 0);
    }

    /** Sends a heartbeat; {@code stalledLength} 0 if flow control waits for nothing. */
    void sendHeartbeat(final PullRequest to, final long consumerSeq, final long streamSeq, final byte[] stalled,
            final int stalledLength) {
        start(IDLE_HEARTBEAT);
        header(LAST_CONSUMER, consumerSeq);
        header(LAST_STREAM, streamSeq);
        if (stalledLength > 0) {
            add(CONSUMER_STALLED, CONSUMER_STALLED.length);
            add(stalled, stalledLength);
            add(LINE_END, LINE_END.length);
        }
        publish(to.reply, to.replyLength, NONE, 0);
    }

    /** Asks the receiver of a push consumer to answer on {@code reply}. */
    void sendFlowControl(final PullRequest to, final byte[] reply, final int replyLength) {
        start(FLOW_CONTROL);
        publish(to.reply, to.replyLength, reply, replyLength);
    }

    private void start(final byte[] statusLine) {
        length = 0;
        add(statusLine, statusLine.length);
    }

    private void header(final byte[] name, final long value) {
        add(name, name.length);
        length = Decimal.write(value, block, length);
        add(LINE_END, LINE_END.length);
    }

    private void add(final byte[] source, final int count) {
        System.arraycopy(source, 0, block, length, count);
        length += count;
    }

    private void publish(final byte[] to, final int toLength, final byte[] reply, final int replyLength) {
        add(LINE_END, LINE_END.length);
        outbox.publish(to, toLength, reply, replyLength, view, 0, length, Outbox.EMPTY, 0, 0);
    }
}
