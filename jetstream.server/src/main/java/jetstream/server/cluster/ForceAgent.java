package jetstream.server.cluster;

import java.util.concurrent.locks.LockSupport;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;

/**
 * Makes one store's tickets durable on a thread of its own, the only place that blocks on the device. The newest ticket
 * covers the older ones, so that all work that piles up during one force becomes durable with the next (group commit).
 * {@link #submit} and {@link #forced} belong to the node thread.
 */
final class ForceAgent implements AutoCloseable {
    private final Store store;
    private final Runnable onForced;
    private final Thread thread;
    private volatile long wanted;
    private volatile long done;
    private volatile StoreException failure;
    private volatile boolean closing;

    /**
     * Starts the thread.
     *
     * @param onForced wakes the node thread; called on the force thread
     */
    ForceAgent(final Store store, final String name, final Runnable onForced) {
        this.store = store;
        this.onForced = onForced;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Asks for that ticket and all before it. */
    void submit(final long ticket) {
        wanted = ticket;
        LockSupport.unpark(thread);
    }

    /** The highest ticket that is durable. */
    long forced() {
        return done;
    }

    /** Why nothing will be forced any more; null while all is well. */
    StoreException failure() {
        return failure;
    }

    private void run() {
        while (true) {
            final long ticket = wanted;
            if (ticket > done) {
                if (!force(ticket)) {
                    return;
                }
            } else if (closing) {
                return;
            } else {
                LockSupport.park(this);
            }
        }
    }

    private boolean force(final long ticket) {
        try {
            store.force(ticket);
            done = ticket;
            return true;
        } catch (final StoreException e) {
            failure = e; // never tried again: the device may have dropped what it failed to write (FAULTS rule 5)
            return false;
        } finally {
            onForced.run();
        }
    }

    /** Forces what was asked for and ends the thread. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
