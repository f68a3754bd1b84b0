package jetstream.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with JDKs that only print how they were called. */
@DisabledOnOs(OS.WINDOWS)
final class LauncherScriptTest {

    private static final Path SCRIPT = Path.of("..", "bin", "jetstream-server");

    @TempDir Path directory;

    private Path home;

    private record Outcome(int code, String text) {
    }

    @BeforeEach
    void unpack() throws IOException {
        home = directory.resolve("a distribution");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        executable(home.resolve("bin/jetstream-server"), Files.readString(SCRIPT));
    }

    private static void executable(final Path file, final String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(final String version) throws IOException {
        final Path jdk = directory.resolve("jdk " + version);
        Files.createDirectories(jdk.resolve("bin"));
        executable(jdk.resolve("bin/java"), "#!/bin/sh\necho \"java of " + version
                + "\"\nfor a in \"$@\"; do echo \"<$a>\"; done\nexit 7\n");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private Outcome run(final Path script, final Map<String, String> environment, final String... arguments)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(Arrays.asList(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("JETSTREAM_OPTS");
        builder.environment().remove("JETSTREAM_PLUGINS");
        builder.environment().putAll(environment);
        final Process process = builder.start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), text);
    }

    @Test
    void becomesTheJvmOfJavaHomeWithItsArgumentsUntouched() throws IOException, InterruptedException {
        final Outcome outcome = run(
                home.resolve("bin/jetstream-server"),
                Map.of("JAVA_HOME", jdk("25.0.3").toString(), "JETSTREAM_OPTS", "-Xmx64m -Dx=*"),
                "-c",
                "a file.conf",
                "--user",
                "");
        assertEquals(7, outcome.code());
        assertTrue(outcome.text().startsWith("java of 25.0.3\n"), outcome.text());
        assertTrue(outcome.text().contains("<-Xmx64m>\n<-Dx=*>\n"), outcome.text());
        assertTrue(outcome.text().contains("<-p>\n<" + home.toAbsolutePath() + "/lib>\n"), outcome.text());
        assertTrue(
                outcome.text().endsWith(
                        "<-m>\n<jetstream.server/jetstream.server.Main>\n<-c>\n<a file.conf>\n<--user>\n<>\n"),
                outcome.text());
        assertFalse(outcome.text().contains("AOTCache"), outcome.text());
    }

    @Test
    void cacheIsUsedIfItIsThere() throws IOException, InterruptedException {
        Files.createFile(home.resolve("lib/jetstream.aot"));
        final Outcome outcome =
                run(home.resolve("bin/jetstream-server"), Map.of("JAVA_HOME", jdk("26").toString()));
        assertTrue(
                outcome.text().contains("<-XX:AOTCache=" + home.toAbsolutePath() + "/lib/jetstream.aot>"),
                outcome.text());
    }

    @Test
    void worksThroughChainsOfLinksAndTellsTheNameItWasCalledBy() throws IOException, InterruptedException {
        final Path links = Files.createDirectory(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("one"), Path.of("../a distribution/bin/jetstream-server"));
        Files.createSymbolicLink(links.resolve("nats-server"), Path.of("one"));
        final Outcome outcome = run(links.resolve("nats-server"), Map.of("JAVA_HOME", jdk("25").toString()));
        assertTrue(outcome.text().contains("<-Djetstream.executable=nats-server>"), outcome.text());
        assertTrue(outcome.text().contains("a distribution/lib>"), outcome.text());
    }

    @Test
    void olderJavaHomeIsPassedOverForTheJavaOnPath() throws IOException, InterruptedException {
        final String path = jdk("31-ea") + "/bin:" + System.getenv("PATH");
        final Outcome outcome = run(
                home.resolve("bin/jetstream-server"), Map.of("JAVA_HOME", jdk("17.0.1").toString(), "PATH", path));
        assertTrue(outcome.text().startsWith("java of 31-ea\n"), outcome.text());
    }

    @Test
    void jdkOfTheCacheIsTakenBeforeTheJavaOnPathButAfterJavaHome() throws IOException, InterruptedException {
        final String path = jdk("31-ea") + "/bin:" + System.getenv("PATH");
        Files.writeString(home.resolve("lib/jetstream.jdk"), jdk("25.0.9") + "\n");
        final Path script = home.resolve("bin/jetstream-server");
        assertTrue(run(script, Map.of("PATH", path)).text().startsWith("java of 25.0.9\n"));
        assertTrue(run(script, Map.of("PATH", path, "JAVA_HOME", jdk("26").toString())).text()
                .startsWith("java of 26\n"));
        Files.writeString(home.resolve("lib/jetstream.jdk"), "/nowhere\n");
        assertTrue(run(script, Map.of("PATH", path)).text().startsWith("java of 31-ea\n"), "a JDK that has gone");
    }

    @Test
    void withoutARecentJdkOneLineNamesWhatWasFound() throws IOException, InterruptedException {
        executable(
                home.resolve("bin/jetstream-server"),
                Files.readString(SCRIPT).replace("needed=25", "needed=999"));
        final Outcome outcome =
                run(home.resolve("bin/jetstream-server"), Map.of("JAVA_HOME", jdk("21.0.2").toString()));
        assertEquals(1, outcome.code());
        assertEquals(1, outcome.text().lines().count(), outcome.text());
        assertTrue(outcome.text().contains("a JDK 999 or newer is needed; found: 21.0.2 ("), outcome.text());
    }

    @Test
    void withoutLibrariesOneLineSaysWhatToDo() throws IOException, InterruptedException {
        Files.delete(home.resolve("lib"));
        final Outcome outcome = run(home.resolve("bin/jetstream-server"), Map.of());
        assertEquals(1, outcome.code());
        assertTrue(outcome.text().contains("no libraries in"), outcome.text());
    }

    @Test
    void pluginsArePutOnThePathWithTheOptionsThatTheyNeed() throws IOException, InterruptedException {
        Files.createFile(home.resolve("lib/jetstream.aot"));
        Files.createDirectories(home.resolve("plugins/mapdb"));
        Files.writeString(home.resolve("plugins/mapdb/jvm.options"), "-Done=1\n-Dtwo=2\n");
        final Path other = Files.createDirectories(directory.resolve("some where"));

        final Outcome outcome = run(home.resolve("bin/jetstream-server"),
                Map.of("JAVA_HOME", jdk("25").toString(), "JETSTREAM_PLUGINS", "mapdb:" + other));

        final String at = home.toAbsolutePath().toString();
        assertTrue(outcome.text().contains("<-p>\n<" + at + "/lib:" + at + "/plugins/mapdb:" + other + ">\n"),
                outcome.text());
        assertTrue(outcome.text().contains("<-Done=1>\n<-Dtwo=2>\n"), outcome.text());
        assertFalse(outcome.text().contains("AOTCache"), "the cache is of another path: " + outcome.text());
    }

    @Test
    void unknownPluginEndsTheStartNamingThoseThatAreThere() throws IOException, InterruptedException {
        Files.createDirectories(home.resolve("plugins/mapdb"));
        Files.createDirectories(home.resolve("plugins/rocks"));

        final Outcome outcome = run(home.resolve("bin/jetstream-server"),
                Map.of("JAVA_HOME", jdk("25").toString(), "JETSTREAM_PLUGINS", "mapbd"));

        assertEquals(1, outcome.code());
        assertTrue(outcome.text().contains("no plug-in mapbd") && outcome.text().contains("has: mapdb rocks"),
                outcome.text());
    }

    @Test
    void storeToolHasAllPluginsOnItsPath() throws IOException, InterruptedException {
        executable(home.resolve("bin/jetstream-store"), Files.readString(SCRIPT.resolveSibling("jetstream-store")));
        Files.createDirectories(home.resolve("plugins/mapdb"));

        final Outcome outcome = run(home.resolve("bin/jetstream-store"), Map.of("JAVA_HOME", jdk("25").toString()),
                "info", "a dir");

        assertTrue(outcome.text().contains("/plugins/mapdb/>"), outcome.text());
        assertTrue(outcome.text().endsWith("<-m>\n<jetstream.tools/jetstream.tools.StoreTool>\n<info>\n<a dir>\n"),
                outcome.text());
    }
}
