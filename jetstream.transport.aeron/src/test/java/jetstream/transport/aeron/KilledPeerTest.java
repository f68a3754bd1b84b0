package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import jetstream.api.NodeId;
import jetstream.api.transport.Lane;
import jetstream.api.frame.RaftFrame;
import jetstream.testkit.contract.TransportFixture;
import jetstream.testkit.contract.TransportFixture.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer in a process of its own that is killed hard and comes back. */
final class KilledPeerTest {
    private final TransportFixture fixture = new TransportFixture(new AeronTransportProvider(), Map.of());
    @TempDir private Path directory;
    private Process process;

    @AfterEach
    void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        fixture.close();
    }

    @Test
    void killedPeerIsLinkedAgainAndItsDirectoryRemoved() throws IOException {
        final Node a = fixture.start("a", plan -> plan.cluster("measure"));
        process = launch(a.port());
        fixture.await("link", () -> a.ups().size() == 1);
        final int port = a.ups().getFirst().port();
        final NodeId peer = a.ups().getFirst().node();

        process.destroyForcibly();
        fixture.await("death", () -> !process.isAlive());
        assertEquals(1, leftovers(), "a killed process leaves its directory behind");
        process = launch(a.port(), port);
        fixture.await("second link", () -> a.ups().size() == 2);

        assertEquals(1, a.downs().size());
        assertEquals(peer, a.ups().get(1).node());
        assertEquals(1, leftovers(), "the next one removes it and makes its own");
        assertTrue(a.transport().link(peer, Lane.DATA).offer(new RaftFrame.Append(1, 1, 1, 1, 1, 0, 77)));
        fixture.await("reply", Duration.ofSeconds(2), () -> a.received().size() == 1);
        assertEquals(new RaftFrame.AppendReply(1, 1, true, 1, 1, 77), a.received().getFirst().frame());
    }

    private Process launch(final int route) throws IOException {
        return launch(route, freePort());
    }

    private Process launch(final int route, final int port) throws IOException {
        final String path = Stream.of("java.class.path", "jdk.module.path").map(System::getProperty)
                .filter(part -> part != null && !part.isEmpty())
                .reduce((left, right) -> left + File.pathSeparator + right).orElseThrow()
                + File.pathSeparator + classesOf(AeronTransport.class) + File.pathSeparator + classesOf(getClass());
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp", path, LoopbackMeasurement.class.getName(), "echo", Integer.toString(port),
                Integer.toString(route), "memory_dir=" + directory)
                .redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile()).start();
    }

    /** Under test the module is patched: main and test classes lie side by side in the build's directory. */
    private static String classesOf(final Class<?> type) {
        final String resource = type.getSimpleName() + ".class";
        final String file = type.getResource(resource).getPath();
        return file.substring(0, file.length() - (type.getName().length() + ".class".length()));
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket()) {
            return probe.getLocalPort();
        }
    }

    private long leftovers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isDirectory).count();
        }
    }
}
