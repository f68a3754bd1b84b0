package jetstream.benchmarks.scale;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One cluster of three servers, from its first start to its end, with one number of groups. */
final class ScaleRun implements AutoCloseable {
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long WHOLE_NS = TimeUnit.SECONDS.toNanos(300);
    private static final long SETTLE_MS = 10_000;
    private static final long LOOK_MS = 20;
    private static final double NS = 1e9;

    private final ScaleOptions options;
    private final int groups;
    private final List<TestServer> servers = new ArrayList<>();
    private final Map<String, String> figures = new LinkedHashMap<>();

    ScaleRun(final ScaleOptions options, final int groups) throws IOException {
        this.options = options;
        this.groups = groups;
        delete(options.directory());
        final int[] ports = freePorts();
        for (int i = 0; i < TestServer.SERVERS; i++) {
            final TestServer server = new TestServer(i, options.program(), options.directory(), ports);
            server.configure(ports, options.settings());
            servers.add(server);
        }
    }

    /** @return name of each figure and its value, in the order in which they were taken */
    Map<String, String> run() throws IOException, InterruptedException {
        for (final TestServer server : servers) {
            server.start();
        }
        await("the cluster is ready", READY_NS, () -> servers.stream().allMatch(TestServer::isHealthy)
                && servers.stream().anyMatch(this::answersApi));
        Thread.sleep(2_000);
        final long[] emptyHeap = heaps();
        create();
        idle();
        memory(emptyHeap);
        if (options.restarts()) {
            final TestServer killed = servers.get(2);
            restart(killed, "kill -9", killed::kill);
            Thread.sleep(2_000);
            final TestServer stopped = servers.get(1);          // which leads groups, as the other one does no more
            restart(stopped, "SIGTERM", stopped::terminate);
            figure("idle CPU after restarts, % of a core, all three", "%.1f", idlePercent());
        }
        return figures;
    }

    @Override
    public void close() throws IOException {
        for (final TestServer server : servers) {
            end(server);
        }
        if (!options.keep()) {
            for (final TestServer server : servers) {
                delete(server.store());
            }
        }
    }

    private static void end(final TestServer server) {
        try {
            server.end();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void create() throws IOException {
        try (ApiConnection api = new ApiConnection(servers.getFirst().clientPort)) {
            final double cpuBefore = cpuSeconds();
            final long startNs = System.nanoTime();
            final ApiConnection.Answers answers = api.ask(groups, options.window(),
                    i -> "$JS.API.STREAM.CREATE.G" + i, i -> "{\"name\":\"G" + i + "\",\"subjects\":[\"g." + i
                            + "\"],\"storage\":\"file\",\"retention\":\"limits\",\"num_replicas\":" + options.replicas()
                            + "}");
            final double seconds = (System.nanoTime() - startNs) / NS;
            figure("created per second", "%.0f", answers.good() / seconds);
            if (answers.refused() > 0) {
                figure("refused", "%s", answers.refused() + " (" + answers.firstRefusal() + ")");
            }
            if (answers.askedAgain() > 0) {
                figure("asked again after 10 s without an answer", "%d", answers.askedAgain());
            }
            awaitWhole(answers.good());
            figure("all led and current, s after the first request", "%.1f", (System.nanoTime() - startNs) / NS);
            figure("CPU of the servers until then, ms per group", "%.2f", (cpuSeconds() - cpuBefore) * 1e3 / groups);
        }
    }

    private void idle() throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MS);
        figure("idle CPU, % of a core, all three", "%.1f", idlePercent());
    }

    private double idlePercent() throws IOException, InterruptedException {
        final double before = cpuSeconds();
        final long startNs = System.nanoTime();
        TimeUnit.SECONDS.sleep(options.idleSeconds());
        return (cpuSeconds() - before) * 100 / ((System.nanoTime() - startNs) / NS);
    }

