package jetstream.server.cluster;

import jetstream.api.consensus.Consensus;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store and the thread that forces it, as the duty cycle drives them. Owner: the node thread. */
final class ForcedStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForcedStore.class);

    private final Store store;
    private final ForceAgent force;
    private boolean isFull;
    private StoreException refusal;
    private long ticket;
    private long reported;

    /** A store whose tickets are forced on a thread of that name; without a thread (null) a force is immediate. */
    ForcedStore(final Store store, final String threadName, final Runnable wakeup) {
        this.store = store;
        force = threadName == null ? null : new ForceAgent(store, threadName, wakeup);
        ticket = store.ticket();
        reported = force == null ? ticket : 0;
    }

    Store store() {
        return store;
    }

    /** Tells consensus of finished forces. */
    int reportForced(final Consensus consensus) {
        if (force == null) {
            return 0;
        }
        final long forced = force.forced();
        if (forced <= reported) {
            return 0;
        }
        reported = forced;
        consensus.onForced(store, forced);
        return 1;
    }

    /** Has what this duty cycle appended forced. */
    int submit(final Consensus consensus) {
        final long now = nextTicket();
        if (now == ticket) {
            return 0;
        }
        ticket = now;
        consensus.onTicket(store, now);
        if (force != null) {
            force.submit(now);
            return 0;
        }
        store.force(now);
        consensus.onForced(store, now);
        return 1; // commits may follow at once
    }

    /** The store's ticket; the last one if there is no room now: nothing is lost, and the next cycle asks again. */
    private long nextTicket() {
        try {
            final long now = store.ticket();
            isFull = false;
            return now;
        } catch (final StoreException.Full e) {
            if (!isFull) {
                LOG.warn("no acknowledgements until there is room: {}", e.getMessage());
            }
            isFull = true;
            return ticket;
        } catch (final StoreException.Failed e) {
            // The force thread may have met the refusal a moment ago, and not said so yet.
            refusal = e;
            return ticket;
        }
    }

    /** Lets the store take care of itself. */
    void care(final long nowNs) {
        try {
            store.doWork(nowNs);
        } catch (final StoreException.Failed e) {
            refusal = e;
        }
    }

    /** Why the device failed; null while all is well. */
    StoreException failure() {
        return refusal != null || force == null ? refusal : force.failure();
    }

    @Override
    public void close() {
        if (force != null) {
            force.close();
        }
        store.close();
    }
}
