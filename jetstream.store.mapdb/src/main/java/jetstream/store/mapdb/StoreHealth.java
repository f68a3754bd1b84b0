package jetstream.store.mapdb;

import jetstream.api.store.StoreContext.StoreLog;
import jetstream.api.store.StoreException;

/**
 * Whether the medium can still be trusted. Once it refused, nothing is written any more (FAULTS rule 5). Any thread.
 */
final class StoreHealth {
    final StoreLog log;
    private volatile StoreException.Failed failure;
    private volatile boolean isClosed;

    StoreHealth(final StoreLog log) {
        this.log = log;
    }

    /** Throws if the store must not be changed. */
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
}
