package jetstream.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jetstream.server.conf.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogTest {

    private static final LogConfig.Levels INFO = new LogConfig.Levels(false, false, false, false);

    @TempDir Path directory;

    private final Logger logger = new LoggerContext().getLogger("test");

    private LogConfig config(final LogConfig.Levels levels, final boolean hasTime, final LogConfig.Rotation rotation) {
        return new LogConfig(levels, hasTime, true, Optional.of(directory.resolve("x.log")), rotation, 0);
    }

    private LoggingEvent event(final Level level, final String text) {
        return new LoggingEvent("test", logger, level, text, null, null);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("x.log"));
    }

    @Test
    void linesHaveTheReferencesShape() throws IOException {
        final LineAppender appender = new LineAppender(config(INFO, true, new LogConfig.Rotation(0, 0)));
        appender.append(event(Level.INFO, "Server is ready"));
        final LoggingEvent fatal = event(Level.ERROR, "no");
        fatal.addMarker(ServerLog.fatal());
        appender.append(fatal);
        final String pid = "\\[" + ProcessHandle.current().pid() + "\\]";
        assertTrue(lines().get(0).matches(
                pid + " \\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6} \\[INF\\] Server is ready"), lines().get(0));
        assertTrue(lines().get(1).endsWith(" [FTL] no"));
    }

    @Test
    void timeCanBeLeftOutAndEveryLevelHasItsTag() throws IOException {
        final LineAppender appender = new LineAppender(
                config(new LogConfig.Levels(true, true, false, false), false, new LogConfig.Rotation(0, 0)));
        for (final Level level : List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR)) {
            appender.append(event(level, "x"));
        }
        final String pid = "[" + ProcessHandle.current().pid() + "] ";
        assertEquals(
                Stream.of("TRC", "DBG", "INF", "WRN", "ERR").map(tag -> pid + "[" + tag + "] x").toList(), lines());
    }

    @Test
    void traceDoesNotImplyDebug() throws IOException {
        final LineAppender appender = new LineAppender(
                config(new LogConfig.Levels(false, true, false, false), false, new LogConfig.Rotation(0, 0)));
        appender.append(event(Level.DEBUG, "x"));
        assertEquals(List.of(), lines());
    }

    @Test
    void reopenedFileTakesTheLinesAfterTheOldOneWasMoved() throws IOException {
        final LineAppender appender = new LineAppender(config(INFO, false, new LogConfig.Rotation(0, 0)));
        appender.append(event(Level.INFO, "one"));
        Files.move(directory.resolve("x.log"), directory.resolve("old"));
        assertTrue(appender.reopen());
        appender.append(event(Level.INFO, "two"));
        assertEquals(1, lines().size());
        assertTrue(lines().getFirst().endsWith("two"));
        assertFalse(new LineAppender(LogConfig.DEFAULT).reopen());
    }

    @Test
    void fullFileIsRotatedAndTheOldestArePurged() throws IOException {
        final LineAppender appender = new LineAppender(config(INFO, false, new LogConfig.Rotation(400, 3)));
        for (int i = 0; i < 50; i++) {
            appender.append(event(Level.INFO, "0123456789 0123456789 0123456789 0123456789"));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(3, files.count());
        }
        assertTrue(lines().getFirst().contains("Rotated log, backup saved as \""), lines().getFirst());
    }
}
