package jetstream.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import jetstream.server.conf.LogConfig;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Sends all logging of this process to stderr or to the log file. Only a server process does so; an embedding program
 * keeps its own SLF4J set-up.
 *
 * <p>Thread-safe. Our own loggers follow the configured levels, libraries log from WARN on.
 */
public final class ServerLog {

    private static final String OWN_LOGGERS = "jetstream";

    private static volatile LogConfig initial = null;
    private static volatile LineAppender appender = null;

    private ServerLog() {
    }

    /** Made late: the first marker starts Logback, which must find {@link #initial} set. */
    private static final class Markers {
        static final Marker FATAL = MarkerFactory.getMarker("FATAL");
    }

    /** Marks an error after which the process ends: such lines are {@code [FTL]}. */
    public static Marker fatal() {
        return Markers.FATAL;
    }

    /**
     * Opens the log. To be called once, before any logger is asked for: then Logback does not look for configuration
     * files of its own.
     *
     * @throws UncheckedIOException if the log file can not be opened
     */
    public static void open(final LogConfig config) {
        try {
            appender = new LineAppender(config);
        } catch (final IOException e) {
            throw new UncheckedIOException("error opening file: " + e.getMessage(), e);
        }
        initial = config;
        // The first use of a logger runs LogbackSetup; if that happened before, set it up again.
        if (LoggerFactory.getILoggerFactory() instanceof final LoggerContext context
                && context.getLogger(OWN_LOGGERS).getLevel() == null) {
            setUp(context);
        }
    }

    /** Changes levels and line format of the open log, after a reload. */
    public static void change(final LogConfig config) {
        initial = config;
        appender.change(config);
        if (LoggerFactory.getILoggerFactory() instanceof final LoggerContext context) {
            context.getLogger(OWN_LOGGERS).setLevel(level(config));
        }
    }

    /**
     * Opens the log file anew, after something else moved it away.
     *
     * @return false if the log is not a file
     * @throws UncheckedIOException if it can not be opened; the old one stays in use
     */
    public static boolean reopen() {
        try {
            return appender.reopen();
        } catch (final IOException e) {
            throw new UncheckedIOException("error opening file: " + e.getMessage(), e);
        }
    }

    /** Whether this process is a server whose log this class owns. */
    static boolean isOpen() {
        return initial != null;
    }

    static void setUp(final LoggerContext context) {
        appender.setContext(context);
        final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        appender.start();
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger(OWN_LOGGERS).setLevel(level(initial));
    }

    private static Level level(final LogConfig config) {
        if (config.levels().trace()) {
            return Level.TRACE;
        }
        return config.levels().debug() ? Level.DEBUG : Level.INFO;
    }
}
