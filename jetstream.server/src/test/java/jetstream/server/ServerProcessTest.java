package jetstream.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jetstream.server.launch.LaunchLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs main in a JVM of its own and looks at what launchers look at: lines, files, exit codes. */
final class ServerProcessTest {

    private static final long DEADLINE_SECONDS = 30;

    @TempDir Path directory;

    private final List<Process> started = new ArrayList<>();

    private Process start(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "jetstream.server.Main"));
        command.addAll(Arrays.asList(arguments));
        final Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        started.add(process);
        return process;
    }

    /** All jars and directories of this test's own JVM, whichever path they are on. */
    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path")
                .map(name -> System.getProperty(name, ""))
                .filter(path -> !path.isEmpty())
                .reduce((first, second) -> first + java.io.File.pathSeparator + second)
                .orElseThrow();
    }

    @AfterEach
    void stopWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    private void await(final Process process, final String line) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!log().contains(line)) {
            assertTrue(process.isAlive(), log());
            assertTrue(System.nanoTime() - deadlineNs < 0, log());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private int end(final Process process) throws InterruptedException, IOException {
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), log());
        return process.exitValue();
    }

    private void signal(final Process process, final String name) throws IOException, InterruptedException {
        final Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        assertEquals(0, kill.waitFor());
    }

    @Test
    void processWritesItsFilesCatchesItsSignalsAndEndsWithZero() throws IOException, InterruptedException {
        final Path conf = Files.writeString(
                directory.resolve("x.conf"),
                "listen: \"127.0.0.1:-1\"\nserver_name: n1\nauthorization { user: a, password: b }\n"
                        + "websocket { listen: \"127.0.0.1:-1\", no_tls: true }\n");
        final Process process = start(
                "-c", conf.toString(), "-P", directory.resolve("pid").toString(), "--ports_file_dir", "" + directory);
        await(process, LaunchLines.READY);
        final Path ports = directory.resolve("nats-server_" + process.pid() + ".ports");
        awaitFile(ports);
        final String written = Files.readString(ports);
        assertTrue(
                written.matches("\\{\"nats\":\\[\"nats://127.0.0.1:\\d+\"],\"websocket\":\\[\"ws://127.0.0.1:\\d+\"]}"),
                written);
        assertEquals(String.valueOf(process.pid()), Files.readString(directory.resolve("pid")));
        assertTrue(log().contains("[WRN] " + LaunchLines.PLAINTEXT_PASSWORDS), log());
        assertTrue(log().matches("(?s).*Using configuration file: \\S+x.conf \\(sha256:[0-9a-f]{64}\\).*"), log());

        signal(process, "USR1");
        await(process, LaunchLines.LOG_REOPEN_IGNORED);
        signal(process, "HUP");
        await(process, "[INF] Reloaded server configuration (sha256:");
        Files.writeString(conf, "listen: \"127.0.0.1:-1\"\nserver_name: other\n");
        signal(process, "HUP");
        await(process, "[ERR] Failed to reload server configuration: config reload not supported for Identity");
        signal(process, "TERM");

        assertEquals(0, end(process));
        assertTrue(log().contains("Trapped \"terminated\" signal"), log());
        assertTrue(log().stripTrailing().endsWith(LaunchLines.EXITING), log());
        assertFalse(Files.exists(ports));
        assertTrue(Files.exists(directory.resolve("pid")));
    }

    private static void awaitFile(final Path file) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!Files.exists(file)) {
            assertTrue(System.nanoTime() - deadlineNs < 0, file.toString());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void occupiedPortIsOneFatalLineInTheReferencesWords() throws IOException, InterruptedException {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final String address = "127.0.0.1:" + occupied.getLocalPort();
            final Process process = start("-a", "127.0.0.1", "-p", String.valueOf(occupied.getLocalPort()));
            assertEquals(1, end(process));
            assertTrue(
                    log().stripTrailing().endsWith("[FTL] Error listening on port: " + address + ", \"listen tcp "
                            + address + ": bind: address already in use\""),
                    log());
        }
    }

    @Test
    void pidFileThatCanNotBeWrittenIsFatal() throws IOException, InterruptedException {
        final Process process = start("-a", "127.0.0.1", "-p", "-1", "-P", "/nonexistent/pid");
        assertEquals(1, end(process));
        assertTrue(
                log().contains("[FTL] could not write pidfile: open /nonexistent/pid: no such file or directory"),
                log());
    }

    @Test
    void logFileThatCanNotBeOpenedEndsTheProcess() throws IOException, InterruptedException {
        final Process process = start("-l", "/nonexistent/log");
        assertEquals(1, end(process));
        assertTrue(log().startsWith("error opening file: "), log());
    }
}
