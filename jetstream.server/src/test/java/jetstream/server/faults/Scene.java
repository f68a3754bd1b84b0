package jetstream.server.faults;

import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.server.acceptance.Await;
import jetstream.server.acceptance.Clients;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.Monitor;
import jetstream.server.acceptance.ServerNode;

/** A cluster of three under load, with what a fault may need of the ground it stands on. */
@SuppressWarnings("try")
final class Scene implements AutoCloseable {
    static final String FIRST_STREAM = "F0";

    private static final int STREAMS = 3;
    private static final int WARM = 30;

    private final Cluster cluster;
    private final Path directory;
    private final Ground ground;
    private final Random random;
    private final List<StreamLoad> loads = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long struckNs;
    private long healedNs;
    private Map<String, Long> atHeal = Map.of();

    Scene(final Ground ground, final Path directory, final long seed) {
        this.ground = ground;
        this.cluster = ground.cluster();
        this.directory = directory;
        this.random = new Random(seed);
    }

    Cluster cluster() {
        return cluster;
    }

    Ground ground() {
        return ground;
    }

    Random random() {
        return random;
    }

    List<StreamLoad> loads() {
        return loads;
    }

    Path store(final ServerNode node) {
        return directory.resolve(node.name());
    }

    void note(final String text) {
        notes.add(text);
    }

    String notes() {
        return String.join("; ", notes);
    }

    long struckNs() {
        return struckNs;
    }

    long healedNs() {
        return healedNs;
    }

    /** Starts servers and load; returns when every stream and consumer is at work. */
    void start() throws IOException, InterruptedException {
        cluster.start();
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            for (int i = 0; i < STREAMS; i++) {
                final StreamLoad load = new StreamLoad("F" + i, urlsFrom(i));
                load.start(connection);
                loads.add(load);
            }
        }
        Await.until("every stream and consumer is at work", () -> loads.stream()
                .allMatch(load -> load.acks().count() > WARM && load.deliveries().count() > WARM));
        Await.until("all servers follow", this::isAtWork);
        struckNs = System.nanoTime();
    }

    private String[] urlsFrom(final int first) {
        final List<ServerNode> nodes = new ArrayList<>(cluster.nodes());
        Collections.rotate(nodes, -first);
        return new Cluster(nodes).clientUrls();
    }

    /** The leader of the first stream. */
    ServerNode leader() throws InterruptedException {
        try (Connection connection = Clients.connect(cluster.clientUrls())) {
            return cluster.node(Clients.leader(connection, FIRST_STREAM));
        }
    }

    ServerNode follower() throws InterruptedException {
        return cluster.allBut(leader()).getFirst();
    }

    /** The leader and one more. */
    List<ServerNode> majority() throws InterruptedException {
        final ServerNode leader = leader();
        return List.of(leader, cluster.allBut(leader).getFirst());
    }

    int index(final ServerNode node) {
        return cluster.nodes().indexOf(node);
    }

    /** The load goes on for that long. */
    void load(final Duration length) {
        Await.pause(length);
    }

    /** From now on nothing is broken any more; what has been damaged is for the servers to mend. */
    void healed() {
        atHeal = lastSequences();
        healedNs = System.nanoTime();
    }

    boolean isHealed() {
        return healedNs != 0;
    }

    /** Every server holds of every stream what one of them held a moment before. */
    boolean isAtWork() {
        final Map<String, Long> last = lastSequences();
        return loads.stream().allMatch(load -> cluster.nodes().stream().allMatch(
                node -> holds(node, load.name(), last.get(load.name()))));
    }

    private static boolean holds(final ServerNode node, final String stream, final long sequence) {
        return node.monitor().stream(stream).filter(state -> state.lastSeq() >= sequence).isPresent();
    }

    private Map<String, Long> lastSequences() {
        final Map<String, Long> last = new HashMap<>();
        for (final StreamLoad load : loads) {
            last.put(load.name(), cluster.nodes().stream().filter(ServerNode::isAlive)
                    .flatMap(node -> node.monitor().stream(load.name()).stream())
                    .mapToLong(Monitor.StreamState::lastSeq).max().orElse(1));
        }
        return last;
    }

    /** A server has ended by itself: there is no use in waiting for it. */
    boolean hasDied() {
        return cluster.nodes().stream().anyMatch(ServerNode::hasDied);
    }

    List<ServerNode> living() {
        return cluster.nodes().stream().filter(ServerNode::isAlive).toList();
    }

    /** Every stream has acknowledged and every consumer delivered since the mending. */
    boolean goesOn() {
        return loads.stream().allMatch(load -> load.acks().firstAfterNs(healedNs) >= 0
                && load.deliveries().firstAfterNs(healedNs) >= 0);
    }

    /** Every replica holds at least what the cluster held when it was mended. */
    boolean hasCaughtUp() {
        return loads.stream().allMatch(load -> cluster.nodes().stream().allMatch(
                node -> holds(node, load.name(), atHeal.get(load.name()))));
    }

    boolean isLevel() {
        return loads.stream().allMatch(load -> cluster.hasLevelReplicas(load.name()));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (final StreamLoad load : loads) {
            load.stop();
        }
        cluster.nodes().stream().filter(ServerNode::isAlive).forEach(ServerNode::resume);
        cluster.close();
        ground.close();
    }
}
