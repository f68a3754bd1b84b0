package jetstream.server.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Encodes what the server says, into byte arrays that are known to be long enough. Each method returns the position behind
 * what it wrote. No state, no allocation.
 */
public final class ProtocolWriter {
    /** {@code +OK}. Not to be changed. */
    public static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);
    /** {@code PING}. Not to be changed. */
    public static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    /** {@code PONG}. Not to be changed. */
    public static final byte[] PONG = "PONG\r\n".getBytes(StandardCharsets.US_ASCII);
    /** Bytes of a MSG or HMSG line besides subject, sid, reply and the digits of the sizes. */
    public static final int LINE_OVERHEAD = 12;
    /** Largest number of digits of an int. */
    public static final int DIGITS_MAX = 10;

    private static final byte[] NO_RESPONDERS_STATUS =
        "NATS/1.0 503\r\nNats-Subject: ".getBytes(StandardCharsets.US_ASCII);

    private ProtocolWriter() {
    }

    /**
     * Copies bytes.
     *
     * @param out      target
     * @param position where to write
     * @param bytes    what to write
     * @param length   number of bytes
     * @return position behind
     */
    public static int bytes(final byte[] out, final int position, final byte[] bytes, final int length) {
        System.arraycopy(bytes, 0, out, position, length);
        return position + length;
    }

    /**
     * Writes a non-negative number in decimal.
     *
     * @param out      target
     * @param position where to write
     * @param value    zero or more
     * @return position behind
     */
    public static int number(final byte[] out, final int position, final int value) {
        final int end = position + digits(value);
        int rest = value;
        int at = end;
        do {
            out[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        return end;
    }

    /**
     * Number of decimal digits.
     *
     * @param value zero or more
     * @return 1 to 10
     */
    public static int digits(final int value) {
        int digits = 1;
        int rest = value;
        while (rest >= 10) {
            rest /= 10;
            digits++;
        }
        return digits;
    }

    /** Writes CR LF. */
    public static int lineEnd(final byte[] out, final int position) {
        out[position] = '\r';
        out[position + 1] = '\n';
        return position + 2;
    }

    /**
     * Length of the header block of a no-responders answer.
     *
     * @param subjectLength bytes of the subject nobody took
     * @return bytes
     */
    public static int noRespondersLength(final int subjectLength) {
        return NO_RESPONDERS_STATUS.length + subjectLength + 4;
    }

    /**
     * Writes a whole no-responders message.
     *
     * @param out           target with room for all of it
     * @param position      where to write
     * @param subject       the subject nobody took
     * @param subjectLength its bytes
     * @param reply         the reply subject the answer goes to
     * @param replyLength   its bytes
     * @param sid           subscription of the requester
     * @return position behind
     */
    public static int noResponders(final byte[] out, final int position, final byte[] subject, final int subjectLength,
                                   final byte[] reply, final int replyLength, final byte[] sid) {
        final int size = noRespondersLength(subjectLength);
        int p = verb(out, position, true);
        p = bytes(out, p, reply, replyLength);
        out[p++] = ' ';
        p = bytes(out, p, sid, sid.length);
        out[p++] = ' ';
        p = number(out, p, size);
        out[p++] = ' ';
        p = lineEnd(out, number(out, p, size));
        p = bytes(out, p, NO_RESPONDERS_STATUS, NO_RESPONDERS_STATUS.length);
        p = bytes(out, p, subject, subjectLength);
        return lineEnd(out, lineEnd(out, lineEnd(out, p)));
    }

    /**
     * Writes {@code MSG } or {@code HMSG }.
     *
     * @param out        target
     * @param position   where to write
     * @param hasHeaders HMSG
     * @return position behind
     */
    public static int verb(final byte[] out, final int position, final boolean hasHeaders) {
        int p = position;
        if (hasHeaders) {
            out[p++] = 'H';
        }
        out[p] = 'M';
        out[p + 1] = 'S';
        out[p + 2] = 'G';
        out[p + 3] = ' ';
        return p + 4;
    }
}
