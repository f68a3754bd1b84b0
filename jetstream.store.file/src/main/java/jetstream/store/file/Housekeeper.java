package jetstream.store.file;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import jetstream.api.store.StoreDirectory;

/**
 * The store's daemon thread, which makes and deletes files off the shard thread; with it goes the claim on the
 * directory. Bounded: one task per segment begun or emptied.
 */
final class Housekeeper implements Executor, AutoCloseable {
    private static final long CLOSE_TIMEOUT_S = 10;

    private final ExecutorService thread;
    private final StoreDirectory claim;

    private Housekeeper(final ExecutorService thread, final StoreDirectory claim) {
        this.thread = thread;
        this.claim = claim;
    }

    static Housekeeper inBackground(final StoreDirectory claim) {
        return new Housekeeper(Executors.newSingleThreadExecutor(
                task -> Thread.ofPlatform().daemon().name("jetstream-store-file").unstarted(task)), claim);
    }

    /** Does everything on the caller's thread: for tests that must happen in the same order each time. */
    static Housekeeper onCaller() {
        return new Housekeeper(null, null);
    }

    @Override
    public void execute(final Runnable task) {
        if (thread == null) {
            task.run();
            return;
        }
        try {
            thread.execute(task);
        } catch (final RejectedExecutionException e) {
            // Closing: what the task would have prepared is not needed any more.
            return;
        }
    }

    /** Ends the thread, when it has done what it was asked for: before the files that it works on are closed. */
    void stop() {
        if (thread != null) {
            thread.shutdown();
            awaitEnd();
        }
    }

    @Override
    public void close() {
        stop();
        if (claim != null) {
            claim.close();
        }
    }

    private void awaitEnd() {
        try {
            thread.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
