package jetstream.transport.aeron;

import io.aeron.exceptions.AeronEvent;
import jetstream.api.transport.TransportContext.TransportLog;
import org.agrona.ErrorHandler;

/**
 * Where Aeron's driver and client report. Their own troubles (a peer that vanished, an address that can not be reached)
 * are logged; what a frame handler threw is thrown again from the poll, since Aeron catches it on its way. Owner: the
 * polling thread.
 */
final class Failures implements ErrorHandler {
    private final LogLimiter log;
    private RuntimeException thrown;
    private boolean isReading;

    Failures(final TransportLog log) {
        this.log = new LogLimiter(log);
    }

    @Override
    public void onError(final Throwable throwable) {
        final boolean isAerons = throwable instanceof AeronEvent
                || throwable.getClass().getPackageName().startsWith("io.aeron");
        if (isAerons || !isReading || !(throwable instanceof final RuntimeException failure)) {
            final String text = String.valueOf(throwable.getMessage());
            log.warn(throwable.getClass().getName() + text, "transport: Aeron reports: " + text, System.nanoTime());
        } else if (thrown == null) {
            thrown = failure;
        } else {
            thrown.addSuppressed(failure);
        }
    }

    /** Whether messages are being read: only then handlers of ours run inside of Aeron. */
    void reading(final boolean newReading) {
        isReading = newReading;
    }

    void rethrow() {
        final RuntimeException failure = thrown;
        if (failure != null) {
            thrown = null;
            throw failure;
        }
    }
}
