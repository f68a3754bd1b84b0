package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeLoopTest {
    private static final long BLOCK_NS = TimeUnit.SECONDS.toNanos(600);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    /** Sees what other threads counted; has no deadline, so that only a wake-up gives it a turn. */
    private static final class Watcher implements DutyAgent {
        final AtomicLong wanted = new AtomicLong();
        volatile long seen;

        @Override
        public int doWork(final long nowNs) {
            seen = wanted.get();
            return 0;
        }

        @Override
        public long nextDeadlineNs() {
            return NO_DEADLINE;
        }

        void awaitSeen(final long value) {
            final long startNs = System.nanoTime();
            while (seen < value) {
                assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "a wake-up was lost at " + value);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void everyWakeupIsFollowedByATurnThatSeesWhatCameBefore() throws InterruptedException {
        final Watcher watcher = new Watcher();
        try (NodeLoop loop = new NodeLoop("node-test", BLOCK_NS)) {
            loop.addAgent(watcher);
            loop.start();
            final Thread other = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    watcher.wanted.incrementAndGet();
                    loop.wakeup();
                }
            });
            for (int i = 0; i < 20_000; i++) {
                final long value = watcher.wanted.incrementAndGet();
                loop.wakeup();
                watcher.awaitSeen(value);
            }
            other.join();
            watcher.awaitSeen(40_000);
        }
    }
}
