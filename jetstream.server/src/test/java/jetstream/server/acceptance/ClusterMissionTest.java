package jetstream.server.acceptance;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mission's walk with three processes on loopback. */
final class ClusterMissionTest {
    private static final String PASSWORD = "a password of this test alone";
    private static final int COST = 5;

    @TempDir Path directory;

    @Test
    @Timeout(600)
    void clusterOfTheSeedsSurvivesItsLosses() throws Exception {
        final String hash = BCrypt.with(BCrypt.Version.VERSION_2A).hashToString(COST, PASSWORD.toCharArray());
        try (Cluster cluster = Cluster.ofSeeds(directory, hash)) {
            new Mission(cluster, Optional.of(PASSWORD)).walk();
        }
    }
}
