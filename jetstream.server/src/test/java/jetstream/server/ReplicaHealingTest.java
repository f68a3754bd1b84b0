package jetstream.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Stream;
import jetstream.api.consensus.Condition;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.StreamEntries;
import jetstream.server.conf.option.ConfigFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that applied something else than the others is found, reported and healed (decision 0100). */
class ReplicaHealingTest {
    private static final int SIZE = 3;
    private static final int MESSAGES = 20;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(90);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(25);

    @TempDir
    Path directory;

    private final List<JetStreamServer> servers = new ArrayList<>();
    private Connection client;
    private long nextMessage;

    @BeforeEach
    void startServersWithAStream() throws Exception {
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            ports.add(freePort());
        }
        final String routes = ports.stream().map(port -> "nats://127.0.0.1:" + port).collect(Collectors.joining(", "));
        for (int i = 0; i < SIZE; i++) {
            final Path file = directory.resolve("n" + i + ".conf");
            Files.writeString(file, """
                    server_name: n%d
                    listen: "127.0.0.1:-1"
                    jetstream { store_dir: "%s" }
                    cluster { name: C, listen: "127.0.0.1:%d", routes: [ %s ] }
                    """.formatted(i, directory.resolve("n" + i), ports.get(i), routes));
            servers.add(JetStreamServer.launch(ConfigFile.load(file).config()));
        }
        client = Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + servers.getFirst().clientPort())
                .maxReconnects(-1).build());
        await("a stream of three replicas", () -> addStream());
        await("members everywhere", () -> servers.stream().allMatch(server -> ask(server, () -> replica(server) != null
                && replica(server).group().condition() == Condition.CURRENT)));
        for (int i = 0; i < MESSAGES; i++) {
            publish();
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        servers.forEach(JetStreamServer::close);
    }

    @Test
    void aFollowerThatAppliedSomethingElseIsHealed() throws Exception {
        isHealed(servers.stream().filter(server -> ask(server, () -> !replica(server).isLeader())).findFirst()
                .orElseThrow());
    }

    @Test
    void aLeaderThatAppliedSomethingElseStepsDownAndIsHealed() throws Exception {
        isHealed(servers.stream().filter(server -> ask(server, () -> replica(server).isLeader())).findFirst()
                .orElseThrow());
    }

    private void isHealed(final JetStreamServer victim) throws Exception {
        final Subscription advisories = client.subscribe("$JS.EVENT.ADVISORY.STREAM.REPLICA_TROUBLE.S");
        client.flush(Duration.ofSeconds(5));
        ask(victim, () -> deleteBehindTheLogsBack(replica(victim)));

        await("the difference is found", () -> {
            publish();                              // states are compared while something happens
            return troubles(victim, Condition.RESYNCING) == 1;
        });
        await("the replica is whole again", () -> ask(victim,
                () -> replica(victim).group().condition() == Condition.CURRENT) && publish() && areEqual());

        assertEquals(1, troubles(victim, Condition.RESYNCING));
        assertEquals(1, troubles(victim, Condition.CURRENT));
        assertTrue(ask(victim, () -> replica(victim).engine().state().deleted() == 0));
        final String advisory = new String(advisories.nextMessage(Duration.ofSeconds(30)).getData(),
                StandardCharsets.UTF_8);
        assertTrue(advisory.contains("\"condition\":\"resyncing\""), advisory);
        final String name = ask(victim, () -> victim.context().info().name());
        try (Stream<Path> files = Files.list(directory.resolve(name).resolve("jetstream").resolve("set-aside"))) {
            assertEquals(1, files.filter(file -> !file.toString().endsWith(".partial")).count());
        }
        for (final JetStreamServer other : servers) {
            if (other != victim) {
                assertEquals(0, troubles(other, Condition.RESYNCING));
            }
        }
    }

    /** What a bug or a flipped bit would do: the third message goes on this replica alone. */
    private static boolean deleteBehindTheLogsBack(final StreamReplica replica) {
        final EntryBatch entry = new EntryBatch(256);
        StreamEntries.deleteMessage(entry, 1, 3, false);
        entry.seal(replica.assignment().group().value(), 1, 1);
        replica.engine().apply(new EntryView().wrap(entry.buffer(), entry.offset()));
        return true;
    }

    private boolean areEqual() {
        final long hash = ask(servers.getFirst(), () -> replica(servers.getFirst()).stateHash());
        return servers.stream().allMatch(server -> ask(server, () -> replica(server).stateHash()) == hash);
    }

    private boolean addStream() {
        try {
            client.jetStreamManagement().addStream(StreamConfiguration.builder().name("S").subjects("s").replicas(SIZE)
                    .build());
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    private boolean publish() {
        try {
            client.jetStream().publish("s", Long.toString(nextMessage++).getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    private static int troubles(final JetStreamServer server, final Condition condition) {
        return ask(server, () -> server.assembly().troubles().counted(condition));
    }

    private static StreamReplica replica(final JetStreamServer server) {
        return server.assembly().node().shard().stream("$G", "S");
    }

    private static <T> T ask(final JetStreamServer server, final Supplier<T> question) {
        return server.context().loop().ask(question).join();
    }

    private static void await(final String what, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, what);
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
}
