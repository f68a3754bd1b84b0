package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wrong files, wrong bytes, wrong places: one clear message each, and nobody else notices. */
@SuppressWarnings("try")
@Timeout(300)
final class BadInputTest {
    private static final int MESSAGES = 20;
    private static final long SEED = 20_260_101L;

    @TempDir Path directory;

    private final List<ServerNode> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(ServerNode::stop);
    }

    /** Starts a server alone, with that store directory. */
    private ServerNode server(final String name, final Ports ports, final Path store) throws IOException {
        return start(name, ports, """
                server_name: %s
                listen: "127.0.0.1:%d"
                http: "127.0.0.1:%d"
                jetstream { store_dir: "%s" }
                """.formatted(name, ports.client(), ports.monitor(), store));
    }

    private ServerNode start(final String name, final Ports ports, final String configuration) throws IOException {
        final Path file = Files.writeString(directory.resolve(name + ".conf"), configuration);
        final ServerNode node = ServerNode.local(name, ports, file);
        started.add(node);
        node.start();
        return node;
    }

    @Test
    void malformedConfigurationIsOneLineWithItsPlace() throws IOException {
        final ServerNode node =
                start("bad", Ports.free(), "listen: \"127.0.0.1:-1\"\njetstream {\n  no_such_key: 1\n}\n");
        assertEquals(1, node.exitCode());
        assertTrue(node.log().strip().matches("nats-server: .*bad\\.conf:3:\\d+.*"), node.log());
    }

    @Test
    void occupiedPortIsFatal() throws IOException {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Ports ports = new Ports(occupied.getLocalPort(), Ports.next(), Ports.next());
            final ServerNode node = server("n1", ports, directory.resolve("store"));
            assertEquals(1, node.exitCode());
            assertEquals(1, node.log().lines().filter(line -> line.contains("[FTL]")
                    && line.contains("127.0.0.1:" + occupied.getLocalPort())
                    && line.contains("address already in use")).count(), node.log());
        }
    }

    @Test
    void storeOfAnotherServerIsRefused() throws Exception {
        final Path store = directory.resolve("store");
        final ServerNode owner = server("owner", Ports.free(), store);
        owner.awaitReady();
        owner.stop();
        final ServerNode thief = server("thief", Ports.free(), store);
        assertEquals(1, thief.exitCode());
        assertEquals(1, thief.log().lines().filter(line -> line.contains("[FTL]")
                && line.contains("owner") && line.contains("thief")).count(), thief.log());
        assertFalse(thief.log().contains("\tat "), thief.log());
        owner.start();
        owner.awaitReady();
    }

    @Test
    void garbageOfOneClientDisturbsNoOther() throws Exception {
        final ServerNode node = server("n1", Ports.free(), directory.resolve("store"));
        node.awaitReady();
        try (Connection witness = Clients.connect(node.clientUrl())) {
            Clients.addStream(witness, "GOOD", "good.>", 1);
            final Random random = new Random(SEED);
            for (int i = 0; i < MESSAGES; i++) {
                protocolGarbage(node.ports().client(), random);
                apiGarbage(witness, random);
                assertTrue(Clients.publish(witness, "good.a", "g" + i, Await.GENEROUS).isPresent());
            }
            assertEquals(Connection.Status.CONNECTED, witness.getStatus());
            assertEquals(0, witness.getStatistics().getReconnects());
            assertEquals(MESSAGES, Clients.readAll(witness, "GOOD").size());
        }
        assertTrue(node.isAlive());
        assertFalse(node.log().contains("\tat "), node.log());
    }

    private static void protocolGarbage(final int port, final Random random) throws IOException {
        final byte[] bytes = new byte[1 + random.nextInt(4_096)];
        random.nextBytes(bytes);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            final OutputStream out = socket.getOutputStream();
            if (random.nextBoolean()) {
                out.write(Clients.bytes("CONNECT {\"verbose\":false}\r\nPUB good.a 5\r\nabcdefgh\r\nSUB\r\n"));
            }
            out.write(bytes);
            out.flush();
        } catch (final SocketException e) {
            // The server has hung up before everything was sent: that is its right.
            assertTrue(e.getMessage() != null);
        }
    }

    private static void apiGarbage(final Connection witness, final Random random) throws InterruptedException {
        final byte[] bytes = new byte[1 + random.nextInt(256)];
        random.nextBytes(bytes);
        final byte[] open = Clients.bytes("{\"name\":\"BAD\",\"subjects\":[{{{\"");
        for (final String subject : List.of("STREAM.CREATE.BAD", "CONSUMER.CREATE.GOOD", "STREAM.MSG.GET.GOOD")) {
            for (final byte[] body : List.of(bytes, open)) {
                final Message answer = witness.request("$JS.API." + subject, body, Duration.ofSeconds(20));
                assertTrue(answer != null, subject);
                final String text = new String(answer.getData(), StandardCharsets.UTF_8);
                assertTrue(text.contains("\"error\""), text);
            }
        }
    }

    @Test
    void garbageDatagramsDoNotDisturbTheCluster() throws Exception {
        try (Cluster cluster = Cluster.plain(directory, 3)) {
            cluster.start();
            final Random random = new Random(SEED);
            try (Connection witness = Clients.connect(cluster.clientUrls());
                    DatagramSocket socket = new DatagramSocket()) {
                Clients.addStream(witness, "GOOD", "good.>", 3);
                for (int i = 0; i < MESSAGES; i++) {
                    for (final ServerNode node : cluster.nodes()) {
                        datagrams(socket, node.ports().cluster(), random);
                    }
                    assertTrue(Clients.publish(witness, "good.a", "g" + i, Await.GENEROUS).isPresent());
                }
                assertEquals(MESSAGES, Clients.readAll(witness, "GOOD").size());
            }
            Await.until(() -> cluster.replicas("GOOD"), () -> cluster.hasLevelReplicas("GOOD"));
            cluster.nodes().forEach(node -> assertTrue(node.isAlive() && !node.log().contains("\tat "), node.log()));
        }
    }

    private static void datagrams(final DatagramSocket socket, final int port, final Random random)
            throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            final byte[] bytes = new byte[random.nextInt(1_400)];
            random.nextBytes(bytes);
            if (bytes.length > 8 && random.nextBoolean()) {
                // Looks like the start of a frame of the transport: its length, version 0, a type.
                bytes[0] = (byte) bytes.length;
                bytes[1] = (byte) (bytes.length >> 8);
                bytes[2] = 0;
                bytes[3] = 0;
                bytes[4] = 0;
                bytes[6] = (byte) random.nextInt(8);
                bytes[7] = 0;
            }
            socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
        }
    }

    @Test
    void damagedLastRecordIsReportedAndTheRestServes() throws Exception {
        final Path store = directory.resolve("store");
        final ServerNode node = server("n1", Ports.free(), store);
        node.awaitReady();
        try (Connection connection = Clients.connect(node.clientUrl())) {
            Clients.addStream(connection, "FINE", "fine.>", 1);
            Clients.addStream(connection, "HURT", "hurt.>", 1);
            for (int i = 0; i < MESSAGES; i++) {
                assertTrue(Clients.publish(connection, "fine.a", "fine" + i, Await.GENEROUS).isPresent());
                assertTrue(Clients.publish(connection, "hurt.a", "hurt" + i, Await.GENEROUS).isPresent());
            }
            assertTrue(Clients.publish(connection, "hurt.a", "the very last record", Await.GENEROUS).isPresent());
        }
        node.kill();
        flipByteOf("the very last record", store);
        final int before = node.log().length();
        node.start();
        // Not ready by /healthz: the damaged stream has no other replica, and is named there for as long as that is so.
        Await.until(() -> "n1 lets clients in, its log:\n" + node.log(),
                () -> node.log().substring(before).contains("Server is ready"));
        final String told = node.log().substring(before);
        System.out.println("damaged last record, the server says:\n" + told.lines()
                .filter(line -> !line.contains("[INF]")).reduce("", (all, line) -> all + line + "\n"));
        assertFalse(told.contains("\tat "), told);
        try (Connection connection = Clients.connect(node.clientUrl())) {
            final Map<String, Long> fine = Clients.readAll(connection, "FINE");
            assertEquals(MESSAGES, fine.size());
            assertTrue(Clients.publish(connection, "fine.a", "after", Await.GENEROUS).isPresent());
            assertTrue(told.contains("[WRN]") || told.contains("[ERR]"), "nothing was told:\n" + told);
        }
    }

    /** Finds the last place of the text in the segments and changes a bit of its last byte. */
    private static void flipByteOf(final String text, final Path store) throws IOException {
        final List<Path> segments;
        try (Stream<Path> files = Files.walk(store)) {
            segments = files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
        }
        for (final Path segment : segments.reversed()) {
            final String content = Files.readString(segment, StandardCharsets.ISO_8859_1);
            final int place = content.lastIndexOf(text);
            if (place >= 0) {
                try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                    file.seek(place + text.length() - 1L);
                    file.write(content.charAt(place + text.length() - 1) ^ 1);
                }
                return;
            }
        }
        throw new AssertionError("no segment holds: " + text);
    }
}
