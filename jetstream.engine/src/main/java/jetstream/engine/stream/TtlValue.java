package jetstream.engine.stream;

import java.nio.ByteBuffer;

/**
 * The value of a {@code Nats-TTL} header: a duration as Go writes it ({@code 1h30m}), whole seconds, or {@code never};
 * below a second is too little, but {@code 0} means none (spec/streams.md section 3.1). Read without allocation.
 */
final class TtlValue {
    /** It is not a time to live. */
    static final long INVALID = -1;
    /** The message never grows too old. */
    static final long NEVER = -2;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LONGEST_NS = 292L * 365 * 24 * 3600 * SECOND_NS;

    private TtlValue() {
    }

    /** Nanoseconds; 0 for none; {@link #NEVER} or {@link #INVALID}. The header must be present. */
    static long read(final HeaderScanner headers) {
        if (headers.length(HeaderField.TTL) == 0) {
            return 0;
        }
        if (headers.isWord(HeaderField.TTL, "never")) {
            return NEVER;
        }
        final long seconds = headers.number(HeaderField.TTL);
        if (seconds >= 0) {
            return seconds > LONGEST_NS / SECOND_NS ? INVALID : seconds * SECOND_NS;
        }
        final int offset = headers.offset(HeaderField.TTL);
        final long duration = duration(headers.buffer(), offset, offset + headers.length(HeaderField.TTL));
        return duration < SECOND_NS ? INVALID : duration - duration % SECOND_NS;
    }

    private static long duration(final ByteBuffer buffer, final int offset, final int limit) {
        double sum = 0;
        int at = offset;
        while (at < limit) {
            final int number = at;
            double value = 0;
            double scale = 0;
            while (at < limit && (isDigit(buffer.get(at)) || buffer.get(at) == '.' && scale == 0)) {
                if (buffer.get(at) == '.') {
                    scale = 1;
                } else {
                    value = value * 10 + buffer.get(at) - '0';
                    scale *= 10;
                }
                at++;
            }
            final int unit = at;
            while (at < limit && !isDigit(buffer.get(at)) && buffer.get(at) != '.') {
                at++;
            }
            final double unitNs = unitNs(buffer, unit, at - unit);
            if (unit == number || unitNs == 0) {
                return INVALID;
            }
            sum += (scale == 0 ? value : value / scale) * unitNs;
        }
        return sum > LONGEST_NS ? INVALID : Math.round(sum);
    }

    private static boolean isDigit(final byte character) {
        return character >= '0' && character <= '9';
    }

    private static double unitNs(final ByteBuffer buffer, final int at, final int length) {
        if (length == 1) {
            return switch (buffer.get(at)) {
                case 'h' -> 3600.0 * SECOND_NS;
                case 'm' -> 60.0 * SECOND_NS;
                case 's' -> SECOND_NS;
                default -> 0;
            };
        }
        if (length < 2 || buffer.get(at + length - 1) != 's') {
            return 0;
        }
        if (length == 3) {
            return buffer.get(at) == (byte) 0xc2 && buffer.get(at + 1) == (byte) 0xb5 ? 1e3 : 0;
        }
        return switch (buffer.get(at)) {
            case 'm' -> 1e6;
            case 'u' -> 1e3;
            case 'n' -> 1;
            default -> 0;
        };
    }
}
