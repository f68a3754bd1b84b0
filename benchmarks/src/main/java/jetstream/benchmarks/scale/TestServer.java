package jetstream.benchmarks.scale;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One server of the cluster: its files, its process, its monitoring pages. */
final class TestServer {
    private static final int PAGE_MS = 10_000;
    private static final long END_SECONDS = 120;
    private static final long GENTLE_SECONDS = 10;
    private static final int LOG_LINES = 20;

    final int index;
    final int clientPort;
    final int monitorPort;
    private final Path program;
    private final Path directory;
    private Process process;
    private boolean shallLive;

    TestServer(final int index, final Path program, final Path parent, final int[] ports) {
        this.index = index;
        this.program = program;
        this.directory = parent.resolve(name());
        this.clientPort = ports[index];
        this.monitorPort = ports[SERVERS + index];
    }

    static final int SERVERS = 3;

    String name() {
        return "n" + (index + 1);
    }

    Path store() {
        return directory.resolve("store");
    }

    /** Writes the configuration: what any nats-server needs, and nothing that is not its default. */
    void configure(final int[] ports, final String settings) throws IOException {
        final StringBuilder routes = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            if (i != index) {
                routes.append(routes.isEmpty() ? "" : ", ").append("\"nats://127.0.0.1:")
                        .append(ports[2 * SERVERS + i]).append('"');
            }
        }
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("server.conf"), """
                server_name: %s
                listen: "127.0.0.1:%d"
                http: "127.0.0.1:%d"
                jetstream { store_dir: "%s", %s }
                cluster { name: scale, listen: "127.0.0.1:%d", routes: [%s] }
                """.formatted(name(), clientPort, monitorPort, store(), settings,
                ports[2 * SERVERS + index], routes));
    }

    void start() throws IOException {
        shallLive = true;
        process = new ProcessBuilder(program.toString(), "-c", directory.resolve("server.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile())).start();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether it was started and not ended from here. */
    boolean shallLive() {
        return shallLive;
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() throws InterruptedException {
        shallLive = false;
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** SIGTERM, and SIGKILL if it does not stop within ten seconds; returns when the process is gone. */
    void end() throws InterruptedException {
        shallLive = false;
        if (process != null) {
            process.destroy();
            process.waitFor(GENTLE_SECONDS, TimeUnit.SECONDS);
            kill();
        }
    }

    /** SIGTERM; returns when the process is gone. */
    void terminate() throws IOException, InterruptedException {
        shallLive = false;
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(name() + " does not stop");
        }
    }

    /** Whether {@code /healthz} says 200; false as long as nobody listens. */
    boolean isHealthy() {
        try {
            return page("/healthz").code == HttpURLConnection.HTTP_OK;
        } catch (final IOException e) {
            return false;
        }
    }

    /** A monitoring page. */
    record Page(int code, String text) {
    }

    Page page(final String path) throws IOException {
        final HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + monitorPort + path).toURL().openConnection();
        connection.setConnectTimeout(PAGE_MS);
        connection.setReadTimeout(PAGE_MS);
        final int code = connection.getResponseCode();
        try (InputStream in = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Page(code, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** The last lines of its log. */
    String log() throws IOException {
        final List<String> lines = Files.readAllLines(directory.resolve("log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
