package jetstream.server.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mission's walk with the unmodified nats-py client, which comes from its registry into {@code target}. Runs
 * where there is python3 with venv and the registry answers.
 */
@Timeout(600)
final class PythonMissionTest {
    private static final String CLIENT = "nats-py==2.15.0";
    private static final Path ENVIRONMENT = Path.of("target", "nats-py").toAbsolutePath();
    private static final Path PYTHON = ENVIRONMENT.resolve("bin").resolve("python");
    private static final Path WALK =
            Path.of("src", "test", "python", "acceptance", "walk_client.py").toAbsolutePath();
    private static final long LIMIT_SECONDS = 500;

    @TempDir Path directory;

    @BeforeEach
    void installClient() throws IOException, InterruptedException {
        if (Files.exists(PYTHON) && run(List.of(PYTHON.toString(), "-c", "import nats")) == 0) {
            return;
        }
        assumeTrue(run(List.of("python3", "-m", "venv", ENVIRONMENT.toString())) == 0, "no python3 with venv here");
        assumeTrue(run(List.of(PYTHON.toString(), "-m", "pip", "install", "--quiet", CLIENT)) == 0,
                "no registry gives " + CLIENT + " here");
    }

    @Test
    void pythonClientWalksTheClusterOfTheSeeds() throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(PYTHON.toString(), WALK.toString(), "--directory",
                Files.createDirectory(directory.resolve("walk")).toString(), "--"));
        command.addAll(ServerNode.program());
        final int exit = run(command);
        assertEquals(0, exit, this::printed);
    }

    /** The exit code; -1 where there is no such program or it does not end. */
    private int run(final List<String> command) throws InterruptedException {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(output().toFile()).start();
            final boolean hasEnded = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!hasEnded) {
                // SIGTERM would end the interpreter before it ends its servers; what they are is its own children.
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return hasEnded ? process.exitValue() : -1;
        } catch (final IOException e) {
            return -1;
        }
    }

    private Path output() {
        return directory.resolve("output.log");
    }

    private String printed() {
        try {
            return Files.readString(output());
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
