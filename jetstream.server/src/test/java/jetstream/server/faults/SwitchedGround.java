package jetstream.server.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.Ports;
import jetstream.server.acceptance.ServerNode;

/**
 * A network namespace per server with two networks: a bridge on which clients reach every server at all times, and a
 * {@link TapSwitch} between the servers alone.
 */
final class SwitchedGround implements Ground {
    private static final int SIZE = 3;
    private static final Ports PORTS = new Ports(4222, 6222, 8222);
    private static final long PID = ProcessHandle.current().pid();
    private static final String MARK = "jf" + PID;
    // Networks of this process alone: another run on the same machine has others.
    private static final String CLIENTS = "10." + (214 + PID % 40) + "." + PID / 40 % 128 * 2 + ".";
    private static final String SERVERS = "10." + (214 + PID % 40) + "." + (PID / 40 % 128 * 2 + 1) + ".";

    private final Cluster cluster;
    private final TapSwitch network;

    SwitchedGround(final Path directory, final long seed) throws Unavailable, IOException, InterruptedException {
        requireMeans();
        network = new TapSwitch(IntStream.range(0, SIZE).mapToObj(SwitchedGround::tap).toList());
        try {
            Shell.must("ip", "link", "add", MARK, "type", "bridge");
            Shell.must("ip", "addr", "add", CLIENTS + "254/24", "dev", MARK);
            Shell.must("ip", "link", "set", MARK, "up");
            for (int i = 0; i < SIZE; i++) {
                makeHost(i);
            }
        } catch (final IOException e) {
            close();
            throw new Unavailable(e.getMessage());
        }
        network.start(seed);
        final List<ServerNode> nodes = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            nodes.add(node(directory, i));
        }
        cluster = new Cluster(nodes);
    }

    private static void requireMeans() throws Unavailable, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new Unavailable("network namespaces need root");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw new Unavailable("no /dev/net/tun");
        }
        if (!Shell.succeeds("ip", "netns", "add", MARK + "x") || !Shell.succeeds("ip", "netns", "del", MARK + "x")) {
            throw new Unavailable("this system makes no network namespaces (ip netns)");
        }
    }

    private static String tap(final int index) {
        return MARK + "t" + index;
    }

    private static String host(final int index) {
        return MARK + "h" + index;
    }

    private void makeHost(final int index) throws IOException, InterruptedException {
        final String host = host(index);
        final String inside = MARK + "i" + index;
        final String outside = MARK + "o" + index;
        Shell.must("ip", "netns", "add", host);
        Shell.must("ip", "link", "add", outside, "type", "veth", "peer", "name", inside);
        Shell.must("ip", "link", "set", outside, "master", MARK, "up");
        Shell.must("ip", "link", "set", inside, "netns", host);
        Shell.must("ip", "-n", host, "addr", "add", CLIENTS + (index + 1) + "/24", "dev", inside);
        Shell.must("ip", "-n", host, "link", "set", inside, "up");
        Shell.must("ip", "-n", host, "link", "set", "lo", "up");
        Shell.must("ip", "link", "set", tap(index), "address", TapSwitch.mac(index), "netns", host);
        Shell.must("ip", "-n", host, "addr", "add", SERVERS + (index + 1) + "/24", "dev", tap(index));
        Shell.must("ip", "-n", host, "link", "set", tap(index), "up");
        for (int other = 0; other < SIZE; other++) {
            if (other != index) {
                // Fixed, so that a link cut in one direction is just that, and not one whose other end is never found.
                Shell.must("ip", "-n", host, "neigh", "replace", SERVERS + (other + 1), "lladdr", TapSwitch.mac(other),
                        "nud", "permanent", "dev", tap(index));
            }
        }
    }

    private static ServerNode node(final Path directory, final int index) throws IOException {
        final String name = "n" + (index + 1);
        final String client = CLIENTS + (index + 1);
        final String routes = IntStream.range(0, SIZE).filter(other -> other != index)
                .mapToObj(other -> "nats://" + SERVERS + (other + 1) + ":" + PORTS.cluster())
                .collect(Collectors.joining(", "));
        final Path file = directory.resolve(name + ".conf");
        Files.writeString(file, """
                server_name: %s
                listen: "%s:%d"
                http: "%s:%d"
                jetstream { store_dir: "%s" }
                cluster { name: C1, listen: "%s%d:%d", routes: [ %s ] }
                """.formatted(name, client, PORTS.client(), client, PORTS.monitor(), directory.resolve(name), SERVERS,
                index + 1, PORTS.cluster(), routes));
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", host(index)));
        command.addAll(ServerNode.program());
        command.addAll(List.of("-c", file.toString()));
        return new ServerNode(name, client, PORTS, directory.resolve(name + ".log"), command);
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public TapSwitch network() {
        return network;
    }

    @Override
    public void close() throws InterruptedException {
        network.close();
        for (int i = 0; i < SIZE; i++) {
            Shell.succeeds("ip", "link", "del", MARK + "o" + i);
            Shell.succeeds("ip", "netns", "del", host(i));
        }
        Shell.succeeds("ip", "link", "del", MARK);
    }
}
