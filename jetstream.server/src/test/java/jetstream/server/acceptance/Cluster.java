package jetstream.server.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Server processes that form a cluster. Closing it stops what still runs. */
public record Cluster(List<ServerNode> nodes) implements AutoCloseable {
    private static final int SIZE = 3;
    private static final Path SEEDS = Path.of("src", "test", "resources", "seeds");

    /**
     * The three servers of the seeds on this machine: addresses, store directories and the administrator's password
     * hash are exchanged, a monitoring port is added, all else stays as written.
     *
     * @param adminHash bcrypt hash in place of the seeds' own, whose password is not known here
     */
    public static Cluster ofSeeds(final Path directory, final String adminHash) {
        final List<Ports> ports = IntStream.range(0, SIZE).mapToObj(_ -> Ports.free()).toList();
        return new Cluster(IntStream.range(0, SIZE)
                .mapToObj(i -> seedNode(directory, i, ports, adminHash))
                .toList());
    }

    private static ServerNode seedNode(
            final Path directory, final int index, final List<Ports> ports, final String adminHash) {
        final Ports own = ports.get(index);
        final String name = "n" + (index + 1) + "-c1";
        String text = read(SEEDS.resolve(name + ".conf"));
        for (int i = 0; i < SIZE; i++) {
            text = text.replace("host_" + (char) ('a' + i) + ":6222", "127.0.0.1:" + ports.get(i).cluster());
        }
        text = text.replace("0.0.0.0:6222", "127.0.0.1:" + own.cluster())
                .replace("listen=4222", "listen=\"127.0.0.1:" + own.client() + "\"")
                .replace("/nats/storage", "\"" + directory.resolve(name) + "\"")
                .replaceFirst("\\$2a\\$11\\$[^\"]+", adminHash.replace("$", "\\$"));
        final Path file = directory.resolve(name + ".conf");
        write(file, text + "\nhttp: \"127.0.0.1:" + own.monitor() + "\"\n");
        return ServerNode.local(name, own, file);
    }

    /** Servers n1, n2, ... with accounts as they are by default. */
    public static Cluster plain(final Path directory, final int size) {
        final List<Ports> ports = IntStream.range(0, size).mapToObj(_ -> Ports.free()).toList();
        return new Cluster(IntStream.range(0, size).mapToObj(i -> plainNode(directory, i, ports)).toList());
    }

    private static ServerNode plainNode(final Path directory, final int index, final List<Ports> ports) {
        final String name = "n" + (index + 1);
        final String jetStream = "jetstream { store_dir: \"" + directory.resolve(name) + "\" }\n";
        final Path file = directory.resolve(name + ".conf");
        write(file, jetStream + configuration(name, ports.get(index), ports));
        return ServerNode.local(name, ports.get(index), file);
    }

    private static String configuration(final String name, final Ports own, final List<Ports> all) {
        final String routes = all.stream().filter(other -> other != own)
                .map(other -> "nats://127.0.0.1:" + other.cluster()).collect(Collectors.joining(", "));
        return """
                server_name: %s
                listen: "127.0.0.1:%d"
                http: "127.0.0.1:%d"
                cluster { name: C1, listen: "127.0.0.1:%d", routes: [ %s ] }
                accounts { $SYS { users: [ { user: admin, password: secret } ] } }
                """.formatted(name, own.client(), own.monitor(), own.cluster(), routes);
    }

    /** Empties the store of a server that does not run. */
    void wipe(final ServerNode node, final Path directory) {
        try (Stream<Path> files = Files.walk(directory.resolve(node.name()))) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A further server without JetStream that knows the way to all of the cluster's. */
    public ServerNode withoutJetStream(final Path directory, final String name) {
        final Ports own = Ports.free();
        final Path file = directory.resolve(name + ".conf");
        write(file, configuration(name, own, nodes.stream().map(ServerNode::ports).toList()));
        return ServerNode.local(name, own, file);
    }

    public ServerNode node(final String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
    }

    public List<ServerNode> allBut(final ServerNode left) {
        return nodes.stream().filter(node -> node != left).toList();
    }

    public void start() {
        nodes.forEach(ServerNode::start);
        nodes.forEach(ServerNode::awaitReady);
    }

    /** True if every server holds the stream in the same state. */
    public boolean hasLevelReplicas(final String stream) {
        final Optional<Monitor.StreamState> first = nodes.getFirst().monitor().stream(stream);
        return first.isPresent() && nodes.stream().allMatch(node -> node.monitor().stream(stream).equals(first));
    }

    /** What each server holds of the stream, for messages of failed tests. */
    public String replicas(final String stream) {
        return nodes.stream().map(node -> node.name() + " " + node.monitor().stream(stream))
                .collect(Collectors.joining("\n"));
    }

    public String[] clientUrls() {
        return nodes.stream().map(ServerNode::clientUrl).toArray(String[]::new);
    }

    @Override
    public void close() {
        nodes.forEach(ServerNode::stop);
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(final Path file, final String text) {
        try {
            Files.writeString(file, text);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
