package jetstream.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import jetstream.server.conf.LogConfig;

/**
 * Writes lines to stderr or to a file, each with one system call, so that a crash loses none and lines of several
 * threads do not mix. Called by any thread.
 */
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private final ReentrantLock lock = new ReentrantLock();
    private final StringBuilder text = new StringBuilder(256);
    private final FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);
    private final Optional<LogFile> file;
    private LogLine line;
    private boolean isDebug;

    LineAppender(final LogConfig config) throws IOException {
        this.file = config.file().isPresent()
                ? Optional.of(new LogFile(config.file().get(), config.rotation()))
                : Optional.empty();
        change(config);
        setName("server");
    }

    void change(final LogConfig config) {
        lock.lock();
        try {
            line = new LogLine(config);
            isDebug = config.levels().debug();
        } finally {
            lock.unlock();
        }
    }

    boolean reopen() throws IOException {
        lock.lock();
        try {
            if (file.isPresent()) {
                file.get().reopen();
            }
            return file.isPresent();
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void append(final ILoggingEvent event) {
        // Tracing does not imply debugging, though Logback's levels say so.
        if (event.getLevel() == Level.DEBUG && !isDebug) {
            return;
        }
        lock.lock();
        try {
            text.setLength(0);
            line.append(event, text);
            write(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            // The log itself has failed: Logback's status list is the one place left to tell.
            addError("can not write the log", e);
        } finally {
            lock.unlock();
        }
    }

    private void write(final byte[] bytes) throws IOException {
        if (file.isEmpty()) {
            stderr.write(bytes);
            return;
        }
        final Optional<String> backup = file.get().write(bytes);
        if (backup.isPresent()) {
            text.setLength(0);
            line.append(Instant.now(), "INF", "Rotated log, backup saved as \"" + backup.get() + '"', text);
            file.get().write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
