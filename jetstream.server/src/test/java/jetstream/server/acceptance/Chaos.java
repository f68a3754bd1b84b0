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
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Random {@code kill -9} and restart of one to three servers while publishers with message ids are at work; then a
 * comparison of what was acknowledged with what is stored. The seed decides victims and pauses, not what the machine
 * makes of them.
 */
@SuppressWarnings("try")
final class Chaos {
    private static final String STREAM = "CHAOS";
    private static final int PUBLISHERS = 4;
    private static final Duration PACE = Duration.ofMillis(3);
    private static final Duration ATTEMPTS = Duration.ofSeconds(1);
    private static final int LOAD_MIN_MS = 200;
    private static final int LOAD_MAX_MS = 1_200;
    private static final int DOWN_MAX_MS = 1_200;
    /** One victim is the usual case, two stop the cluster, three make it recover from its logs alone. */
    private static final int[] VICTIMS = {1, 1, 1, 2, 3};

    private final Cluster cluster;
    private final Random random;
    private final PrintStream out;
    private final Map<String, Long> acked = new ConcurrentHashMap<>();
    private final AtomicInteger doubled = new AtomicInteger();
    private volatile boolean isOver;

    /**
     * What the comparison found.
     *
     * @param lost acknowledged, but not stored
     * @param doubled stored twice or acknowledged with two sequences
     * @param moved stored at another sequence than acknowledged
     * @param diverged 1 if the servers do not hold the same, else 0
     */
    record Outcome(int rounds, int acked, int lost, int doubled, int moved, int diverged) {
        boolean isClean() {
            return lost + doubled + moved + diverged == 0 && acked > 0;
        }

        String table(final long seed) {
            return String.format("%8s %8s %8s %8s %8s %8s  %s%n%8d %8d %8d %8d %8d %8d  %d",
                    "rounds", "acked", "lost", "doubled", "moved", "diverged", "seed",
                    rounds, acked, lost, doubled, moved, diverged, seed);
        }
    }

    Chaos(final Cluster cluster, final long seed, final PrintStream out) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.out = out;
    }

    Outcome run(final int rounds) throws IOException, JetStreamApiException, InterruptedException {
        cluster.start();
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            Clients.addStream(connection, STREAM, "chaos.>", cluster.nodes().size());
        }
        final List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            final int number = i;
            publishers.add(Thread.ofPlatform().name("publisher-" + i).daemon().start(() -> publish(number)));
        }
        try {
            for (int round = 1; round <= rounds; round++) {
                round(round);
            }
            final int before = acked.size();
            Await.until("publishes are acknowledged after the last round", () -> acked.size() > before + PUBLISHERS);
        } finally {
            isOver = true;
        }
        for (final Thread publisher : publishers) {
            publisher.join();
        }
        return compare(rounds);
    }

    private void round(final int round) {
        final int before = acked.size();
        Await.pause(Duration.ofMillis(random.nextInt(LOAD_MIN_MS, LOAD_MAX_MS)));
        final List<ServerNode> shuffled = new ArrayList<>(cluster.nodes());
        Collections.shuffle(shuffled, random);
        final List<ServerNode> victims = shuffled.subList(0, VICTIMS[random.nextInt(VICTIMS.length)]);
        victims.forEach(ServerNode::kill);
        Await.pause(Duration.ofMillis(random.nextInt(DOWN_MAX_MS)));
        victims.forEach(ServerNode::start);
        victims.forEach(ServerNode::awaitReady);
        askForInfo(round);
        out.printf("round %d: killed %s, %d acked (+%d)%n", round,
                victims.stream().map(ServerNode::name).collect(Collectors.joining(" ")),
                acked.size(), acked.size() - before);
    }

    /**
     * Asks every server for the stream, and tells what was not answered: a request may meet a cluster that has no
     * leader yet, the one after it should not.
     */
    private void askForInfo(final int round) {
        for (final ServerNode node : cluster.nodes()) {
            final long begin = System.nanoTime();
            try (Connection connection = Clients.connect(node.clientUrl())) {
                Await.until("the stream's info through " + node.name(), () -> {
                    final boolean isAnswered = Clients.cluster(connection, STREAM).isPresent();
                    if (!isAnswered) {
                        out.printf("round %d: no stream info through %s for %d ms%n", round, node.name(),
                                Duration.ofNanos(System.nanoTime() - begin).toMillis());
                    }
                    return isAnswered;
                });
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs on a thread of its own. A message is repeated with its id until it is acknowledged. */
    private void publish(final int publisher) {
        try (Connection connection = Clients.connect(rotated(publisher))) {
            for (int i = 0; !isOver; i++) {
                final String id = publisher + "-" + i;
                Optional<PublishAck> ack = Optional.empty();
                while (ack.isEmpty() && !isOver) {
                    ack = Clients.publish(connection, "chaos." + publisher, id, ATTEMPTS);
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

    private Outcome compare(final int rounds) throws IOException, JetStreamApiException, InterruptedException {
        final boolean isLevel = Await.holds(Await.GENEROUS, () -> cluster.hasLevelReplicas(STREAM));
        if (!isLevel) {
            out.println("replicas differ:\n" + cluster.replicas(STREAM));
        }
        final Map<String, Long> stored;
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            stored = Clients.readAll(connection, STREAM,
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
        return new Outcome(rounds, acked.size(), lost.get(), doubled.get(), moved.get(), isLevel ? 0 : 1);
    }

    private void complain(final String what, final String id, final long sequence, final AtomicInteger counter) {
        counter.incrementAndGet();
        out.println(what + ": " + id + ", acknowledged or stored at " + sequence);
    }
}
