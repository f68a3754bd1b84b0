package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three server processes whose store is MapDB, chosen by the configuration and what is on the path alone. */
@SuppressWarnings("try")
final class MapDbClusterTest {
    private static final String STREAM = "ORDERS";

    @TempDir Path directory;
    private final Map<String, Long> acked = new LinkedHashMap<>();
    private Cluster cluster;

    @BeforeEach
    void configure() throws IOException {
        cluster = Cluster.plain(directory, 3);
        for (final ServerNode node : cluster.nodes()) {
            final Path file = directory.resolve(node.name() + ".conf");
            Files.writeString(file, Files.readString(file).replace("jetstream {", "jetstream { store: mapdb,"));
        }
    }

    @Test
    @Timeout(600)
    void everythingAckedSurvivesKillsAndDamage() throws Exception {
        try (Cluster running = cluster) {
            running.start();
            for (final ServerNode node : running.nodes()) {
                assertTrue(Files.exists(storeOf(node).resolve("store.db")), node.name() + " uses MapDB");
            }
            try (Connection connection = Clients.connect(running.clientUrls())) {
                Clients.addStream(connection, STREAM, "orders.>", 3);
                publish(connection, "first", 300);
            }
            leaderIsKilled();
            allAreKilled();
            followerIsDamaged();
        }
    }

    private void leaderIsKilled() throws Exception {
        final ServerNode victim = leader();
        final String[] others = cluster.allBut(victim).stream().map(ServerNode::clientUrl).toArray(String[]::new);
        try (Connection connection = Clients.connect(others)) {
            victim.kill();
            publish(connection, "without one", 100);
        }
        victim.start();
        victim.awaitReady();
        everythingIsThere();
    }

    private void allAreKilled() throws Exception {
        cluster.nodes().forEach(ServerNode::kill);
        cluster.start();
        everythingIsThere();
    }

    /** A changed bit is found at the start, what it hit comes back from the peers, the damaged file is kept. */
    private void followerIsDamaged() throws Exception {
        final ServerNode victim = cluster.allBut(leader()).getFirst();
        victim.stop();
        final Path file = storeOf(victim).resolve("store.db");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[placeOfAMessage(bytes)] ^= 1;
        Files.write(file, bytes);

        victim.start();
        victim.awaitReady();

        assertTrue(Files.exists(storeOf(victim).resolve("quarantine/1/store.db")), victim.log());
        everythingIsThere();
        try (Connection connection = Clients.connect(victim.clientUrl())) {
            publish(connection, "after the damage", 20);
        }
        everythingIsThere();
    }

    private void everythingIsThere() throws Exception {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            assertEquals(acked, Clients.readAll(connection, STREAM));
        }
        Await.until(() -> "the replicas are level\n" + cluster.replicas(STREAM) + logs(),
                () -> cluster.hasLevelReplicas(STREAM));
    }

    private String logs() {
        final StringBuilder text = new StringBuilder();
        cluster.nodes().forEach(node -> text.append('\n').append(node.log()));
        return text.toString();
    }

    private void publish(final Connection connection, final String name, final int count) {
        for (int i = 0; i < count; i++) {
            final String id = name + "-" + i;
            acked.put(id, Clients.publish(connection, "orders.new", id, Await.GENEROUS)
                    .orElseThrow(() -> new AssertionError(id + " was never acknowledged\n" + logs())).getSeqno());
        }
    }

    private ServerNode leader() throws Exception {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            return cluster.node(Clients.leader(connection, STREAM));
        }
    }

    private Path storeOf(final ServerNode node) {
        return directory.resolve(node.name()).resolve("jetstream");
    }

    /** Messages lie in the file in clear; one that crosses the border of a page is not found. */
    private static int placeOfAMessage(final byte[] bytes) {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int i = 50; i < 60; i++) {
            if (text.contains("without one-" + i)) {
                return text.indexOf("without one-" + i);
            }
        }
        throw new AssertionError("no message in the file");
    }
}
