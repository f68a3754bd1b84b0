package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jetstream.server.JetStreamServer;
import jetstream.server.conf.ServerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An unmodified client library against one server. */
@SuppressWarnings("try")
final class RealClientTest {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private JetStreamServer server;

    @BeforeEach
    void launch() {
        server = JetStreamServer.launch(ServerConfig.builder().host("127.0.0.1").port(-1).build());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Connection connect() throws Exception {
        return Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + server.clientPort())
                .noReconnect().build());
    }

    @Test
    void subscriberGetsWhatIsPublished() throws Exception {
        try (Connection publisher = connect(); Connection subscriber = connect()) {
            final Subscription subscription = subscriber.subscribe("orders.*");
            subscriber.flush(WAIT);

            publisher.publish("orders.new", new Headers().add("A", "b"), bytes("hello"));
            publisher.publish("other", bytes("not for us"));
            publisher.publish("orders.old", new byte[0]);
            final byte[] large = new byte[1 << 20];
            Arrays.fill(large, (byte) 'x');
            publisher.publish("orders.large", large);

            final Message first = subscription.nextMessage(WAIT);
            assertEquals("orders.new", first.getSubject());
            assertEquals("hello", new String(first.getData(), StandardCharsets.UTF_8));
            assertEquals("b", first.getHeaders().getFirst("A"));
            assertEquals("orders.old", subscription.nextMessage(WAIT).getSubject());
            assertTrue(Arrays.equals(large, subscription.nextMessage(WAIT).getData()));
        }
    }

    @Test
    void infoTellsWhoWeAre() throws Exception {
        try (Connection connection = connect()) {
            assertEquals("2.15.2", connection.getServerInfo().getVersion());
            assertEquals(56, connection.getServerInfo().getServerId().length());
            assertEquals(1 << 20, connection.getServerInfo().getMaxPayload());
            assertTrue(connection.RTT().toNanos() > 0);
        }
    }

    @Test
    void requestIsAnswered() throws Exception {
        try (Connection requester = connect(); Connection responder = connect()) {
            final Dispatcher dispatcher =
                    responder.createDispatcher(msg -> responder.publish(msg.getReplyTo(), msg.getData()));
            dispatcher.subscribe("echo");
            responder.flush(WAIT);
            for (int i = 0; i < 200; i++) {
                final Message answer = requester.request("echo", bytes("n" + i), WAIT);
                assertNotNull(answer);
                assertEquals("n" + i, new String(answer.getData(), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void requestWithoutRespondersFailsAtOnce() throws Exception {
        try (Connection requester = connect()) {
            final var failure = assertThrows(ExecutionException.class, () -> {
                try {
                    requester.requestWithTimeout("nobody", bytes("?"), WAIT).get(5, TimeUnit.SECONDS);
                } catch (final CancellationException e) {
                    throw new ExecutionException(e);
                }
            });
            assertNotNull(failure.getCause());
        }
    }

    @Test
    void queueGroupServesEachMessageOnce() throws Exception {
        final int messages = 1_000;
        final AtomicInteger[] counts = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        final CountDownLatch all = new CountDownLatch(messages);
        try (Connection publisher = connect(); Connection subscriber = connect()) {
            for (final AtomicInteger count : counts) {
                subscriber.createDispatcher(msg -> {
                    count.incrementAndGet();
                    all.countDown();
                }).subscribe("work", "workers");
            }
            subscriber.flush(WAIT);
            for (int i = 0; i < messages; i++) {
                publisher.publish("work", bytes("w"));
            }
            assertTrue(all.await(10, TimeUnit.SECONDS));
            publisher.flush(WAIT);
            subscriber.flush(WAIT);
            assertEquals(messages, Arrays.stream(counts).mapToInt(AtomicInteger::get).sum());
            for (final AtomicInteger count : counts) {
                assertTrue(count.get() > messages / 6, "unfair share " + count);
            }
        }
    }

    @Test
    void drainedAndUnsubscribedGetNoMore() throws Exception {
        try (Connection publisher = connect(); Connection subscriber = connect()) {
            final Subscription limited = subscriber.subscribe("a");
            limited.unsubscribe(2);
            final Subscription drained = subscriber.subscribe("a");
            subscriber.flush(WAIT);
            for (int i = 0; i < 5; i++) {
                publisher.publish("a", bytes("m" + i));
            }
            publisher.flush(WAIT);
            subscriber.flush(WAIT);
            final var isDrained = drained.drain(WAIT);
            for (int i = 0; i < 5; i++) {
                assertNotNull(drained.nextMessage(WAIT), "message " + i);
            }
            assertTrue(isDrained.get(5, TimeUnit.SECONDS));
            assertNotNull(limited.nextMessage(WAIT));
            assertNotNull(limited.nextMessage(WAIT));
            assertFalse(limited.isActive());
            final long left = server.context().loop().ask(() -> server.context().clients().subscriptionCount()).get();
            assertEquals(0, left);
        }
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
