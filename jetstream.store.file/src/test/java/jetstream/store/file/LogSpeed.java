package jetstream.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;

/**
 * Measures the file store; prints one line per case. Run it on a quiet machine, in a directory of the disk in question:
 * {@code java -cp <test class path> jetstream.store.file.LogSpeed <directory>}.
 */
final class LogSpeed {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);

    private LogSpeed() {
    }

    public static void main(final String[] arguments) throws IOException, InterruptedException {
        final Path directory = Files.createTempDirectory(Path.of(arguments[0]), "logspeed");
        try {
            forced(directory.resolve("a"), 4 << 10, 1_500);
            forced(directory.resolve("a"), 200, 1_500);
            forced(directory.resolve("a"), 256 << 10, 300);
            throughput(directory.resolve("b"), false, 6);
            throughput(directory.resolve("b"), true, 6);
            reads(directory.resolve("b"));
            opening(directory.resolve("c"));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Store open(final Path directory) {
        return new FileStoreProvider().open(new StoreContext(directory, "n1", Map.of(), (warning, text) -> {
            if (warning) {
                System.out.println(text);
            }
        }));
    }

    private static EntryBatch entry(final int bodyLength, final int count) {
        final EntryBatch batch = new EntryBatch((bodyLength + 48) * count);
        for (int i = 0; i < count; i++) {
            batch.begin((byte) 16, (byte) 0, 1, bodyLength);
            batch.end(bodyLength);
        }
        return batch;
    }

    private static void forced(final Path directory, final int length, final int rounds) throws IOException {
        final long[] nanos = new long[rounds];
        final EntryBatch batch = entry(length, 1);
        final long before = written();
        try (Store store = open(directory)) {
            final GroupLog log = store.open(GROUP);
            for (int i = 0; i < rounds; i++) {
                batch.seal(GROUP.value(), log.lastIndex() + 1, 1);
                final long start = System.nanoTime();
                log.append(batch);
                store.force(store.ticket());
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf("append+force %d B: p50 %d us, p99 %d us, written/payload %.2f%n", length,
                nanos[rounds / 2] / 1000, nanos[rounds * 99 / 100] / 1000,
                (written() - before) / (double) ((long) length * rounds));
    }

    private static void throughput(final Path directory, final boolean recycles, final int seconds)
            throws IOException, InterruptedException {
        final EntryBatch batch = entry(256, 100);
        try (Store store = open(directory)) {
            final GroupLog log = store.open(GROUP);
            final long[] ticket = {0};
            final AtomicBoolean ends = new AtomicBoolean();
            final long[] forces = {0};
            final Thread forcer = new Thread(() -> {
                while (!ends.get()) {
                    final long wanted = ticketOf(ticket);
                    store.force(wanted);
                    forces[0]++;
                    LockSupport.parkNanos(1);
                }
            });
            forcer.start();
            final long before = written();
            final long start = System.nanoTime();
            final long first = log.lastIndex();
            long longest = 0;
            while (System.nanoTime() - start < seconds * 1_000_000_000L) {
                final long cycle = System.nanoTime();
                batch.seal(GROUP.value(), log.lastIndex() + 1, 1);
                log.append(batch);
                synchronized (ticket) {
                    ticket[0] = store.ticket();
                }
                if (recycles && log.lastIndex() % 100_000 == 0) {
                    log.free(1, log.lastIndex() - 100_000);
                    log.discardHistory(log.lastIndex() - 100_000);
                }
                store.doWork(cycle);
                longest = Math.max(longest, System.nanoTime() - cycle);
            }
            final long entries = log.lastIndex() - first;
            final double elapsed = (System.nanoTime() - start) / 1e9;
            ends.set(true);
            forcer.join();
            System.out.printf(
                    "append 256 B, batches of 100, forced beside%s: %.0f entries/s, %d forces/s, longest cycle %d us,"
                            + " written/payload %.2f%n",
                    recycles ? ", freed" : "", entries / elapsed,
                    (long) (forces[0] / elapsed), longest / 1000,
                    (written() - before) / (256.0 * entries));
        }
    }

    private static long ticketOf(final long[] ticket) {
        synchronized (ticket) {
            return ticket[0];
        }
    }

    private static void reads(final Path directory) {
        try (Store store = open(directory)) {
            final GroupLog log = store.open(GROUP);
            final EntryView view = new EntryView();
            final long first = log.firstHistoryIndex();
            for (int round = 0; round < 3; round++) {
                final long start = System.nanoTime();
                int count = 0;
                for (long index = first; index <= Math.min(log.lastIndex(), first + 99_999); index++) {
                    count += log.record(index, view) ? 1 : 0;
                }
                System.out.printf("record 256 B, in order: %d ns%n", (System.nanoTime() - start) / Math.max(1, count));
            }
        }
    }

    private static void opening(final Path directory) {
        for (int i = 0; i < 4; i++) {
            final long start = System.nanoTime();
            final Store store = open(directory);
            final long opened = System.nanoTime();
            store.open(GroupId.ofAssignment(i + 1, false));
            store.close();
            System.out.printf("open %d us, close %d us%n", (opened - start) / 1000,
                    (System.nanoTime() - opened) / 1000);
        }
    }

    /** Bytes that this process caused to be written to the medium. */
    private static long written() throws IOException {
        final List<String> lines = Files.readAllLines(Path.of("/proc/self/io"));
        for (final String line : lines) {
            if (line.startsWith("write_bytes:")) {
                return Long.parseLong(line.substring(line.indexOf(' ') + 1));
            }
        }
        return 0;
    }
}
