package jetstream.engine.stream;

import java.nio.ByteBuffer;

/**
 * A message on its way into a proposal: views into somebody's buffers, nothing copied. Reused from message to message;
 * only valid during the call that takes it. Owner: the shard thread.
 */
public final class PublishDraft {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private byte[] subject = new byte[0];
    private int subjectLength;
    private ByteBuffer headers = EMPTY;
    private int headersOffset;
    private int headersLength;
    private ByteBuffer payload = EMPTY;
    private int payloadOffset;
    private int payloadLength;
    private boolean isCounter;
    private long countsOnSeq;
    private long countsOnHash;

    /** A draft of nothing yet. */
    public PublishDraft() {
    }

    /** Starts a message without headers and payload on the subject in the first bytes of that array. */
    public PublishDraft subject(final byte[] bytes, final int length) {
        subject = bytes;
        subjectLength = length;
        isCounter = false;
        return headers(EMPTY, 0, 0).payload(EMPTY, 0, 0);
    }

    /** Gives the message another subject; headers and payload stay. */
    PublishDraft rename(final byte[] bytes, final int length) {
        subject = bytes;
        subjectLength = length;
        return this;
    }

    /** Sets the header block, from {@code NATS/1.0} to the blank line: an absolute range; length 0 for none. */
    public PublishDraft headers(final ByteBuffer buffer, final int offset, final int length) {
        headers = buffer;
        headersOffset = offset;
        headersLength = length;
        return this;
    }

    /** Sets the payload: an absolute range. */
    public PublishDraft payload(final ByteBuffer buffer, final int offset, final int length) {
        payload = buffer;
        payloadOffset = offset;
        payloadLength = length;
        return this;
    }

    /** Makes it a counter's total that counts on that sequence, or, if that is -1, on a payload in flight. */
    PublishDraft countsOn(final long seq, final long hash) {
        isCounter = true;
        countsOnSeq = seq;
        countsOnHash = hash;
        return this;
    }

    boolean isCounter() {
        return isCounter;
    }

    long countsOnSeq() {
        return countsOnSeq;
    }

    long countsOnHash() {
        return countsOnHash;
    }

    /** The subject, from 0. */
    public byte[] subject() {
        return subject;
    }

    /** Subject length in bytes. */
    public int subjectLength() {
        return subjectLength;
    }

    /** Buffer of the header block. */
    public ByteBuffer headers() {
        return headers;
    }

    /** Where the header block starts. */
    public int headersOffset() {
        return headersOffset;
    }

    /** Length of the header block; 0 if there is none. */
    public int headersLength() {
        return headersLength;
    }

    /** Buffer of the payload. */
    public ByteBuffer payload() {
        return payload;
    }

    /** Where the payload starts. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Payload length in bytes. */
    public int payloadLength() {
        return payloadLength;
    }
}