    private void memory(final long[] emptyHeap) throws IOException, InterruptedException {
        final StringBuilder resident = new StringBuilder();
        final StringBuilder threads = new StringBuilder();
        final StringBuilder descriptors = new StringBuilder();
        final StringBuilder files = new StringBuilder();
        final StringBuilder bytes = new StringBuilder();
        for (final TestServer server : servers) {
            resident.append(ServerFigures.residentBytes(server.pid()) >> 20).append(' ');
            threads.append(ServerFigures.threads(server.pid())).append(' ');
            descriptors.append(ServerFigures.descriptors(server.pid())).append(' ');
            final ServerFigures.Disk disk = ServerFigures.Disk.of(server.store());
            files.append(disk.files()).append(' ');
            bytes.append(disk.bytes() >> 20).append(' ');
        }
        figure("RSS, MiB", "%s", resident);
        figure("threads", "%s", threads);
        figure("open descriptors", "%s", descriptors);
        figure("files in the store", "%s", files);
        figure("length of these files, MiB", "%s", bytes);
        final long[] fullHeap = heaps();
        final StringBuilder perGroup = new StringBuilder();
        for (int i = 0; i < fullHeap.length; i++) {
            perGroup.append(fullHeap[i] < 0
                    ? "- "
                    : "%.1f ".formatted((fullHeap[i] - emptyHeap[i]) / 1024.0 / groups));
        }
        figure("heap per group, KiB", "%s", perGroup);
    }

    private long[] heaps() throws IOException, InterruptedException {
        final long[] heaps = new long[servers.size()];
        for (int i = 0; i < heaps.length; i++) {
            heaps[i] = ServerFigures.liveHeapBytes(servers.get(i).pid());
        }
        return heaps;
    }

    /** How a server is ended. */
    private interface End {
        void end() throws IOException, InterruptedException;
    }

    private void restart(final TestServer server, final String how, final End end)
            throws IOException, InterruptedException {
        final int ledBefore = look(server.name()).ledBySuspect();
        final long endNs = System.nanoTime();
        end.end();
        figure(how + ": process gone, s", "%.2f", (System.nanoTime() - endNs) / NS);
        await("others lead its " + ledBefore + " groups", WHOLE_NS, () -> othersLead(server));
        figure(how + ": others lead its groups, s", "%s",
                "%.2f (%d)".formatted((System.nanoTime() - endNs) / NS, ledBefore));
        final long startNs = System.nanoTime();
        server.start();
        await(server.name() + " is healthy", WHOLE_NS, server::isHealthy);
        figure(how + ": restarted and healthy, s", "%.2f", (System.nanoTime() - startNs) / NS);
        awaitWhole(groups);
        figure(how + ": all groups whole again, s after the restart", "%.2f", (System.nanoTime() - startNs) / NS);
        figure(how + ": CPU of the restarted server until then, s", "%.1f", ServerFigures.cpuSeconds(server.pid()));
    }

    private StreamLists look(final String suspect) {
        return StreamLists.of(servers.getFirst().clientPort, suspect);
    }

    private boolean othersLead(final TestServer server) {
        final StreamLists lists = look(server.name());
        return lists.led() == groups && lists.ledBySuspect() == 0;
    }

    private void awaitWhole(final int wanted) throws IOException {
        await("all groups are led and current", WHOLE_NS, () -> look("").isWhole(wanted, options.replicas()));
    }

    private boolean answersApi(final TestServer server) {
        try (ApiConnection api = new ApiConnection(server.clientPort)) {
            return api.ask("$JS.API.INFO", "").contains("\"streams\"");
        } catch (final IOException e) {
            return false;
        }
    }

    private void await(final String what, final long limitNs, final BooleanSupplier condition) throws IOException {
        final long deadlineNs = System.nanoTime() + limitNs;
        while (!condition.getAsBoolean()) {
            for (final TestServer server : servers) {
                if (!server.isAlive() && server.shallLive()) {
                    throw new IOException(server.name() + " has ended; the end of its log:\n" + server.log());
                }
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("it did not become true that " + what);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MS);
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private double cpuSeconds() throws IOException {
        double seconds = 0;
        for (final TestServer server : servers) {
            seconds += ServerFigures.cpuSeconds(server.pid());
        }
        return seconds;
    }

    private void figure(final String name, final String format, final Object value) {
        final String text = format.formatted(value).strip();
        figures.put(name, text);
        System.out.println("  " + name + ": " + text);
    }

    private static int[] freePorts() throws IOException {
        final int[] ports = new int[3 * TestServer.SERVERS];
        final List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            ports[i] = socket.getLocalPort();
        }
        for (final ServerSocket socket : held) {
            socket.close();
        }
        return ports;
    }

    private static void delete(final Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
