package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.Replica;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/**
 * The walk that a cluster of the three seeds must pass, from two servers up to everything back after a loss of two.
 * Gaps are printed, never judged: the machine may be busy.
 */
@SuppressWarnings("try")
final class Mission {
    private static final String STREAM = "ORDERS";
    private static final String CONSUMER = "WORK";
    private static final int PUBLISHED = 1_000;
    private static final int FETCHED = 100;
    private static final int CLUSTER_NOT_AVAILABLE = 10_008;
    private static final Duration LONELY = Duration.ofSeconds(4);

    private final Cluster cluster;
    private final Optional<String> adminPassword;
    private final Map<String, Long> acked = new LinkedHashMap<>();

    /** @param adminPassword empty if the configurations hold a hash whose password is not known */
    Mission(final Cluster cluster, final Optional<String> adminPassword) {
        this.cluster = cluster;
        this.adminPassword = adminPassword;
    }

    void walk() throws IOException, JetStreamApiException, InterruptedException {
        twoServersServeAStream();
        thirdServerJoins();
        wrongPasswordIsRefused();
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            replicasAreOnThreeServers(connection);
            thousandPublishesAreAcked(connection);
            consumerFetchesAndAcks(connection);
        }
        leaderIsKilledAndReturns();
        nothingIsAckedByOneOfThree();
        everythingAckedIsThere();
    }

    private void twoServersServeAStream() throws IOException, InterruptedException {
        final List<ServerNode> early = cluster.nodes().subList(0, 2);
        early.forEach(ServerNode::start);
        early.forEach(ServerNode::awaitReady);
        try (Connection connection = Clients.connect(early.getFirst().clientUrl())) {
            Clients.addStream(connection, "EARLY", "early.>", 1);
            assertTrue(Clients.publish(connection, "early.1", "early", Await.GENEROUS).isPresent());
        }
    }

    private void thirdServerJoins() {
        cluster.nodes().getLast().start();
        cluster.nodes().getLast().awaitReady();
    }

    private void wrongPasswordIsRefused() throws IOException, InterruptedException {
        final String url = cluster.nodes().getFirst().clientUrl();
        assertThrows(AuthenticationException.class,
                () -> Nats.connect(Clients.options(url).userInfo("admin", "wrong").build()));
        if (adminPassword.isPresent()) {
            try (Connection admin =
                    Nats.connect(Clients.options(url).userInfo("admin", adminPassword.get()).build())) {
                Await.until("the administrator sees three servers", () -> serversThatAnswer(admin) == 3);
            }
        }
    }

    private static int serversThatAnswer(final Connection admin) {
        final Set<String> answers = new HashSet<>();
        final String inbox = admin.createInbox();
        final Subscription subscription = admin.subscribe(inbox);
        admin.publish("$SYS.REQ.SERVER.PING", inbox, new byte[0]);
        try {
            Message answer = subscription.nextMessage(Duration.ofSeconds(1));
            while (answer != null) {
                answers.add(new String(answer.getData(), StandardCharsets.UTF_8));
                answer = subscription.nextMessage(Duration.ofMillis(500));
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            subscription.unsubscribe();
        }
        return answers.size();
    }

    private static void replicasAreOnThreeServers(final Connection connection) {
        Clients.addStream(connection, STREAM, "orders.>", 3);
        Await.until("the stream's replicas are on three servers", () -> {
            final Set<String> names = new HashSet<>();
            Clients.cluster(connection, STREAM).ifPresent(info -> addNames(info, names));
            return names.size() == 3;
        });
    }

    private static void addNames(final ClusterInfo info, final Set<String> names) {
        if (info.getLeader() != null) {
            names.add(info.getLeader());
        }
        info.getReplicas().stream().map(Replica::getName).forEach(names::add);
    }

    private void thousandPublishesAreAcked(final Connection connection) throws IOException, JetStreamApiException {
        for (int i = 0; i < PUBLISHED; i++) {
            publish(connection, "order-" + i);
        }
        assertEquals(PUBLISHED, Clients.management(connection).getStreamInfo(STREAM).getStreamState().getMsgCount());
    }

    private void publish(final Connection connection, final String id) {
        acked.put(id, Clients.publish(connection, "orders.new", id, Await.GENEROUS)
                .orElseThrow(() -> new AssertionError(id + " was never acknowledged")).getSeqno());
    }

    private static void consumerFetchesAndAcks(final Connection connection)
            throws IOException, JetStreamApiException, InterruptedException {
        Clients.management(connection).createConsumer(STREAM, ConsumerConfiguration.builder()
                .durable(CONSUMER).ackPolicy(AckPolicy.Explicit).build());
        final JetStreamSubscription work = bind(connection);
        final List<Long> sequences = new ArrayList<>();
        Await.until(FETCHED + " messages are fetched", () -> {
            for (final Message message : work.fetch(FETCHED - sequences.size(), Duration.ofSeconds(2))) {
                ack(message);
                sequences.add(metadata(message).streamSequence());
            }
            return sequences.size() == FETCHED;
        });
        assertEquals(LongStream.rangeClosed(1, FETCHED).boxed().toList(), sequences);
    }

    private static JetStreamSubscription bind(final Connection connection) throws IOException, JetStreamApiException {
        return Clients.jetStream(connection).subscribe(null, PullSubscribeOptions.bind(STREAM, CONSUMER));
    }

    private static NatsJetStreamMetaData metadata(final Message message) {
        return message.metaData();
    }

    private static void ack(final Message message) {
        try {
            message.ackSync(Duration.ofSeconds(5));
        } catch (final TimeoutException e) {
            throw new AssertionError("an ack was not confirmed", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void leaderIsKilledAndReturns() throws IOException, JetStreamApiException, InterruptedException {
        final ServerNode victim = leader();
        final String[] others = cluster.allBut(victim).stream().map(ServerNode::clientUrl).toArray(String[]::new);
        try (Connection connection = Clients.connect(others)) {
            publish(connection, "before the kill");
            victim.kill();
            final long killedNs = System.nanoTime();
            publish(connection, "after the kill");
            System.out.printf("mission: acknowledged again %d ms after the kill of the leader%n",
                    Duration.ofNanos(System.nanoTime() - killedNs).toMillis());
            consumerGoesOn(connection);
        }
        victim.start();
        victim.awaitReady();
        Await.until(() -> "the killed server has caught up\n" + cluster.replicas(STREAM),
                () -> cluster.hasLevelReplicas(STREAM));
    }

    private ServerNode leader() {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            return cluster.node(Clients.leader(connection, STREAM));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void consumerGoesOn(final Connection connection) {
        final List<Message> next = new ArrayList<>();
        Await.until("the consumer goes on", () -> {
            // Until its group has a leader again the lookup may be refused as leaderless.
            try {
                next.addAll(bind(connection).fetch(1, Duration.ofSeconds(2)));
            } catch (final IOException | JetStreamApiException e) {
                return false;
            }
            return !next.isEmpty();
        });
        assertEquals(FETCHED + 1, metadata(next.getFirst()).streamSequence());
        ack(next.getFirst());
    }

    private void nothingIsAckedByOneOfThree() throws InterruptedException {
        final ServerNode left = cluster.allBut(leader()).getFirst();
        final List<ServerNode> down = cluster.allBut(left);
        down.forEach(ServerNode::kill);
        try (Connection connection = Clients.connect(left.clientUrl())) {
            assertEquals(Optional.empty(), Clients.publish(connection, "orders.new", "lonely", LONELY));
            Await.until("the stream's info is refused for want of a leader", () -> isRefusedAsLeaderless(connection));
        }
        down.forEach(ServerNode::start);
        down.forEach(ServerNode::awaitReady);
    }

    private static boolean isRefusedAsLeaderless(final Connection connection) {
        try {
            Clients.management(connection).getStreamInfo(STREAM);
            return false;
        } catch (final JetStreamApiException e) {
            return e.getApiErrorCode() == CLUSTER_NOT_AVAILABLE;
        } catch (final IOException e) {
            return false;
        }
    }

    private void everythingAckedIsThere() throws IOException, JetStreamApiException, InterruptedException {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            publish(connection, "at the end");
            final Map<String, Long> stored = Clients.readAll(connection, STREAM);
            // What nobody was told of may be there or not.
            stored.remove("lonely");
            assertEquals(acked, stored);
        }
        Await.until(() -> "the replicas are level\n" + cluster.replicas(STREAM),
                () -> cluster.hasLevelReplicas(STREAM));
    }
}
