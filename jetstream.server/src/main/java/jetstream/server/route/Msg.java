package jetstream.server.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message on its way: a reusable flyweight. Subjects are copied in, so they start at 0; the body (header block and
 * payload) is a view of the input buffer, of a log, or of an array, and valid only during the call that hands it over.
 * Owner: node thread.
 */
public final class Msg {
    private static final int FIRST_SUBJECT_LENGTH = 128;
    private static final byte[] EMPTY = new byte[0];

    private byte[] subject = new byte[FIRST_SUBJECT_LENGTH];
    private int subjectLength;
    private byte[] target = EMPTY;
    private int targetLength;
    private byte[] reply = new byte[FIRST_SUBJECT_LENGTH];
    private int replyLength;
    private byte[] array = EMPTY;
    private ByteBuffer buffer;
    private int bodyOffset;
    private int headersLength;
    private int totalLength;
    private Origin origin;
    private boolean isFromServer;
    private byte[] sizeText = EMPTY;
    private int headerTextFrom;
    private int headerTextLength;
    private int sizeTextFrom;
    private int sizeTextLength;
    private ByteBuffer arrayView;
    private byte[] viewedArray;

    /** Makes an empty message. */
    public Msg() {
    }

    /** Forgets everything but the buffers: no reply, no body, sent by the server itself. */
    public Msg clear() {
        subjectLength = 0;
        targetLength = 0;
        replyLength = 0;
        origin = null;
        isFromServer = true;
        sizeTextLength = 0;
        return body(EMPTY, 0, 0, 0);
    }

    /** Copies the subject in. */
    public Msg subject(final byte[] bytes, final int from, final int length) {
        if (length > subject.length) {
            subject = new byte[Math.max(length, subject.length * 2)];
        }
        System.arraycopy(bytes, from, subject, 0, length);
        subjectLength = length;
        return this;
    }

    /** Copies the subject in from absolute positions of a buffer. */
    public Msg subject(final ByteBuffer bytes, final int from, final int length) {
        if (length > subject.length) {
            subject = new byte[Math.max(length, subject.length * 2)];
        }
        bytes.get(from, subject, 0, length);
        subjectLength = length;
        return this;
    }

    /** Copies the subject in; for slow paths. */
    public Msg subject(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return subject(bytes, 0, bytes.length);
    }

    /**
     * Copies in the subject whose subscribers get the message, although they see {@link #subject()}: a stored message
     * that is delivered to an inbox. Length 0, as after {@link #clear()}, means that both are the same.
     */
    public Msg target(final byte[] bytes, final int from, final int length) {
        if (length > target.length) {
            target = new byte[Math.max(length, FIRST_SUBJECT_LENGTH)];
        }
        System.arraycopy(bytes, from, target, 0, length);
        targetLength = length;
        return this;
    }

    /** Like {@link #target(byte[], int, int)}, from absolute positions of a buffer. */
    public Msg target(final ByteBuffer bytes, final int from, final int length) {
        if (length > target.length) {
            target = new byte[Math.max(length, FIRST_SUBJECT_LENGTH)];
        }
        bytes.get(from, target, 0, length);
        targetLength = length;
        return this;
    }

    /** Whether subscribers of another subject than the one shown get the message. */
    public boolean hasTarget() {
        return targetLength > 0;
    }

    /** Bytes of the subject that decides who gets the message, from 0. */
    public byte[] target() {
        return targetLength > 0 ? target : subject;
    }

    /** Number of bytes of {@link #target()}. */
    public int targetLength() {
        return targetLength > 0 ? targetLength : subjectLength;
    }

    /** Copies the reply subject in; length 0 means none. */
    public Msg reply(final byte[] bytes, final int from, final int length) {
        if (length > reply.length) {
            reply = new byte[Math.max(length, reply.length * 2)];
        }
        System.arraycopy(bytes, from, reply, 0, length);
        replyLength = length;
        return this;
    }

    /** Copies the reply subject in from absolute positions of a buffer; length 0 means none. */
    public Msg reply(final ByteBuffer bytes, final int from, final int length) {
        if (length > reply.length) {
            reply = new byte[Math.max(length, reply.length * 2)];
        }
        bytes.get(from, reply, 0, length);
        replyLength = length;
        return this;
    }

    /** Copies the reply subject in; for slow paths. */
    public Msg reply(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return reply(bytes, 0, bytes.length);
    }

    /**
     * Sets the body as a view of an array.
     *
     * @param bytes   array
     * @param from    first byte of the header block or, without one, of the payload
     * @param headers bytes of the header block, 0 for none
     * @param total   bytes of header block and payload
     * @return this
     */
    public Msg body(final byte[] bytes, final int from, final int headers, final int total) {
        array = bytes;
        buffer = null;
        bodyOffset = from;
        headersLength = headers;
        totalLength = total;
        sizeTextLength = 0;
        return this;
    }

