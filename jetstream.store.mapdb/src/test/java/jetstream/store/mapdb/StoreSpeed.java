package jetstream.store.mapdb;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import jetstream.api.GroupId;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.TestEntries;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/** Measures append, ticket and force, beside MapDB's own put and commit. Argument: a directory on the disk. */
final class StoreSpeed {
    private static final int BODY_LENGTH = 256;
    private static final int ROUNDS = 1_000;

    private StoreSpeed() {
    }

    public static void main(final String[] arguments) throws IOException {
        for (final int count : new int[] {1, 10, 100, 1_000}) {
            final Path directory = Files.createTempDirectory(Path.of(arguments[0]), "speed");
            report("store, entries per force " + count, count, store(directory.resolve("s"), count));
            report("MapDB's own put and commit, " + count, count, own(directory.resolve("own.db").toFile(), count));
            delete(directory);
        }
    }

    private static long[] store(final Path directory, final int count) {
        final GroupId group = GroupId.ofAssignment(1, false);
        final long[] times = new long[rounds(count)];
        try (Store store = new MapDbStoreProvider().open(
                new StoreContext(directory, "n1", Map.of(), (warning, text) -> System.out.println(text)))) {
            final GroupLog log = store.open(group);
            for (int round = 0; round < times.length; round++) {
                final long startNs = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    log.append(TestEntries.ofLength(group, log.lastIndex() + 1, 1, BODY_LENGTH));
                }
                store.force(store.ticket());
                times[round] = System.nanoTime() - startNs;
            }
        }
        return times;
    }

    private static long[] own(final File file, final int count) {
        final long[] times = new long[rounds(count)];
        try (DB db = DBMaker.fileDB(file).fileChannelEnable().transactionEnable().make()) {
            final HTreeMap<Long, byte[]> map =
                    db.hashMap("entries", Serializer.LONG, Serializer.BYTE_ARRAY).createOrOpen();
            long key = 0;
            for (int round = 0; round < times.length; round++) {
                final long startNs = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    map.put(key++, new byte[BODY_LENGTH]);
                }
                db.commit();
                times[round] = System.nanoTime() - startNs;
            }
        }
        return times;
    }

    private static int rounds(final int count) {
        return Math.max(50, ROUNDS / count);
    }

    private static void report(final String what, final int count, final long[] times) {
        final long total = Arrays.stream(times).sum();
        Arrays.sort(times);
        System.out.printf("%-40s p50 %,8d us  p99 %,8d us  %,8d entries/s%n", what, times[times.length / 2] / 1_000,
                times[times.length * 99 / 100] / 1_000, (long) count * times.length * 1_000_000_000L / total);
    }

    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
