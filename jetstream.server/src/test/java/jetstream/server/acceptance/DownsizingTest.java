package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three servers, of which one loses its disk, and two are taken away. */
@SuppressWarnings("try")
@Timeout(300)
final class DownsizingTest {
    private static final String STREAM = "LESS";

    @TempDir Path directory;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = Cluster.plain(directory, 3);
        cluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void wipedServerReturnsUnderItsNameAndIsFilledAgain() throws Exception {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            Clients.addStream(connection, STREAM, "less.>", 3);
            final Load load = new Load(cluster, "less", System.out).start(2);
            try (load) {
                for (final ServerNode node : cluster.nodes()) {
                    load.awaitProgress("before " + node.name() + " loses its disk");
                    node.kill();
                    cluster.wipe(node, directory);
                    node.start();
                    node.awaitReady();
                    Await.until(() -> "all replicas are current: " + Clients.cluster(connection, STREAM),
                            () -> isWhole(connection));
                }
                load.awaitProgress("after all had lost their disks, one by one");
            }
            Await.until(() -> "replicas are level\n" + cluster.replicas(STREAM),
                    () -> cluster.hasLevelReplicas(STREAM));
            final Load.Outcome outcome = load.compare(STREAM);
            assertTrue(outcome.isClean(), outcome::toString);
        }
    }

    private static boolean isWhole(final Connection connection) {
        return Clients.cluster(connection, STREAM)
                .filter(found -> found.getLeader() != null && found.getReplicas() != null
                        && found.getReplicas().size() == 2
                        && found.getReplicas().stream().allMatch(r -> r.isCurrent() && !r.isOffline()))
                .isPresent();
    }

    @Test
    void oneServerGoesOnAloneWhenTheOthersAreRemoved() throws Exception {
        final ServerNode last = cluster.nodes().getFirst();
        try (Connection connection = Clients.connect(last.clientUrl());
                Connection operator = Clients.connectAsOperator(last.clientUrl())) {
            Clients.addStream(connection, STREAM, "less.>", 3);
            final Load load = new Load(new Cluster(List.of(last)), "less", System.out).start(2);
            try (load) {
                for (final ServerNode node : cluster.allBut(last)) {
                    load.awaitProgress("before " + node.name() + " is removed");
                    remove(operator, node);
                    node.stop();
                }
                load.awaitProgress("by the last server alone");
            }
            final Load.Outcome outcome = load.compare(STREAM);
            assertTrue(outcome.isClean(), outcome::toString);
        }
    }

    private static void remove(final Connection operator, final ServerNode node) {
        Await.until("the removal of " + node.name() + " is taken", () -> {
            final String answer = Clients.ask(operator, "SERVER.REMOVE", "{\"peer\":\"" + node.name() + "\"}");
            return answer.contains("\"success\":true");
        });
        Await.until(() -> node.name() + " gives everything away: " + node.log(),
                () -> node.log().contains("was removed from the JetStream cluster"));
    }
}
