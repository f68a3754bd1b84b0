package jetstream.engine.stream;

import java.nio.ByteBuffer;

/**
 * The increment of a counter message: a decimal number of any length, with or without a sign (spec/streams.md section
 * 12).
 */
final class CounterValue {
    private CounterValue() {
    }

    /** Whether the present increment header is one. */
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
        return at == limit && at > digits;
    }
}
