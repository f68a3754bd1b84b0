package jetstream.engine.consumer;

/** Reads {@code {"delay": 5000000000}} without a parser: one field matters. */
final class NakDelay {
    private static final String FIELD = "\"delay\"";

    private NakDelay() {
    }

    /** The delay in nanoseconds; 0 if there is none, or it is no whole number. */
    static long parse(final String json) {
        final int field = json.indexOf(FIELD);
        final int colon = field < 0 ? -1 : json.indexOf(':', field + FIELD.length());
        if (colon < 0) {
            return 0;
        }
        int at = colon + 1;
        while (at < json.length() && Character.isWhitespace(json.charAt(at))) {
            at++;
        }
        int end = at;
        while (end < json.length() && Character.isDigit(json.charAt(end))) {
            end++;
        }
        final byte[] digits = StatusWriter.bytes(json.substring(at, end));
        return Math.max(0, Decimal.parse(digits, 0, digits.length));
    }
}
