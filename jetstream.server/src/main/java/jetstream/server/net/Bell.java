package jetstream.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a blocking select from another thread: a pipe whose reading end sits in the selector. Netty's own wakeup keeps
 * the selector awake until the next blocking select, which costs two more turns and six system calls each time; a ring
 * costs one write and one read, and rings before the next {@link #silence} cost nothing.
 */
final class Bell implements AutoCloseable {
    private final Pipe pipe;
    private final AtomicBoolean isRung = new AtomicBoolean();
    private final ByteBuffer read = ByteBuffer.allocateDirect(8);
    private final ByteBuffer written = ByteBuffer.allocateDirect(1);

    Bell() {
        try {
            pipe = Pipe.open();
            pipe.source().configureBlocking(false);
        } catch (final IOException e) {
            throw new UncheckedIOException("no pipe to wake the node thread with: " + e.getMessage(), e);
        }
    }

    /** The end that becomes readable. */
    Pipe.SourceChannel channel() {
        return pipe.source();
    }

    /** What the caller wrote to memory before is seen by the node thread's next turn. Any thread. */
    void ring() {
        if (!isRung.getAndSet(true)) {
            try {
                // A view of its own: the one who rang before may still be about to move the position of his.
                pipe.sink().write(written.duplicate());
            } catch (final IOException e) {
                // Closed: the node thread has ended, or is about to.
                isRung.set(true);
            }
        }
    }

    /** Takes the byte out. Node thread, before it looks at what other threads have done. */
    void silence() {
        try {
            // Rung without a byte: it is about to be written, and must find the flag set, or it would stay in the pipe.
            if (isRung.get() && pipe.source().read(read.clear()) > 0) {
                isRung.set(false);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("the pipe that wakes the node thread: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            pipe.sink().close();
            pipe.source().close();
        } catch (final IOException e) {
            throw new UncheckedIOException("closing the pipe that wakes the node thread: " + e.getMessage(), e);
        }
    }
}
