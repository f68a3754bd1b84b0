package jetstream.engine.consumer;

/** Durations as clients and status texts write them: {@code 1m30s}, {@code 1.5s}, {@code 250ms}. */
final class GoDuration {
    /** Answer of {@link #parse} for a text that is no duration. */
    static final long INVALID = Long.MIN_VALUE;

    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private GoDuration() {
    }

    /** Nanoseconds of a text such as {@code 1h2m3.5s}; {@link #INVALID} if it is none. */
    static long parse(final String text) {
        final boolean isNegative = text.startsWith("-");
        final String rest = isNegative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return 0;
        }
        double total = 0;
        int at = 0;
        while (at < rest.length()) {
            final int numberEnd = skip(rest, at, true);
            final int unitEnd = skip(rest, numberEnd, false);
            final long unitNs = unitNs(rest.substring(numberEnd, unitEnd));
            final double number = number(rest.substring(at, numberEnd));
            if (unitNs == 0 || Double.isNaN(number)) {
                return INVALID;
            }
            total += number * unitNs;
            at = unitEnd;
        }
        if (rest.isEmpty() || total > Long.MAX_VALUE) {
            return INVALID;
        }
        return isNegative ? -(long) total : (long) total;
    }

    /** The text of that many nanoseconds, not negative. */
    static String format(final long ns) {
        if (ns == 0) {
            return "0s";
        }
        if (ns < MICRO) {
            return ns + "ns";
        }
        if (ns < MILLI) {
            return fraction(ns, MICRO) + "\u00b5s";
        }
        if (ns < SECOND) {
            return fraction(ns, MILLI) + "ms";
        }
        final long minutes = ns / (60 * SECOND);
        final String seconds = fraction(ns % (60 * SECOND), SECOND) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static String fraction(final long ns, final long unitNs) {
        final String whole = Long.toString(ns / unitNs);
        if (ns % unitNs == 0) {
            return whole;
        }
        final String digits = Long.toString(unitNs + ns % unitNs).substring(1);
        return whole + '.' + digits.replaceAll("0+$", "");
    }

    private static int skip(final String text, final int from, final boolean number) {
        int at = from;
        while (at < text.length() && isOfNumber(text.charAt(at)) == number) {
            at++;
        }
        return at;
    }

    private static boolean isOfNumber(final char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private static double number(final String text) {
        if (text.isEmpty() || text.equals(".") || text.indexOf('.') != text.lastIndexOf('.')) {
            return Double.NaN;
        }
        return Double.parseDouble(text);
    }

    private static long unitNs(final String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "\u00b5s", "\u03bcs" -> MICRO;
            case "ms" -> MILLI;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3600 * SECOND;
            default -> 0;
        };
    }
}
