package jetstream.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Batches of entries to a group's log, as a leader writes them, without and with the force behind each batch; reading
 * one record. Entries older than {@link #KEPT} are freed, so that a store is measured with its cleaning and a run needs
 * little room. The store lies below the working directory: start on the disk that is to be measured.
 */
public class LogBenchmark extends LayerBenchmark {
    private static final int KEPT = 20_000;

    /** Store plug-in. */
    @Param({"memory", "file"}) public String medium;

    /** Entries of one operation. */
    @Param({"1", "64"}) public int entries;

    /** Body of each entry in bytes. */
    @Param("256") public int bodyLength;

    private final EntryBatch batch = new EntryBatch(1 << 20);
    private final EntryView view = new EntryView();
    private Path directory;
    private Store store;
    private GroupId group;
    private GroupLog log;
    private long lastIndex;
    private long freedIndex;

    /** An empty store. */
    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "log-benchmark-");
        store = ServiceLoader.load(StoreProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(medium)).findFirst().orElseThrow()
                .open(new StoreContext(directory, "benchmark", Map.of(), (_, _) -> {}));
        group = GroupId.ofAssignment(1, "memory".equals(medium));
        log = store.open(group);
        appendOnly();
        store.force(store.ticket());
    }

    /** Leaves nothing behind. */
    @TearDown
    public void close() throws IOException {
        store.close();
        final List<Path> files;
        try (Stream<Path> below = Files.walk(directory)) {
            files = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path file : files) {
            Files.delete(file);
        }
    }

    /** Fills a batch, seals it, appends it; nothing is forced. */
    @Benchmark
    public long appendOnly() {
        batch.clear();
        for (int i = 0; i < entries; i++) {
            batch.begin((byte) 1, (byte) 0, lastIndex, bodyLength);
            batch.end(bodyLength);
        }
        batch.seal(group.value(), lastIndex + 1, 1);
        log.append(batch);
        lastIndex += entries;
        freeOld();
        return lastIndex;
    }

    /** The same, durable when it ends. */
    @Benchmark
    public long appendAndForce() {
        appendOnly();
        final long ticket = store.ticket();
        store.force(ticket);
        return ticket;
    }

    /** A view of the last record. */
    @Benchmark
    public boolean readRecord() {
        return log.record(lastIndex, view);
    }

    private void freeOld() {
        if (lastIndex - freedIndex >= 2 * KEPT) {
            final long throughIndex = lastIndex - KEPT;
            log.discardHistory(throughIndex);
            log.free(freedIndex + 1, throughIndex);
            freedIndex = throughIndex;
        }
        store.doWork(System.nanoTime());
    }
}
