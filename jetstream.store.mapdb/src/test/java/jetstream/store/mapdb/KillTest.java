package jetstream.store.mapdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jetstream.api.entry.EntryBatch;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process is killed while it writes. */
final class KillTest {
    private static final int ROUNDS = 3;

    @TempDir private Path directory;

    @Test
    void forcedEntriesAreThereAfterKillDashNine() throws IOException, InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            final long[] forced = killAfter(200 + round * 37);
            final List<String> warnings = new ArrayList<>();
            final StoreContext context = new StoreContext(directory, "n1", KilledWriter.SETTINGS, (warning, text) -> {
                if (warning) {
                    warnings.add(text);
                }
            });
            try (Store store = new MapDbStoreProvider().open(context)) {
                for (int number = 0; number < KilledWriter.GROUPS; number++) {
                    final GroupLog log = store.open(KilledWriter.group(number));
                    assertTrue(log.lastIndex() >= forced[number], log.lastIndex() + " < " + forced[number]);
                    checkHistory(log, number);
                }
                assertEquals(List.of(), store.verify().damages());
                assertEquals(List.of(), warnings, "a kill is no damage");
            }
        }
    }

    private static void checkHistory(final GroupLog log, final int number) {
        final EntryBatch into = new EntryBatch(4096);
        for (long index = log.firstHistoryIndex(); index <= log.lastIndex(); index++) {
            assertEquals(1, log.read(index, 0, into));
            TestEntries.assertBytes(KilledWriter.group(number), index, 1, into.buffer(), into.offset());
        }
    }

    /** Returns what the process said last that it had forced. */
    private long[] killAfter(final int cycles) throws IOException, InterruptedException {
        final Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "-cp", classPath(), KilledWriter.class.getName(),
                directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String last = null;
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            for (int cycle = 0; cycle < cycles; cycle++) {
                final String line = lines.readLine();
                assertNotNull(line, "the writer ended by itself");
                last = line;
            }
        } finally {
            writer.destroyForcibly();
            assertTrue(writer.waitFor(30, TimeUnit.SECONDS), "killed process is gone");
        }
        final String[] numbers = last.trim().split(" ");
        final long[] forced = new long[numbers.length];
        for (int i = 0; i < forced.length; i++) {
            forced[i] = Long.parseLong(numbers[i]);
        }
        return forced;
    }

    /** Surefire's module path and class path: MapDB brings many libraries. */
    private static String classPath() {
        return String.join(File.pathSeparator, Path.of("target", "test-classes").toString(),
                System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path"));
    }
}
