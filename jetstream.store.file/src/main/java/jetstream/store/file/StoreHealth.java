package jetstream.store.file;

import java.io.IOException;
import java.util.Locale;
import jetstream.api.store.StoreContext.DamageListener;
import jetstream.api.store.StoreContext.StoreLog;
import jetstream.api.store.StoreException;

/**
 * Whether the medium can still be trusted, and who is told if not. Once it refused, nothing is written any more (FAULTS
 * rule 5). Any thread.
 */
final class StoreHealth {
    final StoreLog log;
    final DamageListener damage;
    private volatile StoreException.Failed failure;
    private volatile boolean isClosed;

    StoreHealth(final StoreLog log, final DamageListener damage) {
        this.log = log;
        this.damage = damage;
    }

    StoreHealth(final StoreLog log) {
        this(log, (group, index) -> {
        });
    }

    /** Throws if the store must not be written. */
    void check() {
        if (failure != null) {
            throw new StoreException.Failed(failure.getMessage(), failure);
        }
        if (isClosed) {
            throw new StoreException.Failed("the store is closed", null);
        }
    }

    boolean isFailed() {
        return failure != null;
    }

    boolean isClosed() {
        return isClosed;
    }

    void close() {
        isClosed = true;
    }

    /** Records the first refusal, reports it, and gives what is to be thrown. */
    synchronized StoreException.Failed fail(final String operation, final Exception cause) {
        if (failure == null) {
            failure = new StoreException.Failed(operation + " failed: " + cause.getMessage()
                    + "; the store takes nothing more until the server is started again", cause);
            log.line(true, failure.getMessage());
        }
        return failure;
    }

    /** Whether the medium said that there is no room. Java has no type for that, only the system's text. */
    static boolean saysFull(final IOException e) {
        final String text = e.getMessage() == null ? "" : e.getMessage().toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }
}
