package jetstream.server.acceptance;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
    private static final int LOAD_MIN_MS = 200;
    private static final int LOAD_MAX_MS = 1_200;
    private static final int DOWN_MAX_MS = 1_200;
    /** One victim is the usual case, two stop the cluster, three make it recover from its logs alone. */
    private static final int[] VICTIMS = {1, 1, 1, 2, 3};

    private final Cluster cluster;
    private final Random random;
    private final PrintStream out;
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
        final Load load = new Load(cluster, "chaos", out).start(PUBLISHERS);
        try (load) {
            for (int round = 1; round <= rounds; round++) {
                round(round, load);
            }
            load.awaitProgress("after the last round");
        }
        return compare(rounds, load);
    }

    private void round(final int round, final Load load) {
        final int before = load.acked();
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
                load.acked(), load.acked() - before);
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

    private Outcome compare(final int rounds, final Load load)
            throws IOException, JetStreamApiException, InterruptedException {
        final boolean isLevel = Await.holds(Await.GENEROUS, () -> cluster.hasLevelReplicas(STREAM));
        if (!isLevel) {
            out.println("replicas differ:\n" + cluster.replicas(STREAM));
        }
        final Load.Outcome found = load.compare(STREAM);
        return new Outcome(rounds, found.acked(), found.lost(), found.doubled(), found.moved(), isLevel ? 0 : 1);
    }
}