    /**
     * Sets the body as a view of a buffer, at absolute positions; the buffer's own position and limit are not used.
     *
     * @param bytes   buffer, heap or direct
     * @param from    absolute position of the first byte
     * @param headers bytes of the header block, 0 for none
     * @param total   bytes of header block and payload
     * @return this
     */
    public Msg body(final ByteBuffer bytes, final int from, final int headers, final int total) {
        body(EMPTY, from, headers, total);
        buffer = bytes;
        return this;
    }

    /** Says which client sent it. */
    public Msg origin(final Origin client) {
        origin = client;
        isFromServer = false;
        return this;
    }

    /** Says that it came from another server. */
    public Msg fromPeer() {
        origin = null;
        isFromServer = false;
        return this;
    }

    /** Remembers the sizes as the publisher wrote them; they are shown to receivers digit by digit. */
    public Msg sizeText(final byte[] bytes, final int headerFrom, final int headerLength, final int from,
            final int length) {
        sizeText = bytes;
        headerTextFrom = headerFrom;
        headerTextLength = headerLength;
        sizeTextFrom = from;
        sizeTextLength = length;
        return this;
    }

    /** Bytes of the subject, from 0; longer than {@link #subjectLength()}. */
    public byte[] subject() {
        return subject;
    }

    /** Number of bytes of the subject. */
    public int subjectLength() {
        return subjectLength;
    }

    /** Bytes of the reply subject, from 0. */
    public byte[] reply() {
        return reply;
    }

    /** Number of bytes of the reply subject, 0 if there is none. */
    public int replyLength() {
        return replyLength;
    }

    /** Whether there is a reply subject. */
    public boolean hasReply() {
        return replyLength > 0;
    }

    /** Number of bytes of the header block, 0 if there is none. */
    public int headersLength() {
        return headersLength;
    }

    /** Number of bytes of header block and payload. */
    public int totalLength() {
        return totalLength;
    }

    /** The client that published it, or null. */
    public Origin origin() {
        return origin;
    }

    /** Whether this server made it itself. */
    public boolean isFromServer() {
        return isFromServer;
    }

    /** Position of the body's first byte in {@link #bodyBuffer()}. */
    public int bodyOffset() {
        return bodyOffset;
    }

    /**
     * A buffer whose absolute positions from {@link #bodyOffset()} on hold the body. Position and limit mean nothing;
     * it must not be written to and not be kept.
     *
     * @return heap or direct buffer
     */
    public ByteBuffer bodyBuffer() {
        if (buffer != null) {
            return buffer;
        }
        if (viewedArray != array) {
            viewedArray = array;
            arrayView = ByteBuffer.wrap(array);
        }
        return arrayView;
    }

    /**
     * Copies a part of the body.
     *
     * @param from     first byte, counted from the start of the body
     * @param out      target
     * @param position where in the target
     * @param length   number of bytes
     */
    public void copyBody(final int from, final byte[] out, final int position, final int length) {
        if (buffer != null) {
            buffer.get(bodyOffset + from, out, position, length);
        } else {
            System.arraycopy(array, bodyOffset + from, out, position, length);
        }
    }

    /** The subject as text; for slow paths. */
    public String subjectText() {
        return new String(subject, 0, subjectLength, StandardCharsets.UTF_8);
    }

    /** The reply subject as text, empty if there is none; for slow paths. */
    public String replyText() {
        return new String(reply, 0, replyLength, StandardCharsets.UTF_8);
    }

    /** A copy of the payload without headers; for slow paths. */
    public byte[] payload() {
        final byte[] copy = new byte[totalLength - headersLength];
        copyBody(headersLength, copy, 0, copy.length);
        return copy;
    }

    /** A copy of the header block; for slow paths. */
    public byte[] headers() {
        final byte[] copy = new byte[headersLength];
        copyBody(0, copy, 0, copy.length);
        return copy;
    }

    /** Bytes that hold the sizes as they were written. */
    public byte[] sizeText() {
        return sizeText;
    }

    /** First digit of the header size in {@link #sizeText()}. */
    public int headerTextFrom() {
        return headerTextFrom;
    }

    /** Digits of the header size. */
    public int headerTextLength() {
        return headerTextLength;
    }

    /** First digit of the total size in {@link #sizeText()}. */
    public int sizeTextFrom() {
        return sizeTextFrom;
    }

    /** Digits of the total size; 0 if no sizes were remembered. */
    public int sizeTextLength() {
        return sizeTextLength;
    }

    @Override
    public String toString() {
        return "Msg[" + subjectText() + " reply=" + replyText() + " headers=" + headersLength + " total=" + totalLength
                + "]";
    }
}
