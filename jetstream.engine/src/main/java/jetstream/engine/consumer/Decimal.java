package jetstream.engine.consumer;

/** Decimal numbers to and from bytes, without garbage. */
final class Decimal {
    private Decimal() {
    }

    /** Writes a number that is not negative; the position behind it. */
    static int write(final long value, final byte[] target, final int offset) {
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = offset + digits - 1; at >= offset; at--) {
            final long quotient = rest / 10;
            target[at] = (byte) ('0' + (rest - quotient * 10));
            rest = quotient;
        }
        return offset + digits;
    }

    /**
     * Reads digits from {@code from} to {@code to}; -1 if there are none, something else is among them, or too many.
     */
    static long parse(final byte[] source, final int from, final int to) {
        if (from >= to || to - from > 19) {
            return -1;
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            final int digit = source[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value < 0 ? -1 : value;
    }
}
