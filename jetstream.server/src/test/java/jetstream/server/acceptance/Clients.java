package jetstream.server.acceptance;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/** Connections of the unmodified client library, and what every walk does with them. */
public final class Clients {
    private static final Duration ATTEMPT = Duration.ofMillis(250);
    private static final Duration READ = Duration.ofSeconds(20);
    private static final Duration REQUEST = Duration.ofSeconds(5);

    private Clients() {
    }

    /** Connects to one of the servers and stays with those; tries until one takes it. */
    public static Connection connect(final String... urls) {
        final AtomicReference<Connection> connection = new AtomicReference<>();
        Await.until("a connection to " + String.join(" ", urls), () -> {
            try {
                connection.set(Nats.connect(options(urls).build()));
                return true;
            } catch (final IOException e) {
                return false;
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        return connection.get();
    }

    public static Options.Builder options(final String... urls) {
        return new Options.Builder().servers(urls).noRandomize().ignoreDiscoveredServers()
                .maxReconnects(-1).reconnectWait(Duration.ofMillis(50)).connectionTimeout(Duration.ofSeconds(5))
                .errorListener(new ErrorListener() {
                });
    }

    /** Connects as the operator of the servers that {@link Cluster#plain} makes. */
    static Connection connectAsOperator(final String... urls) {
        final AtomicReference<Connection> connection = new AtomicReference<>();
        Await.until("a connection of the operator", () -> {
            try {
                connection.set(Nats.connect(options(urls).userInfo("admin", "secret").build()));
                return true;
            } catch (final IOException e) {
                return false;
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        return connection.get();
    }

    /** Asks the API until there is an answer; one that is an error counts as one. */
    static String ask(final Connection connection, final String subject, final String body) {
        final AtomicReference<String> answer = new AtomicReference<>();
        Await.until("an answer to " + subject, () -> {
            try {
                final Message message = connection.request("$JS.API." + subject, bytes(body), REQUEST);
                answer.set(message == null ? null : new String(message.getData(), StandardCharsets.UTF_8));
                return answer.get() != null && !answer.get().isEmpty();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        return answer.get();
    }

    public static JetStreamManagement management(final Connection connection) throws IOException {
        return connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(REQUEST).build());
    }

    public static JetStream jetStream(final Connection connection) throws IOException {
        return connection.jetStream(JetStreamOptions.builder().requestTimeout(REQUEST).build());
    }

    /** Adds a stream with file storage; repeats while there is no leader to take the request. */
    public static void addStream(final Connection connection, final String name, final String subject,
            final int replicas) {
        final StreamConfiguration configuration = StreamConfiguration.builder().name(name).subjects(subject)
                .replicas(replicas).storageType(StorageType.File).duplicateWindow(Duration.ofHours(1)).build();
        Await.until("stream " + name + " is added", () -> {
            try {
                management(connection).addStream(configuration);
                return true;
            } catch (final IOException | JetStreamApiException e) {
                return false;
            }
        });
    }

    /** Publishes until acknowledged, as a careful client does: the same id in each attempt. Empty after the limit. */
    public static Optional<PublishAck> publish(
            final Connection connection, final String subject, final String id, final Duration limit) {
        final AtomicReference<PublishAck> ack = new AtomicReference<>();
        final PublishOptions options = PublishOptions.builder().messageId(id).streamTimeout(ATTEMPT).build();
        Await.holds(limit, () -> {
            try {
                ack.set(jetStream(connection).publish(subject, bytes(id), options));
                return true;
            } catch (final IOException | JetStreamApiException | IllegalStateException e) {
                return false;
            }
        });
        return Optional.ofNullable(ack.get());
    }

    /** Name of the server that leads the stream, waited for. */
    public static String leader(final Connection connection, final String stream) {
        final AtomicReference<String> leader = new AtomicReference<>();
        Await.until("a leader of " + stream + " is known", () -> {
            leader.set(cluster(connection, stream).map(ClusterInfo::getLeader).orElse(null));
            return leader.get() != null && !leader.get().isEmpty();
        });
        return leader.get();
    }

    public static Optional<ClusterInfo> cluster(final Connection connection, final String stream) {
        try {
            return Optional.ofNullable(management(connection).getStreamInfo(stream).getClusterInfo());
        } catch (final IOException | JetStreamApiException e) {
            return Optional.empty();
        }
    }

    /**
     * All messages of a stream in order: their text, which the tests make the same as the id, and their sequence.
     *
     * @throws AssertionError if a text is there twice, or fewer messages come than the stream says it has
     */
    static Map<String, Long> readAll(final Connection connection, final String stream)
            throws IOException, JetStreamApiException, InterruptedException {
        return readAll(connection, stream, (text, sequence) -> {
            throw new AssertionError(text + " is stored twice, again at " + sequence);
        });
    }

    /**
     * As above, but a text that is there twice is told to the caller.
     *
     * @throws AssertionError if fewer messages come than the stream says it has
     */
    static Map<String, Long> readAll(
            final Connection connection, final String stream, final BiConsumer<String, Long> onDoubled)
            throws IOException, JetStreamApiException, InterruptedException {
        final long count = messages(connection, stream);
        final JetStreamSubscription all = connection.jetStream().subscribe(
                null, PushSubscribeOptions.builder().stream(stream).ordered(true).build());
        final Map<String, Long> stored = new LinkedHashMap<>();
        for (long read = 0; read < count; read++) {
            final Message message = all.nextMessage(READ);
            if (message == null) {
                throw new AssertionError("reading " + stream + " stopped after " + read + " of " + count);
            }
            final String text = new String(message.getData(), StandardCharsets.UTF_8);
            final long sequence = message.metaData().streamSequence();
            if (stored.putIfAbsent(text, sequence) != null) {
                onDoubled.accept(text, sequence);
            }
        }
        all.unsubscribe();
        return stored;
    }

    /** How many messages the stream has, asked again while it has no leader who could say so. */
    private static long messages(final Connection connection, final String stream) {
        final AtomicReference<Long> count = new AtomicReference<>();
        Await.until("info of stream " + stream, () -> {
            try {
                count.set(management(connection).getStreamInfo(stream).getStreamState().getMsgCount());
                return true;
            } catch (final IOException | JetStreamApiException e) {
                return false;
            }
        });
        return count.get();
    }

    public static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
