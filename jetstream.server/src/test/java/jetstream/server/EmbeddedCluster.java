package jetstream.server;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.conf.option.ConfigFile;

/** Servers n0, n1, ... of one cluster in this process, whose insides a test may look at. */
final class EmbeddedCluster implements AutoCloseable {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(90);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(25);

    private final List<JetStreamServer> servers = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    private EmbeddedCluster() {
    }

    /** Starts that many servers, each with more settings than it needs. */
    static EmbeddedCluster start(final Path directory, final int size, final String settings) throws IOException {
        return start(directory, size, settings, "");
    }

    /** Starts that many servers, each with more settings than it needs, and more in its {@code jetstream} block. */
    static EmbeddedCluster start(final Path directory, final int size, final String settings, final String jetStream)
            throws IOException {
        final EmbeddedCluster cluster = new EmbeddedCluster();
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(freePort());
        }
        final String routes = ports.stream().map(port -> "nats://127.0.0.1:" + port).collect(Collectors.joining(", "));
        for (int i = 0; i < size; i++) {
            final Path file = directory.resolve("n" + i + ".conf");
            Files.writeString(file, """
                    server_name: n%d
                    listen: "127.0.0.1:-1"
                    jetstream { store_dir: "%s", %s }
                    cluster { name: C, listen: "127.0.0.1:%d", routes: [ %s ] }
                    """.formatted(i, directory.resolve("n" + i), jetStream, ports.get(i), routes) + settings);
            cluster.files.add(file);
            cluster.servers.add(JetStreamServer.launch(ConfigFile.load(file).config()));
        }
        return cluster;
    }

    List<JetStreamServer> servers() {
        return List.copyOf(servers);
    }

    /** Stops those servers, all of them before the first is started again. */
    void restart(final List<Integer> which) throws IOException {
        which.forEach(server -> servers.get(server).close());
        for (final int server : which) {
            servers.set(server, JetStreamServer.launch(ConfigFile.load(files.get(server)).config()));
        }
    }

    Connection connect(final int server) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + servers.get(server).clientPort())
                .connectionTimeout(Duration.ofSeconds(20)).maxReconnects(-1).build());
    }

    /** Tries to add stream S, which listens on s, with a replica on each of so many servers. */
    static boolean isAdded(final Connection client, final int replicas) {
        try {
            client.jetStreamManagement().addStream(StreamConfiguration.builder().name("S").subjects("s")
                    .replicas(replicas).build());
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    /** Whether every server has a replica of that stream with that last sequence. */
    boolean isEverywhere(final String stream, final long lastSeq) {
        return servers.stream().allMatch(server -> ask(server, () -> {
            final StreamReplica replica = server.assembly().node().shard().stream("$G", stream);
            return replica != null && replica.engine().lastSeq() == lastSeq;
        }));
    }

    /** Asks on the server's node thread. */
    static <T> T ask(final JetStreamServer server, final Supplier<T> question) {
        return server.context().loop().ask(question).join();
    }

    static void await(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError("not within 90 s: " + what);
            }
            LockSupport.parkNanos(STEP_NS);
        }
    }

    private static int freePort() throws IOException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()))) {
            return udp.getLocalPort();
        }
    }

    @Override
    public void close() {
        servers.forEach(JetStreamServer::close);
    }
}
