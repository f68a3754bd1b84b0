package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mission's walk with the seeds as they are written: three network namespaces stand for three hosts, each
 * with its own {@code /etc/hosts} and its own {@code /nats/storage}. Runs where root and {@code ip} may make them.
 */
final class NamespaceMissionTest {
    private static final Path SEEDS = Path.of("src", "test", "resources", "seeds");
    private static final Path STORAGE = Path.of("/nats/storage");
    private static final Ports SEED_PORTS = new Ports(4222, 6222, 8222);
    private static final int SIZE = 3;

    @TempDir Path directory;

    private final String mark = "js" + ProcessHandle.current().pid();
    private final List<Path> made = new ArrayList<>();

    @BeforeEach
    void makeHosts() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(run("ip", "netns", "add", mark + "x") == 0, "this system makes no network namespaces (ip netns)");
        assertEquals(0, run("ip", "netns", "del", mark + "x"));
        assumeTrue(run("ip", "link", "add", mark, "type", "bridge") == 0, "this system makes no bridges (ip link)");
        make(STORAGE);
        must("ip", "addr", "add", "10.213.77.254/24", "dev", mark);
        must("ip", "link", "set", mark, "up");
        for (int i = 1; i <= SIZE; i++) {
            makeHost(i);
        }
    }

    private void makeHost(final int number) throws IOException, InterruptedException {
        final String host = mark + number;
        final String inside = mark + "i" + number;
        final String outside = mark + "o" + number;
        must("ip", "netns", "add", host);
        must("ip", "link", "add", outside, "type", "veth", "peer", "name", inside);
        must("ip", "link", "set", outside, "master", mark, "up");
        must("ip", "link", "set", inside, "netns", host);
        must("ip", "-n", host, "addr", "add", address(number) + "/24", "dev", inside);
        must("ip", "-n", host, "link", "set", inside, "up");
        must("ip", "-n", host, "link", "set", "lo", "up");
        final Path etc = Path.of("/etc/netns", host);
        make(etc);
        final Path hosts = etc.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 localhost\n%s host_a\n%s host_b\n%s host_c\n"
                .formatted(address(1), address(2), address(3)));
        made.add(hosts);
    }

    private static String address(final int number) {
        return "10.213.77." + number;
    }

    /** Makes what is missing of the path, and notes it for the end. */
    private void make(final Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            make(path.getParent());
            Files.createDirectory(path);
            made.add(path);
        }
    }

    @AfterEach
    void removeHosts() throws IOException, InterruptedException {
        for (int i = 1; i <= SIZE; i++) {
            run("ip", "link", "del", mark + "o" + i);
            run("ip", "netns", "del", mark + i);
        }
        run("ip", "link", "del", mark);
        for (final Path path : made.reversed()) {
            Files.delete(path);
        }
    }

    @Test
    @Timeout(600)
    void seedsAsWrittenSurviveTheirLossesOnThreeHosts() throws Exception {
        final List<ServerNode> nodes = new ArrayList<>();
        for (int i = 1; i <= SIZE; i++) {
            nodes.add(node(i));
        }
        try (Cluster cluster = new Cluster(nodes)) {
            new Mission(cluster, Optional.empty()).walk();
        }
    }

    private ServerNode node(final int number) throws IOException {
        final String name = "n" + number + "-c1";
        final Path store = Files.createDirectories(directory.resolve(name));
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", mark + number, "unshare", "-m",
                "sh", "-c", "mount --bind \"$0\" " + STORAGE + " && exec \"$@\"", store.toString()));
        command.addAll(ServerNode.program());
        command.addAll(List.of("-c", SEEDS.resolve(name + ".conf").toAbsolutePath().toString(), "-m", "8222"));
        return new ServerNode(name, address(number), SEED_PORTS, directory.resolve(name + ".log"), command);
    }

    private void must(final String... command) throws IOException, InterruptedException {
        assertEquals(0, run(command), () -> String.join(" ", Arrays.asList(command)));
    }

    /** The exit code; -1 where there is no such program. */
    private int run(final String... command) throws InterruptedException {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("ip.log").toFile()).start();
            return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (final IOException e) {
            return -1;
        }
    }
}
