package jetstream.store.mapdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The module and its libraries start on a plain module path, with nothing resolved that the declaration does not name.
 */
final class ModulePathLaunchTest {
    private static final int START_LIMIT_SECONDS = 60;

    @TempDir Path directory;

    @Test
    void mapIsUsableWhereOnlyThisModuleIsResolved() throws IOException, InterruptedException {
        final Path output = directory.resolve("output");
        final Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "--enable-native-access=lz4",
                "--module-path", modulePath(),
                "--add-modules", "jetstream.store.mapdb",
                Path.of("src", "test", "launch", "InMemoryMap.java").toAbsolutePath().toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(START_LIMIT_SECONDS, TimeUnit.SECONDS), "not finished in time");
            final String text = Files.readString(output);
            assertEquals(0, process.exitValue(), text);
            assertTrue(text.contains("read 42"), text);
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Surefire's module path holds the libraries that are required by name; what is only needed at run time is beside
     * it.
     */
    private static String modulePath() {
        final String all =
                System.getProperty("jdk.module.path") + File.pathSeparator + System.getProperty("java.class.path");
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes") && !entry.contains("surefire")
                        && !entry.contains("junit"))
                .distinct().collect(Collectors.joining(File.pathSeparator));
    }
}
