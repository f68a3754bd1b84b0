package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Few rounds of {@link Chaos}; {@code bin/chaos} runs this test with many. System properties: {@code chaos.rounds},
 * {@code chaos.seed}. If it fails, the servers' logs and stores stay where they were.
 */
final class ChaosTest {
    private static final int ROUNDS = 6;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory;

    @Test
    void nothingAcknowledgedIsLostOrDoubledOrMoved() throws Exception {
        final int rounds = Integer.getInteger("chaos.rounds", ROUNDS);
        final long seed = Long.getLong("chaos.seed", System.nanoTime());
        try (Cluster cluster = Cluster.plain(directory, 3)) {
            final Chaos.Outcome outcome = new Chaos(cluster, seed, System.out).run(rounds);
            System.out.println(outcome.table(seed));
            assertTrue(outcome.isClean(), () -> outcome.table(seed));
        }
    }
}
