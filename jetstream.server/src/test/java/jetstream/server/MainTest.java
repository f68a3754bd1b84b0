package jetstream.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the process says and returns when it does not run a server. */
final class MainTest {

    @TempDir Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(final String... arguments) {
        final Main main = new Main(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                config -> {
                    throw new AssertionError("no server is to be launched");
                });
        return main.run(arguments);
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String shown() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String conf(final String text) throws IOException {
        return Files.writeString(directory.resolve("x.conf"), text).toString();
    }

    @Test
    void versionIsOneLineOnStdout() {
        assertEquals(0, run("--version"));
        assertEquals("nats-server: v2.15.2\n", shown());
        assertEquals("", told());
    }

    @Test
    void helpIsOnStdout() {
        assertEquals(0, run("-h"));
        assertTrue(shown().startsWith("\nUsage: nats-server [options]\n"));
    }

    @Test
    void unknownFlagShowsTheUsageAndEndsWithZero() {
        assertEquals(0, run("-nope"));
        assertEquals("flag provided but not defined: -nope\n", told());
        assertTrue(shown().startsWith("\nUsage: nats-server [options]\n"));
    }

    @Test
    void unknownCommandEndsWithOne() {
        assertEquals(1, run("foo"));
        assertEquals("nats-server: unrecognized command: \"foo\"\n", told());
    }

    @Test
    void validFileIsNamedWithItsDigest() throws IOException {
        final String file = conf("port: 4222\n");
        assertEquals(0, run("-t", "-c", file));
        // The digest is what the reference prints for this file.
        assertEquals(
                "nats-server: configuration file " + file
                        + " is valid (sha256:DIGEST)\n".replace("DIGEST", PORT_4222_DIGEST),
                told());
    }

    private static final String PORT_4222_DIGEST = "797533ebd0dfba7d34a0f9337ecf147e442871f48ddfd07ed751575a5737267e";

    @Test
    void checkNeedsAFile() {
        assertEquals(1, run("-t"));
        assertEquals(
                "nats-server: must specify [-c, --config] option to check configuration file syntax\n", told());
    }

    @Test
    void allErrorsOfAFileAreListedOnceWithThePrefix() throws IOException {
        final String file = conf("max_payload: abc\nfoo: 1\nping_interval: 3\n");
        assertEquals(1, run("-t", "-c", file));
        assertEquals(3, told().lines().count());
        assertTrue(told().startsWith("nats-server: " + file + ":3:1: invalid use of field"), told());
        assertTrue(told().contains("\n" + file + ":2:1: unknown field \"foo\"\n"), told());
    }

    @Test
    void warningsFailTheCheck() throws IOException {
        assertEquals(1, run("-t", "-c", conf("ping_interval: 3\n")));
    }

    @Test
    void missingFileEndsWithOne() {
        assertEquals(1, run("-c", "nope.conf"));
        assertEquals("nats-server: open nope.conf: no such file or directory\n", told());
    }

    @Test
    void impossibleCombinationPassesTheCheckButNotTheStart() throws IOException {
        final String file = conf("max_payload: 2MB\nmax_pending: 1MB\n");
        assertEquals(0, run("-t", "-c", file));
        assertEquals(1, run("-c", file));
    }

    @Test
    void routesNeedACluster() {
        assertEquals(1, run("--routes", "nats://127.0.0.1:1"));
        assertEquals("nats-server: solicited routes require cluster capabilities, e.g. --cluster\n", told());
    }

    @Test
    void signalThatCanNotBeSentEndsWithOne() {
        assertEquals(1, run("--signal", "foo"));
        assertEquals("nats-server: unknown signal \"foo\"\n", told());
        err.reset();
        assertEquals(1, run("--signal", "reload=99999999"));
        assertEquals("\nsignal \"reload\" 99999999: no such process\n", told());
    }
}
