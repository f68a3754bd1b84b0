package jetstream.simulator.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A message that a client publishes, what it asks for, and what it was told. Its id is its content. */
public final class Publish {
    /** What the client knows of it. */
    public enum Outcome {
        /** Nothing: it may be stored or not. */
        UNKNOWN,
        /** Stored. */
        STORED,
        /** Refused, every time it was tried. */
        REFUSED
    }

    /** No condition. */
    public static final long NONE = -1;

    final long id;
    final String subject;
    final boolean hasMsgId;
    final int length;
    final long invokedNs;
    long expectedLast = NONE;
    boolean isExpectedOfSubject;
    private int attempts;
    private boolean mayBeStored;
    private Outcome outcome = Outcome.UNKNOWN;
    private long answeredNs = Long.MAX_VALUE;
    private long seq;
    private long observedLast = NONE;

    Publish(final long id, final String subject, final boolean hasMsgId, final int length, final long invokedNs) {
        this.id = id;
        this.subject = subject;
        this.hasMsgId = hasMsgId;
        this.length = length;
        this.invokedNs = invokedNs;
    }

    /** Number of the message, alone in its run. */
    public long id() {
        return id;
    }

    /** Its subject. */
    public String subject() {
        return subject;
    }

    /** Whether it carries a message id, so that the stream can tell a repetition. */
    public boolean hasMsgId() {
        return hasMsgId;
    }

    /** When it was sent first. */
    public long invokedNs() {
        return invokedNs;
    }

    /** When the client knew; {@code Long.MAX_VALUE} if it never did. */
    public long answeredNs() {
        return answeredNs;
    }

    /** What the client knows. */
    public Outcome outcome() {
        return outcome;
    }

    /** Sequence under which it is stored, if so. */
    public long seq() {
        return seq;
    }

    /** Last sequence of the subject that it depends on; {@link #NONE} if on none. */
    public long expectedLast() {
        return expectedLast;
    }

    /** Whether the condition is about the subject, not the whole stream. */
    public boolean isExpectedOfSubject() {
        return isExpectedOfSubject;
    }

    /** Last sequence that a refusal named; {@link #NONE} if there was none. */
    public long observedLast() {
        return observedLast;
    }

    void stored(final long atSeq, final long nowNs) {
        outcome = Outcome.STORED;
        seq = atSeq;
        answeredNs = nowNs;
    }

    /** Refused now; an earlier attempt without an answer may have been stored all the same. */
    void refused(final long observed, final long nowNs) {
        outcome = mayBeStored ? Outcome.UNKNOWN : Outcome.REFUSED;
        observedLast = observed;
        answeredNs = nowNs;
    }

    /** How often it was sent. */
    public int attempts() {
        return attempts;
    }

    void sent() {
        attempts++;
    }

    void unanswered() {
        mayBeStored = true;
    }

    /** Header block; empty if it needs none. */
    byte[] headers() {
        final StringBuilder text = new StringBuilder();
        if (hasMsgId) {
            text.append("Nats-Msg-Id: m").append(id).append("\r\n");
        }
        if (expectedLast != NONE) {
            text.append(isExpectedOfSubject ? "Nats-Expected-Last-Subject-Sequence: " : "Nats-Expected-Last-Sequence: ")
                    .append(expectedLast).append("\r\n");
        }
        return (text.isEmpty() ? "" : "NATS/1.0\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Payload: the id, and bytes that follow from it. */
    byte[] payload() {
        final byte[] bytes = new byte[Long.BYTES + length];
        ByteBuffer.wrap(bytes).putLong(id);
        for (int i = Long.BYTES; i < bytes.length; i++) {
            bytes[i] = (byte) (id * 31 + i);
        }
        return bytes;
    }

    /** The id in a payload; -1 if it is none of ours, or not whole. */
    static long idOf(final byte[] payload) {
        if (payload.length < Long.BYTES) {
            return -1;
        }
        final long id = ByteBuffer.wrap(payload).getLong();
        for (int i = Long.BYTES; i < payload.length; i++) {
            if (payload[i] != (byte) (id * 31 + i)) {
                return -1;
            }
        }
        return id;
    }

    @Override
    public String toString() {
        return "m" + id + " on " + subject + (expectedLast == NONE ? "" : " after " + expectedLast) + ": " + outcome
                + (seq > 0 ? " as " + seq : "");
    }
}
