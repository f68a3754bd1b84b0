package jetstream.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jetstream.api.NodeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;

    @TempDir private Path folder;

    @Test
    void aClockJumpsWhenTheFileSaysSoAndNotBetweenTwoLooks() throws IOException {
        final Path file = Files.writeString(folder.resolve("clock"), "0\n");
        final EpochClock clock = new EpochClock(new PeerClocks(), file.toString());
        final long nowNs = System.nanoTime();
        final long right = clock.epochNs(nowNs);

        Files.writeString(file, "3600000\n");
        assertEquals(right + 1, clock.epochNs(nowNs + 1));
        assertEquals(1, hoursBetween(right, clock.epochNs(nowNs + SECOND)));

        Files.writeString(file, "not a number");
        assertEquals(1, hoursBetween(right, clock.epochNs(nowNs + 2 * SECOND)));

        Files.writeString(file, "-7200000");
        assertEquals(-2, hoursBetween(right, clock.epochNs(nowNs + 3 * SECOND)));
    }

    @Test
    void aClockThatTheOthersContradictIsToldAndNotGoneBy() throws IOException {
        final Path file = Files.writeString(folder.resolve("clock"), "0\n");
        final PeerClocks peers = new PeerClocks();
        final EpochClock clock = new EpochClock(peers, file.toString());
        final long nowNs = System.nanoTime();
        final long right = clock.epochNs(nowNs);
        peers.heard(NodeId.of("b"), right, nowNs);
        peers.heard(NodeId.of("c"), right, nowNs);

        Files.writeString(file, "3600000\n");
        assertEquals(right + SECOND, clock.epochNs(nowNs + SECOND));
        assertEquals(1, hoursBetween(right, clock.ownEpochNs(nowNs + SECOND)));
    }

    private static long hoursBetween(final long fromNs, final long toNs) {
        return Math.round((toNs - fromNs) / (double) HOUR);
    }
}
