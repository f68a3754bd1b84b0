package jetstream.server.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.nio.file.Path;
import java.time.Duration;
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

    @Test
    void theLastOfThreeDecidesAloneWhenAnOperatorSaysSo() throws Exception {
        final ServerNode last = cluster.nodes().getFirst();
        try (Connection connection = Clients.connect(last.clientUrl());
                Connection operator = Clients.connectAsOperator(last.clientUrl())) {
            final Subscription told = operator.subscribe("$JS.EVENT.ADVISORY.SERVER.META_RESCUE");
            final String early = Clients.ask(operator, "META.RESCUE", "{\"quorum_needed\":1}");
            assertTrue(early.contains("10224") && early.contains("raft: leader is known"), early);
            cluster.allBut(last).forEach(ServerNode::kill);
            rescue(operator, 3, "raft: rescue quorum must be between 1 and current quorum");
            rescue(operator, 1, "\"prev_quorum\":2,\"new_quorum\":1");
            final Message advisory = told.nextMessage(Duration.ofSeconds(10));
            assertTrue(advisory != null && new String(advisory.getData(), UTF_8).contains("\"new_quorum\":1"));
            for (final ServerNode node : cluster.allBut(last)) {
                Await.until("the removal of " + node.name() + " is taken", () -> Clients
                        .ask(operator, "SERVER.REMOVE", "{\"peer\":\"" + node.name() + "\"}")
                        .contains("\"success\":true"));
            }
            Clients.addStream(connection, "NEW", "new.>", 1);
            assertTrue(Clients.publish(connection, "new.1", "1", Duration.ofSeconds(20)).isPresent());
        }
    }

    /** The API says so once no leader is known any more. */
    private static void rescue(final Connection operator, final int quorum, final String answer) {
        Await.until("a quorum of " + quorum + " is answered with " + answer, () -> Clients
                .ask(operator, "META.RESCUE", "{\"quorum_needed\":" + quorum + "}").contains(answer));
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
