package jetstream.server.acceptance;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A client that fetches and acknowledges all messages of a durable consumer, whatever happens to it meanwhile. */
@SuppressWarnings("try")
final class Drain implements AutoCloseable {
    private static final Duration FETCH = Duration.ofMillis(500);
    private static final int BATCH = 50;

    private final Cluster cluster;
    private final String stream;
    private final String consumer;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private Thread thread;
    private volatile boolean isOver;

    Drain(final Cluster cluster, final String stream, final String consumer) {
        this.cluster = cluster;
        this.stream = stream;
        this.consumer = consumer;
    }

    Drain start() {
        thread = Thread.ofPlatform().name("drain").daemon().start(this::run);
        return this;
    }

    private void run() {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            while (!isOver) {
                fetch(connection);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetch(final Connection connection) throws InterruptedException {
        try {
            final JetStreamSubscription pull = Clients.jetStream(connection).subscribe(null,
                    PullSubscribeOptions.bind(stream, consumer));
            while (!isOver) {
                final List<Message> messages = pull.fetch(BATCH, FETCH);
                for (final Message message : messages) {
                    seen.add(new String(message.getData(), StandardCharsets.UTF_8));
                    message.ack();
                }
            }
            pull.unsubscribe();
        } catch (final IOException | JetStreamApiException | IllegalStateException e) {
            Await.pause(FETCH);     // no leader for the moment: subscribe anew
        }
    }

    /** Starts again if need be, and waits until that many different messages have come. */
    void awaitAll(final int count) throws InterruptedException {
        isOver = false;
        start();
        Await.until(() -> "all " + count + " messages come through " + consumer + ", so far " + seen.size(),
                () -> seen.size() >= count);
        close();
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        thread.join();
    }
}
