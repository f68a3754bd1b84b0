package jetstream.server.acceptance;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Careful publishers at work on one stream: each repeats a message, with its id, until it is acknowledged. Afterwards
 * what was acknowledged is compared with what is stored.
 */
@SuppressWarnings("try")
final class Load implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(3);
    private static final Duration ATTEMPTS = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final String subjects;
    private final PrintStream out;
    private final Map<String, Long> acked = new ConcurrentHashMap<>();
    private final AtomicInteger doubled = new AtomicInteger();
    private final List<Thread> publishers = new ArrayList<>();
    private volatile boolean isOver;

    /**
     * What the comparison found.
     *
     * @param lost acknowledged, but not stored
     * @param doubled stored twice or acknowledged with two sequences
     * @param moved stored at another sequence than acknowledged
     */
    record Outcome(int acked, int lost, int doubled, int moved) {
        boolean isClean() {
            return lost + doubled + moved == 0 && acked > 0;
        }
    }

    /** @param subjects first token of the subjects; the publishers' numbers are the second */
    Load(final Cluster cluster, final String subjects, final PrintStream out) {
        this.cluster = cluster;
        this.subjects = subjects;
        this.out = out;
    }

    Load start(final int count) {
        for (int i = 0; i < count; i++) {
            final int number = i;
            publishers.add(Thread.ofPlatform().name("publisher-" + i).daemon().start(() -> publish(number)));
        }
        return this;
    }

    int acked() {
        return acked.size();
    }

    /** Waits until every publisher has got further, so that all know what the cluster is now. */
    void awaitProgress(final String when) {
        final int before = acked.size();
        Await.until("publishes are acknowledged " + when, () -> acked.size() > before + 2 * publishers.size());
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        for (final Thread publisher : publishers) {
            publisher.join();
        }
    }

    /** Runs on a thread of its own. A message is repeated with its id until it is acknowledged. */
    private void publish(final int publisher) {
        try (Connection connection = Clients.connect(rotated(publisher))) {
            for (int i = 0; !isOver; i++) {
                final String id = publisher + "-" + i;
                Optional<PublishAck> ack = Optional.empty();
                while (ack.isEmpty() && !isOver) {
                    ack = Clients.publish(connection, subjects + "." + publisher, id, ATTEMPTS);
                }
                ack.ifPresent(received -> note(id, received.getSeqno()));
                Await.pause(PACE);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** So that not all publishers prefer the same server. */
    private String[] rotated(final int by) {
        final List<ServerNode> nodes = new ArrayList<>(cluster.nodes());
        Collections.rotate(nodes, by);
        return new Cluster(nodes).clientUrls();
    }

    private void note(final String id, final long sequence) {
        if (acked.put(id, sequence) != null) {
            doubled.incrementAndGet();
        }
    }

    /** Reads the whole stream; the publishers are at rest. */
    Outcome compare(final String stream) throws IOException, JetStreamApiException, InterruptedException {
        final Map<String, Long> stored;
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            stored = Clients.readAll(connection, stream,
                    (id, sequence) -> complain("doubled", id, sequence, doubled));
        }
        final AtomicInteger lost = new AtomicInteger();
        final AtomicInteger moved = new AtomicInteger();
        acked.forEach((id, sequence) -> {
            final Long found = stored.get(id);
            if (found == null) {
                complain("lost", id, sequence, lost);
            } else if (!found.equals(sequence)) {
                complain("moved to " + found, id, sequence, moved);
            }
        });
        return new Outcome(acked.size(), lost.get(), doubled.get(), moved.get());
    }

    private void complain(final String what, final String id, final long sequence, final AtomicInteger counter) {
        counter.incrementAndGet();
        out.println(what + ": " + id + ", acknowledged or stored at " + sequence);
    }
}
