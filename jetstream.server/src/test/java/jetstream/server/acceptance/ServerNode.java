package jetstream.server.acceptance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One server process of a test: where it listens, what starts it, and its life. The process is a JVM on this JVM's own
 * classes, or the program that the system property {@code acceptance.server} names.
 *
 * <p>Owner: one thread at a time.
 */
public final class ServerNode {
    private static final long STOP_SECONDS = 30;

    static {
        // A run that is broken off takes its servers along.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(
                () -> ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly)));
    }

    private final String name;
    private final String host;
    private final Ports ports;
    private final Path log;
    private final List<String> command;
    private Process process;
    private boolean isEndWanted;

    public ServerNode(final String name, final String host, final Ports ports, final Path log,
            final List<String> command) {
        this.name = name;
        this.host = host;
        this.ports = ports;
        this.log = log;
        this.command = List.copyOf(command);
    }

    /** A node on this machine with that configuration file; its log lies beside the file. */
    public static ServerNode local(final String name, final Ports ports, final Path configuration) {
        final List<String> command = program();
        command.addAll(List.of("-c", configuration.toString()));
        return new ServerNode(name, "127.0.0.1", ports, configuration.resolveSibling(name + ".log"), command);
    }

    /** The same server, not yet started, with another command around or in place of its own. */
    public ServerNode started(final UnaryOperator<List<String>> by) {
        return new ServerNode(name, host, ports, log, by.apply(command));
    }

    /** Whether it may be a program that is not ours. */
    public static boolean isForeign() {
        return !named().isEmpty() && !named().endsWith("jetstream-server");
    }

    private static String named() {
        return System.getProperty("acceptance.server", "");
    }

    /** What starts a server; its arguments are to be added. */
    public static List<String> program() {
        final String server = named();
        if (!server.isEmpty()) {
            return new ArrayList<>(List.of(Path.of(server).toAbsolutePath().toString()));
        }
        return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m",
                "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp", classPath(), "jetstream.server.Main"));
    }

    /** All jars and directories of this JVM, whichever path they are on, without the tests' settings for logging. */
    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .flatMap(key -> Stream.of(System.getProperty(key, "").split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty() && !entry.endsWith("test-classes"))
                .distinct()
                .reduce((first, second) -> first + File.pathSeparator + second)
                .orElseThrow();
    }

    public String name() {
        return name;
    }

    public Ports ports() {
        return ports;
    }

    public String clientUrl() {
        return "nats://" + host + ":" + ports.client();
    }

    public Monitor monitor() {
        return new Monitor(host, ports.monitor());
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** True if the process ended although nobody here ended it. */
    public boolean hasDied() {
        return process != null && !process.isAlive() && !isEndWanted;
    }

    public void start() {
        isEndWanted = false;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void awaitReady() {
        Await.until(() -> name + " is ready, its log:\n" + log(), () -> {
            if (!isAlive()) {
                throw new AssertionError(name + " has ended, its log:\n" + log());
            }
            return monitor().isHealthy();
        });
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill() {
        isEndWanted = !hasDied();
        process.destroyForcibly();
        exitCode();
    }

    /** SIGSTOP: the process stands still and knows nothing of it. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    public long pid() {
        return process.pid();
    }

    private void signal(final String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start().waitFor();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM, and SIGKILL if that was not enough. */
    public void stop() {
        if (!isAlive()) {
            return;
        }
        isEndWanted = true;
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of the process. */
    public int exitCode() {
        try {
            if (!process.waitFor(Await.GENEROUS.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(name + " did not end, its log:\n" + log());
            }
            return process.exitValue();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
