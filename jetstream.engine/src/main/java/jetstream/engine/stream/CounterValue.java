package jetstream.engine.stream;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Increments and totals of counter messages: decimal numbers of any length (spec/streams.md section 12). */
public final class CounterValue {
    private static final String PREFIX = "{\"val\":\"";
    private static final String SUFFIX = "\"}";
    private static final int DIGITS_MAX = 4096;

    private CounterValue() {
    }

    /** Whether the present increment header is a number, with or without a sign. */
    static boolean isIncrement(final HeaderScanner headers) {
        final ByteBuffer buffer = headers.buffer();
        final int offset = headers.offset(HeaderField.INCREMENT);
        final int limit = offset + headers.length(HeaderField.INCREMENT);
        int at = offset;
        if (at < limit && (buffer.get(at) == '+' || buffer.get(at) == '-')) {
            at++;
        }
        final int digits = at;
        while (at < limit && buffer.get(at) >= '0' && buffer.get(at) <= '9') {
            at++;
        }
        return at == limit && at > digits && at - digits <= DIGITS_MAX;
    }

    static byte[] payload(final BigInteger total) {
        return (PREFIX + total + SUFFIX).getBytes(StandardCharsets.US_ASCII);
    }

    /** The total that a counter message holds, as its acknowledgement says it; null if the message is no counter. */
    public static String total(final MessageView message) {
        final int length = message.payloadLength();
        if (length <= PREFIX.length() + SUFFIX.length() || length > DIGITS_MAX * 2) {
            return null;
        }
        final byte[] bytes = new byte[length];
        message.buffer().get(message.payloadOffset(), bytes);
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(PREFIX) || !text.endsWith(SUFFIX)) {
            return null;
        }
        final String total = text.substring(PREFIX.length(), length - SUFFIX.length());
        return total.matches("-?[0-9]+") ? total : null;
    }

    /** A number that stands for the bytes of a payload; never 0. */
    static long hash(final ByteBuffer buffer, final int offset, final int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ buffer.get(offset + i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash == 0 ? 1 : hash;
    }
}
