package jetstream.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import jetstream.server.conf.LogConfig;

/** Writes one line: {@code [pid] YYYY/MM/DD hh:mm:ss.uuuuuu [LVL] message}. */
final class LogLine {

    private static final long PID = ProcessHandle.current().pid();

    private final boolean hasTime;
    private final ZoneId zone;

    LogLine(final LogConfig config) {
        this.hasTime = config.time();
        this.zone = config.utc() ? ZoneOffset.UTC : ZoneId.systemDefault();
    }

    void append(final ILoggingEvent event, final StringBuilder line) {
        append(event.getInstant(), tag(event), event.getFormattedMessage(), line);
        final IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown));
        }
    }

    void append(final Instant instant, final String tag, final String message, final StringBuilder line) {
        line.append('[').append(PID).append("] ");
        if (hasTime) {
            appendTime(instant, line);
        }
        line.append('[').append(tag).append("] ").append(message).append('\n');
    }

    private void appendTime(final Instant instant, final StringBuilder line) {
        final LocalDateTime time = LocalDateTime.ofInstant(instant, zone);
        padded(time.getYear(), 1000, line).append('/');
        padded(time.getMonthValue(), 10, line).append('/');
        padded(time.getDayOfMonth(), 10, line).append(' ');
        padded(time.getHour(), 10, line).append(':');
        padded(time.getMinute(), 10, line).append(':');
        padded(time.getSecond(), 10, line).append('.');
        padded(time.getNano() / 1000, 100_000, line).append(' ');
    }

    /** Appends at least as many digits as {@code unit} has. */
    private static StringBuilder padded(final int value, final int unit, final StringBuilder line) {
        for (int rest = unit; rest > 1 && value < rest; rest /= 10) {
            line.append('0');
        }
        return line.append(value);
    }

    private static String tag(final ILoggingEvent event) {
        return switch (event.getLevel().toInt()) {
            case Level.TRACE_INT -> "TRC";
            case Level.DEBUG_INT -> "DBG";
            case Level.WARN_INT -> "WRN";
            case Level.ERROR_INT -> isFatal(event) ? "FTL" : "ERR";
            default -> "INF";
        };
    }

    private static boolean isFatal(final ILoggingEvent event) {
        return event.getMarkerList() != null && event.getMarkerList().contains(ServerLog.fatal());
    }
}
