package jetstream.server.conf.syntax;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** Durations as the reference writes them: {@code 1h30m}, {@code 1.5s}, {@code -2ms}. */
public final class GoDuration {

    private GoDuration() {
    }

    /** Nanoseconds of a duration text; empty if it is none or does not fit 64 bits. */
    public static OptionalLong parse(final String text) {
        final boolean isNegative = text.startsWith("-");
        int at = isNegative || text.startsWith("+") ? 1 : 0;
        if ("0".equals(text.substring(at))) {
            return OptionalLong.of(0);
        }
        if (at == text.length()) {
            return OptionalLong.empty();
        }
        BigDecimal total = BigDecimal.ZERO;
        while (at < text.length()) {
            final int unitAt = skipNumber(text, at);
            final int end = skipUnit(text, unitAt);
            final long unit = unitNs(text.substring(unitAt, end));
            if (unit == 0 || !isNumber(text.substring(at, unitAt))) {
                return OptionalLong.empty();
            }
            total = total.add(new BigDecimal("0" + text.substring(at, unitAt)).multiply(BigDecimal.valueOf(unit)));
            at = end;
        }
        if (total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(isNegative ? -total.longValue() : total.longValue());
    }

    private static int skipNumber(final String text, final int from) {
        int at = from;
        while (at < text.length() && (Cursor.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return at;
    }

    private static int skipUnit(final String text, final int from) {
        int at = from;
        while (at < text.length() && !Cursor.isDigit(text.charAt(at)) && text.charAt(at) != '.') {
            at++;
        }
        return at;
    }

    private static boolean isNumber(final String digits) {
        return !digits.isEmpty() && !".".equals(digits) && digits.indexOf('.') == digits.lastIndexOf('.');
    }

    private static long unitNs(final String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0L;
        };
    }
}
