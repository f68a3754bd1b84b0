package jetstream.simulator.world;

import java.util.SplittableRandom;
import jetstream.api.consensus.Consensus;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;

/** A store and the forces that a thread of its own would do, in simulated time. */
final class ForcedStore {
    private final NodeProcess process;
    private final Store store;
    private final SplittableRandom random;
    private long ticket;
    private long forced;
    private boolean isForcing;
    private boolean isDone;
    private StoreException failure;

    /** Starts with nothing to force: what recovery wrote is forced with what comes. */
    ForcedStore(final NodeProcess process, final Store store, final SplittableRandom random) {
        this.process = process;
        this.store = store;
        this.random = random;
    }

    Store store() {
        return store;
    }

    /** Why the device failed; null while all is well. */
    StoreException failure() {
        return failure;
    }

    /** Tells consensus of a finished force. */
    void reportForced(final Consensus consensus) {
        if (isDone) {
            isDone = false;
            isForcing = false;
            consensus.onForced(store, forced);
        }
    }

    /** Has what this duty cycle appended forced. */
    void submit(final Consensus consensus) {
        final long now = nextTicket();
        if (now != ticket) {
            ticket = now;
            consensus.onTicket(store, now);
        }
        if (!isForcing && ticket > forced && failure == null) {
            start();
        }
    }

    private long nextTicket() {
        try {
            return store.ticket();
        } catch (final StoreException.Full e) {
            return ticket;
        }
    }

    /** What is written while the device works may be on it afterwards or not: both happen. */
    private void start() {
        isForcing = true;
        final long forcing = ticket;
        final boolean early = random.nextBoolean();
        if (early) {
            force(forcing);
        }
        process.after(process.node().forceLengthNs(), () -> {
            if (!early) {
                force(forcing);
            }
            if (failure == null) {
                forced = forcing;
                isDone = true;
            }
            process.cycle();
        });
    }

    private void force(final long forcing) {
        try {
            store.force(forcing);
        } catch (final StoreException e) {
            failure = e;
        }
    }
}
