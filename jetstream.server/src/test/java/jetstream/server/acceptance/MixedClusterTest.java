package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fourth server without a {@code jetstream} block: its clients use JetStream of the others and talk to theirs. */
@SuppressWarnings("try")
@Timeout(300)
final class MixedClusterTest {
    private static final int MESSAGES = 100;

    @TempDir Path directory;

    private Cluster cluster;
    private ServerNode plain;

    @BeforeEach
    void start() {
        cluster = Cluster.plain(directory, 3);
        plain = cluster.withoutJetStream(directory, "plain");
        plain.start();
        cluster.start();
        plain.awaitReady();
    }

    @AfterEach
    void stop() {
        plain.stop();
        cluster.close();
    }

    @Test
    void serverWithoutJetStreamServesAllItsClients() throws Exception {
        try (Connection here = Clients.connect(plain.clientUrl());
                Connection there = Clients.connect(cluster.nodes().getLast().clientUrl())) {
            assertFalse(here.getServerInfo().isJetStreamAvailable());
            useJetStreamOfTheOthers(here);
            publishAcross(there, here);
            publishAcross(here, there);
            serveQueueGroupOnce(here, there);
        }
    }

    private void useJetStreamOfTheOthers(final Connection here) throws Exception {
        Clients.addStream(here, "MIXED", "mixed.>", 3);
        for (int i = 0; i < MESSAGES; i++) {
            assertTrue(Clients.publish(here, "mixed.a", "m" + i, Await.GENEROUS).isPresent());
        }
        Clients.management(here).createConsumer("MIXED", ConsumerConfiguration.builder().durable("D").build());
        final JetStreamSubscription pull =
                Clients.jetStream(here).subscribe(null, PullSubscribeOptions.bind("MIXED", "D"));
        final List<Long> sequences = new ArrayList<>();
        Await.until("all are fetched through the server without JetStream", () -> {
            for (final Message message : pull.fetch(MESSAGES - sequences.size(), Duration.ofSeconds(2))) {
                message.ack();
                sequences.add(message.metaData().streamSequence());
            }
            return sequences.size() >= MESSAGES;
        });
        assertEquals(MESSAGES, new HashSet<>(sequences).size());
        final Map<String, Long> stored = Clients.readAll(here, "MIXED");
        assertEquals(MESSAGES, stored.size());
        assertTrue(plain.monitor().stream("MIXED").isEmpty());
    }

    private static void publishAcross(final Connection publisher, final Connection subscriber) throws Exception {
        final Subscription subscription = subscriber.subscribe("core.>");
        subscriber.flush(Duration.ofSeconds(5));
        final Set<String> seen = new HashSet<>();
        // Interest needs its time to the other servers; what was sent before it may rightly be gone.
        Await.until("interest has reached the other server", () -> {
            publisher.publish("core.probe", new byte[0]);
            return next(subscription, Duration.ofMillis(200)) != null;
        });
        for (int i = 0; i < MESSAGES; i++) {
            publisher.publish("core.a", Clients.bytes("c" + i));
        }
        while (seen.size() < MESSAGES) {
            final Message message = next(subscription, Duration.ofSeconds(10));
            assertTrue(message != null, () -> "only " + seen.size() + " arrived");
            if (message.getSubject().equals("core.a")) {
                assertTrue(seen.add(new String(message.getData(), StandardCharsets.UTF_8)), "twice: " + message);
            }
        }
        subscription.unsubscribe();
    }

    private static Message next(final Subscription subscription, final Duration limit) {
        try {
            return subscription.nextMessage(limit);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void serveQueueGroupOnce(final Connection here, final Connection there) throws Exception {
        final Queue<String> received = new ConcurrentLinkedQueue<>();
        final List<Connection> members = List.of(here, there);
        for (final Connection member : members) {
            final Dispatcher dispatcher = member.createDispatcher(message -> {
                received.add(new String(message.getData(), StandardCharsets.UTF_8));
                member.publish(message.getReplyTo(), new byte[0]);
            });
            dispatcher.subscribe("work", "group");
            member.flush(Duration.ofSeconds(5));
        }
        try (Connection publisher = Clients.connect(cluster.nodes().getFirst().clientUrl())) {
            Await.until("the group answers", () -> request(publisher, "probe"));
            received.clear();
            for (int i = 0; i < MESSAGES; i++) {
                assertTrue(request(publisher, "w" + i), "no answer to w" + i);
            }
        }
        received.removeIf("probe"::equals);
        assertEquals(MESSAGES, received.size(), "each request to one member");
        assertEquals(MESSAGES, new HashSet<>(received).size());
    }

    private static boolean request(final Connection publisher, final String text) {
        try {
            final Message answer = publisher.request("work", Clients.bytes(text), Duration.ofSeconds(5));
            return answer != null && !answer.isStatusMessage();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
