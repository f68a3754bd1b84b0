package jetstream.server.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Encodes what the server says, into byte arrays that are known to be long enough. Each method returns the position
 * behind what it wrote. No state, no allocation.
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
        // Sizes of small messages take no division by a variable and no loop.
        if (value < 10) {
            out[position] = (byte) ('0' + value);
            return position + 1;
        }
        if (value < 100) {
            out[position] = (byte) ('0' + value / 10);
            out[position + 1] = (byte) ('0' + value % 10);
            return position + 2;
        }
        if (value < 1000) {
            out[position] = (byte) ('0' + value / 100);
            out[position + 1] = (byte) ('0' + value / 10 % 10);
            out[position + 2] = (byte) ('0' + value % 10);
            return position + 3;
        }
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
