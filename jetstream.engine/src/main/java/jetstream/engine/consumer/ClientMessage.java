package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import jetstream.engine.Outbox;

/**
 * Flyweight over a message that a client sent to a consumer: subject, reply and payload. Reused by its owner and
 * valid only in the call. Owner: the shard thread.
 */
public final class ClientMessage {
    private static final byte[] NOTHING = {};

    private byte[] subject = NOTHING;
    private int subjectLength;
    private byte[] reply = NOTHING;
    private int replyLength;
    private ByteBuffer headers = Outbox.EMPTY;
    private int headersOffset;
    private int headersLength;
    private ByteBuffer payload = Outbox.EMPTY;
    private int payloadOffset;
    private int payloadLength;

    /** A view on nothing yet. */
    public ClientMessage() {
    }

    /**
     * Points at subject and reply, both used from 0; {@code replyLength} 0 means no reply. Headers and payload are
     * empty.
     */
    public ClientMessage wrap(final byte[] newSubject, final int newSubjectLength, final byte[] newReply,
            final int newReplyLength) {
        subject = newSubject;
        subjectLength = newSubjectLength;
        reply = newReply;
        replyLength = newReplyLength;
        return headers(Outbox.EMPTY, 0, 0).payload(Outbox.EMPTY, 0, 0);
    }

    /** Points at the header block, by absolute position. */
    public ClientMessage headers(final ByteBuffer buffer, final int offset, final int length) {
        headers = buffer;
        headersOffset = offset;
        headersLength = length;
        return this;
    }

    /** Points at the payload, by absolute position. */
    public ClientMessage payload(final ByteBuffer buffer, final int offset, final int length) {
        payload = buffer;
        payloadOffset = offset;
        payloadLength = length;
        return this;
    }

    /** Subject bytes, from 0. */
    public byte[] subject() {
        return subject;
    }

    /** Subject length in bytes. */
    public int subjectLength() {
        return subjectLength;
    }

    /** Reply subject bytes, from 0. */
    public byte[] reply() {
        return reply;
    }

    /** Reply length in bytes; 0 if there is none. */
    public int replyLength() {
        return replyLength;
    }

    /** Payload length in bytes. */
    public int payloadLength() {
        return payloadLength;
    }

    /** One byte of the payload. */
    byte payload(final int at) {
        return payload.get(payloadOffset + at);
    }

    /** Whether the payload starts with these bytes. */
    boolean payloadStartsWith(final byte[] prefix) {
        if (payloadLength < prefix.length) {
            return false;
        }
        for (int at = 0; at < prefix.length; at++) {
            if (payload(at) != prefix[at]) {
                return false;
            }
        }
        return true;
    }

    /** The number in a header, whose name comes with the line end before and the colon behind; -1 if there is none. */
    long headerNumber(final byte[] name) {
        for (int at = 0; at + name.length < headersLength; at++) {
            if (isHeaderAt(at, name)) {
                return headerNumberAt(at + name.length);
            }
        }
        return -1;
    }

    private boolean isHeaderAt(final int from, final byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (headers.get(headersOffset + from + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private long headerNumberAt(final int from) {
        int at = from;
        while (at < headersLength && headers.get(headersOffset + at) == ' ') {
            at++;
        }
        long value = 0;
        final int start = at;
        while (at < headersLength && at - start < 18 && Character.isDigit(headers.get(headersOffset + at))) {
            value = value * 10 + headers.get(headersOffset + at++) - '0';
        }
        return at == start ? -1 : value;
    }

    /** Copies the payload from a position on into a new array. */
    byte[] copyPayload(final int from) {
        final byte[] copy = new byte[payloadLength - from];
        payload.get(payloadOffset + from, copy);
        return copy;
    }

    /** Copies the payload into an array that is long enough. */
    void copyPayload(final byte[] target) {
        payload.get(payloadOffset, target, 0, payloadLength);
    }
}
