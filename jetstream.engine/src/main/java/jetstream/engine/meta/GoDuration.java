package jetstream.engine.meta;

/** Durations as the protocol writes them: {@code 1m30s}, {@code 1.5s}, {@code 250ms}. */
public final class GoDuration {
    private static final long SECOND_NS = 1_000_000_000L;

    private GoDuration() {
    }

    /** Text of a length of time in nanoseconds. */
    public static String text(final long ns) {
        if (ns == 0) {
            return "0s";
        }
        if (ns < 0) {
            return "-" + text(-ns);
        }
        if (ns < SECOND_NS) {
            return ns < 1_000 ? ns + "ns" : ns < 1_000_000 ? decimal(ns, 1_000, "µs") : decimal(ns, 1_000_000, "ms");
        }
        final long hours = ns / (3600 * SECOND_NS);
        final long minutes = ns / (60 * SECOND_NS) % 60;
        final String seconds = decimal(ns % (60 * SECOND_NS), SECOND_NS, "s");
        return (hours > 0 ? hours + "h" : "") + (hours > 0 || minutes > 0 ? minutes + "m" : "") + seconds;
    }

    private static String decimal(final long value, final long unit, final String name) {
        if (value % unit == 0) {
            return value / unit + name;
        }
        final String digits = Long.toString(unit + value % unit).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return value / unit + "." + digits.substring(0, end) + name;
    }
}
