package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five servers; streams and their consumers get more nodes, fewer, and others, while publishers are at work. */
@SuppressWarnings("try")
@Timeout(600)
final class MembershipTest {
    private static final String STREAM = "MOVES";
    private static final String CONSUMER = "D";
    private static final int PUBLISHERS = 3;

    @TempDir Path directory;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = Cluster.plain(directory, 5);
        cluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void streamIsScaledUpAndDownUnderLoad() throws Exception {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            Clients.addStream(connection, STREAM, "moves.>", 1);
            Clients.management(connection).createConsumer(STREAM,
                    ConsumerConfiguration.builder().durable(CONSUMER).build());
            final Load load = new Load(cluster, "moves", System.out).start(PUBLISHERS);
            final Drain drain = new Drain(cluster, STREAM, CONSUMER).start();
            try (load; drain) {
                load.awaitProgress("by one server");
                for (final int replicas : List.of(3, 5, 1, 3, 1)) {
                    scale(connection, replicas);
                    load.awaitProgress("with " + replicas + " replicas");
                }
            }
            drain.awaitAll(load.acked());
            final Load.Outcome outcome = load.compare(STREAM);
            assertTrue(outcome.isClean(), outcome::toString);
        }
    }

    @Test
    void streamLeavesServersByRequestAndWhenTheyAreGone() throws Exception {
        try (Connection connection = Clients.connect(cluster.clientUrls());
                Connection operator = Clients.connectAsOperator(cluster.clientUrls())) {
            Clients.addStream(connection, STREAM, "moves.>", 3);
            Clients.management(connection).createConsumer(STREAM,
                    ConsumerConfiguration.builder().durable(CONSUMER).build());
            final Load load = new Load(cluster, "moves", System.out).start(PUBLISHERS);
            final Drain drain = new Drain(cluster, STREAM, CONSUMER).start();
            try (load; drain) {
                load.awaitProgress("by three servers");
                leave(connection, "STREAM.PEER.REMOVE." + STREAM, follower(connection));
                load.awaitProgress("after a follower was removed");
                leave(connection, "STREAM.PEER.EVACUATE." + STREAM, Clients.leader(connection, STREAM));
                load.awaitProgress("after the leader was evacuated");
                move(connection, operator);
                load.awaitProgress("after a move");
                final ServerNode gone = loseForGood(connection, operator);
                load.awaitProgress("after a server was removed");
                comeBackEmpty(gone, connection);
                load.awaitProgress("after it came back with an empty store");
            }
            drain.awaitAll(load.acked());
            final Load.Outcome outcome = load.compare(STREAM);
            assertTrue(outcome.isClean(), outcome::toString);
        }
    }

    private String follower(final Connection connection) {
        return Clients.cluster(connection, STREAM).orElseThrow().getReplicas().getFirst().getName();
    }

    private void leave(final Connection connection, final String subject, final String server) {
        final String answer = Clients.ask(connection, subject, "{\"peer\":\"" + server + "\"}");
        assertTrue(answer.contains("\"success\":true"), answer);
        awaitLeft(connection, server);
    }

    private void awaitLeft(final Connection connection, final String server) {
        awaitMembers(connection, 3);
        final ClusterInfo now = Clients.cluster(connection, STREAM).orElseThrow();
        assertNotEquals(server, now.getLeader());
        assertTrue(now.getReplicas().stream().noneMatch(replica -> replica.getName().equals(server)), now::toString);
    }

    private void move(final Connection connection, final Connection operator) {
        final String server = Clients.leader(connection, STREAM);
        final String answer = Clients.ask(operator, "ACCOUNT.STREAM.MOVE.$G." + STREAM,
                "{\"server\":\"" + server + "\"}");
        assertTrue(answer.contains("stream_update_response") && !answer.contains("\"error\""), answer);
        awaitLeft(connection, server);
    }

    private ServerNode loseForGood(final Connection connection, final Connection operator) {
        final ServerNode gone = cluster.node(follower(connection));
        gone.kill();
        final String unknown = Clients.ask(operator, "SERVER.REMOVE", "{\"peer\":\"nobody\"}");
        assertTrue(unknown.contains("10044"), unknown);
        final String answer = Clients.ask(operator, "SERVER.REMOVE", "{\"peer\":\"" + gone.name() + "\"}");
        assertTrue(answer.contains("\"success\":true"), answer);
        awaitLeft(connection, gone.name());
        gone.start();
        Await.until(() -> "it is told that it was removed: " + gone.log(),
                () -> gone.log().contains("was removed from the JetStream cluster"));
        gone.stop();
        return gone;
    }

    private void comeBackEmpty(final ServerNode node, final Connection connection) {
        cluster.wipe(node, directory);
        node.start();
        node.awaitReady();
        Await.until("it is used again", () -> update(connection, 5));
        awaitMembers(connection, 5);
    }

    private void scale(final Connection connection, final int replicas) {
        Await.until("the change to " + replicas + " replicas is accepted", () -> update(connection, replicas));
        awaitMembers(connection, replicas);
    }

    private static boolean update(final Connection connection, final int replicas) {
        try {
            final StreamConfiguration now =
                    Clients.management(connection).getStreamInfo(STREAM).getConfiguration();
            Clients.management(connection)
                    .updateStream(StreamConfiguration.builder(now).replicas(replicas).build());
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    /** The stream and its consumer are on that many servers, all current, and on no other. */
    private void awaitMembers(final Connection connection, final int replicas) {
        Await.until(() -> STREAM + " is on " + replicas + " servers: " + Clients.cluster(connection, STREAM) + "\n"
                + cluster.replicas(STREAM),
                () -> isOn(Clients.cluster(connection, STREAM), replicas)
                        && isOn(consumer(connection), replicas) && holders() == replicas);
    }

    private long holders() {
        return cluster.nodes().stream().filter(node -> node.monitor().stream(STREAM).isPresent()).count();
    }

    private static Optional<ClusterInfo> consumer(final Connection connection) {
        try {
            return Optional.ofNullable(
                    Clients.management(connection).getConsumerInfo(STREAM, CONSUMER).getClusterInfo());
        } catch (final IOException | JetStreamApiException e) {
            return Optional.empty();
        }
    }

    private static boolean isOn(final Optional<ClusterInfo> found, final int replicas) {
        if (found.isEmpty() || found.get().getLeader() == null) {
            return false;
        }
        final List<Replica> others = found.get().getReplicas() == null ? List.of() : found.get().getReplicas();
        return others.size() == replicas - 1 && others.stream().allMatch(Replica::isCurrent);
    }

}
