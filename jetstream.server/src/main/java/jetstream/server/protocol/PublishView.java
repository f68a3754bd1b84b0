package jetstream.server.protocol;

/**
 * One PUB or HPUB as places in the input buffer. Valid only during the call that hands it over; reused afterwards.
 * All positions are absolute in {@link #buffer()}; {@code To} is exclusive.
 */
public final class PublishView {
    byte[] buffer;
    int subjectFrom;
    int subjectTo;
    int replyFrom;
    int replyTo;
    int headerTextFrom;
    int headerTextTo;
    int sizeTextFrom;
    int sizeTextTo;
    int headersLength;
    int totalLength;
    int bodyFrom;
    boolean hasHeaders;

    PublishView() {
    }

    /** The input buffer. */
    public byte[] buffer() {
        return buffer;
    }

    /** First byte of the subject. */
    public int subjectFrom() {
        return subjectFrom;
    }

    /** Number of bytes of the subject. */
    public int subjectLength() {
        return subjectTo - subjectFrom;
    }

    /** First byte of the reply subject. */
    public int replyFrom() {
        return replyFrom;
    }

    /** Number of bytes of the reply subject, 0 if there is none. */
    public int replyLength() {
        return replyTo - replyFrom;
    }

    /** Whether it is an HPUB. */
    public boolean hasHeaders() {
        return hasHeaders;
    }

    /** Number of bytes of the header block, 0 for a PUB. */
    public int headersLength() {
        return headersLength;
    }

    /** Number of bytes of header block and payload. */
    public int totalLength() {
        return totalLength;
    }

    /** First byte of the header block or, without one, of the payload. */
    public int bodyFrom() {
        return bodyFrom;
    }

    /** First digit of the header size as the client wrote it. */
    public int headerTextFrom() {
        return headerTextFrom;
    }

    /** Number of digits of the header size. */
    public int headerTextLength() {
        return headerTextTo - headerTextFrom;
    }

    /** First digit of the total size as the client wrote it. */
    public int sizeTextFrom() {
        return sizeTextFrom;
    }

    /** Number of digits of the total size. */
    public int sizeTextLength() {
        return sizeTextTo - sizeTextFrom;
    }
}
