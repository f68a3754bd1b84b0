package jetstream.server.faults;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import jetstream.server.acceptance.Await;
import jetstream.server.acceptance.Clients;

/**
 * One replicated stream under load: a publisher that repeats each message with its id until it is acknowledged,
 * and a durable pull consumer that acks what it gets. Each has connections and a thread of its own.
 */
@SuppressWarnings("try")
final class StreamLoad {
    static final String CONSUMER = "C";

    private static final Duration PACE = Duration.ofMillis(3);
    private static final Duration REPEAT = Duration.ofMillis(200);
    private static final Duration REFUSED = Duration.ofMillis(20);
    private static final Duration ACK_WAIT = Duration.ofSeconds(5);
    private static final Duration PULL = Duration.ofMillis(800);
    private static final Duration PULL_PATIENCE = Duration.ofSeconds(1);
    private static final Duration DUPLICATES = Duration.ofHours(1);
    private static final int REPLICAS = 3;
    private static final int ATTEMPTS = 3;
    private static final int FETCHED = 50;
    private static final int PAD_BYTES = 256;

    private final String name;
    private final String subject;
    private final String[] urls;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Long> acked = new ConcurrentHashMap<>();
    private final Set<Long> delivered = ConcurrentHashMap.newKeySet();
    private final Silence acks = new Silence();
    private final Silence deliveries = new Silence();
    private final AtomicInteger attempted = new AtomicInteger();
    private volatile boolean isPublishing = true;
    private volatile boolean isConsuming = true;

    /** @param urls of all servers, the preferred one first */
    StreamLoad(final String name, final String[] urls) {
        this.name = name;
        this.subject = name.toLowerCase(Locale.ROOT) + ".load";
        this.urls = urls.clone();
    }

    String name() {
        return name;
    }

    Map<String, Long> acked() {
        return acked;
    }

    Silence acks() {
        return acks;
    }

    Silence deliveries() {
        return deliveries;
    }

    int attempted() {
        return attempted.get();
    }

    boolean hasDelivered(final Set<Long> sequences) {
        return delivered.containsAll(sequences);
    }

    int undelivered(final Set<Long> sequences) {
        return (int) sequences.stream().filter(sequence -> !delivered.contains(sequence)).count();
    }

    void start(final Connection connection) {
        final StreamConfiguration stream = StreamConfiguration.builder().name(name).subjects(subject).replicas(REPLICAS)
                .storageType(StorageType.File).duplicateWindow(DUPLICATES).allowDirect(true).build();
        Await.until("stream " + name + " is added", () -> {
            try {
                Clients.management(connection).addStream(stream);
                return true;
            } catch (final IOException | JetStreamApiException e) {
                return false;
            }
        });
        Await.until("consumer of " + name + " is added", () -> {
            try {
                Clients.management(connection).createConsumer(name, ConsumerConfiguration.builder().durable(CONSUMER)
                        .ackPolicy(AckPolicy.Explicit).ackWait(ACK_WAIT).maxAckPending(1_000).build());
                return true;
            } catch (final IOException | JetStreamApiException e) {
                return false;
            }
        });
        threads.add(Thread.ofPlatform().daemon().name("publisher-" + name).start(this::publish));
        threads.add(Thread.ofPlatform().daemon().name("consumer-" + name).start(this::consume));
    }

    private void publish() {
        try (Switchboard servers = new Switchboard(urls)) {
            for (int i = 0; isPublishing; i++) {
                attempted.incrementAndGet();
                final String id = name + "-" + i;
                while (isPublishing && !publish(servers.current(), id)) {
                    servers.turn();
                }
                Await.pause(PACE);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A few attempts at one server share an inbox: an answer that comes after the next attempt counts as well. */
    private boolean publish(final Connection connection, final String id) throws InterruptedException {
        final String inbox = connection.createInbox();
        final Subscription answers = connection.subscribe(inbox);
        final NatsMessage message = NatsMessage.builder().subject(subject).replyTo(inbox)
                .headers(new Headers().put("Nats-Msg-Id", id)).data(Clients.bytes(padded(id))).build();
        boolean isAcked = false;
        for (int i = 0; i < ATTEMPTS && !isAcked && connection.getStatus() == Connection.Status.CONNECTED; i++) {
            isAcked = attempt(connection, message, answers, id);
        }
        answers.unsubscribe();
        if (!isAcked) {
            Await.pause(REFUSED);
        }
        return isAcked;
    }

    private boolean attempt(final Connection connection, final NatsMessage message, final Subscription answers,
            final String id) throws InterruptedException {
        try {
            connection.publish(message);
            final Message answer = answers.nextMessage(REPEAT);
            if (answer == null) {
                return false;
            }
            if (!answer.isStatusMessage()) {
                acked.put(id, new PublishAck(answer).getSeqno());
                acks.end(System.nanoTime());
                return true;
            }
        } catch (final IOException | JetStreamApiException | IllegalStateException e) {
            // Not connected, not led, or refused: the next attempt asks again.
        }
        Await.pause(REFUSED);
        return false;
    }

    private static String padded(final String id) {
        return id + " ".repeat(PAD_BYTES - id.length());
    }

    private void consume() {
        try (Switchboard servers = new Switchboard(urls)) {
            while (isConsuming) {
                if (!pull(servers.current())) {
                    Await.pause(REFUSED);
                    servers.turn();
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One pull request and what it brings. Written out, because the library asks for the consumer's info before it
     * pulls, and waits for seconds when there is nobody to answer.
     *
     * @return false if it brought nothing
     */
    private boolean pull(final Connection connection) throws InterruptedException {
        final String inbox = connection.createInbox();
        final Subscription answers = connection.subscribe(inbox);
        int count = 0;
        try {
            connection.publish("$JS.API.CONSUMER.MSG.NEXT." + name + "." + CONSUMER, inbox,
                    Clients.bytes("{\"batch\":" + FETCHED + ",\"expires\":" + PULL.toNanos() + "}"));
            Message message = answers.nextMessage(PULL_PATIENCE);
            while (message != null && !message.isStatusMessage() && ++count <= FETCHED) {
                delivered.add(message.metaData().streamSequence());
                deliveries.end(System.nanoTime());
                message.ack();
                message = count == FETCHED ? null : answers.nextMessage(PULL_PATIENCE);
            }
            answers.unsubscribe();
        } catch (final IllegalStateException e) {
            // Not connected any more; what was not acked comes again.
        }
        return count > 0;
    }

    void stopPublishing() throws InterruptedException {
        isPublishing = false;
        threads.getFirst().join();
    }

    void stop() throws InterruptedException {
        isPublishing = false;
        isConsuming = false;
        for (final Thread thread : threads) {
            thread.join();
        }
    }
}
