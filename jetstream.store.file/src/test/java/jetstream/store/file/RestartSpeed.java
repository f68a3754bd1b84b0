package jetstream.store.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;

/**
 * Measures how long a store takes to open after a {@code kill -9}, and what it then holds in memory: {@code java -cp
 * <test class path> jetstream.store.file.RestartSpeed <directory> <megabytes> [<body length>]}. A second process
 * writes that much of live entries in ten groups and is killed while it goes on writing.
 */
final class RestartSpeed {
    private static final int GROUPS = 10;
    private static final int BATCH = 64;

    private RestartSpeed() {
    }

    public static void main(final String[] arguments) throws IOException, InterruptedException {
        final int bodyLength = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1024;
        if (arguments.length > 3) {
            write(Path.of(arguments[0]), Long.parseLong(arguments[1]) << 20, bodyLength);
            return;
        }
        final Path directory = Files.createTempDirectory(Path.of(arguments[0]), "restartspeed");
        try {
            final long entries = writeAndKill(directory, arguments[1], bodyLength);
            for (int round = 0; round < 3; round++) {
                measure(directory, entries, round);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static long writeAndKill(final Path directory, final String megabytes, final int bodyLength)
            throws IOException, InterruptedException {
        final Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                RestartSpeed.class.getName(), directory.toString(), megabytes, Integer.toString(bodyLength), "write")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            final String line = lines.readLine();
            if (line == null) {
                throw new IOException("the writer ended by itself");
            }
            return Long.parseLong(line);
        } finally {
            writer.destroyForcibly();
            writer.waitFor();
        }
    }

    private static void measure(final Path directory, final long entries, final int round) {
        final long start = System.nanoTime();
        final Store store = open(directory);
        final long opened = System.nanoTime();
        final GroupLog[] logs = new GroupLog[GROUPS];
        long found = 0;
        for (int i = 0; i < GROUPS; i++) {
            logs[i] = store.open(group(i));
            found += logs[i].lastIndex();
        }
        final long ready = System.nanoTime();
        System.gc();
        final long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        final Random random = new Random(round);
        final EntryView view = new EntryView();
        final long reads = System.nanoTime();
        int hits = 0;
        for (int i = 0; i < 1_000; i++) {
            final GroupLog log = logs[random.nextInt(GROUPS)];
            hits += log.record(1 + random.nextLong(log.lastIndex()), view) ? 1 : 0;
        }
        System.out.printf("%d of at least %d entries, %d MiB live: open %d ms, logs %d ms, heap %d MiB,"
                + " %d of 1000 random records in %d us each%n", found, entries, store.usage().liveBytes() >> 20,
                (opened - start) / 1_000_000, (ready - opened) / 1_000_000, heap >> 20, hits,
                (System.nanoTime() - reads) / 1_000_000);
        if (found < entries || hits < 1_000) {
            throw new IllegalStateException("entries are lost");
        }
        store.close();
    }

    private static void write(final Path directory, final long bytes, final int bodyLength) {
        final Store store = open(directory);
        final EntryBatch batch = new EntryBatch((bodyLength + 48) * BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.begin((byte) 16, (byte) 0, 1, bodyLength);
            batch.end(bodyLength);
        }
        long entries = 0;
        boolean isSaid = false;
        for (long cycle = 0;; cycle++) {
            final GroupLog log = store.open(group((int) (cycle % GROUPS)));
            batch.seal(group((int) (cycle % GROUPS)).value(), log.lastIndex() + 1, 1);
            log.append(batch);
            entries += BATCH;
            if (cycle % 64 == 0 || isSaid) {
                store.force(store.ticket());
            }
            store.doWork(System.nanoTime());
            if (!isSaid && entries * (bodyLength + 48L) > bytes) {
                store.force(store.ticket());
                System.out.println(entries);
                isSaid = true;
            }
        }
    }

    private static GroupId group(final int number) {
        return GroupId.ofAssignment(number + 1, false);
    }

    private static Store open(final Path directory) {
        return new FileStoreProvider().open(new StoreContext(directory, "n1", Map.of(), (warning, text) -> {
            if (warning) {
                System.err.println(text);
            }
        }));
    }
}
