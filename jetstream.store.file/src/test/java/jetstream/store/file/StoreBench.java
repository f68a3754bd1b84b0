package jetstream.store.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.TestEntries;

/** A store with small segments on a simulated disk, and the care it gets. Owner: one test. */
final class StoreBench {
    private static final long STEP_NS = 50_000_000;
    private static final long TAG = 77;

    final List<String> warnings = new ArrayList<>();
    /** Group and index of each entry that the store told its owner is damaged. */
    final Set<String> told = new TreeSet<>();
    SimulatedDisk disk = new SimulatedDisk(new Random(1), Long.MAX_VALUE);
    FileStore store;
    private final Map<String, String> settings = new HashMap<>(
            Map.of("segment_length", "16384", "spare_segments", "2", "min_free", "0", "low_room", "0"));
    private long nowNs = 1;

    StoreBench with(final String key, final String value) {
        settings.put(key, value);
        return this;
    }

    StoreBench without(final String key) {
        settings.remove(key);
        return this;
    }

    StoreBench open() throws IOException {
        final StoreHealth health = new StoreHealth((warning, text) -> {
            if (warning) {
                warnings.add(text);
            }
        }, (group, index) -> told.add(group + " " + index));
        final FileStoreConfig config = FileStoreConfig.of(new StoreContext(null, "n1", settings, health.log));
        store = FileStore.open(config, disk, TAG, health, Housekeeper.onCaller());
        return this;
    }

    /** The process is killed and started again. */
    StoreBench kill() throws IOException {
        crash();
        return open();
    }

    /** The process is killed; what the disk holds may be damaged before {@link #open}. */
    void crash() {
        disk = disk.restart(SimulatedDisk.Loss.NONE, Long.MAX_VALUE);
    }

    /** Appends that many entries of term 1, forcing after each pair. */
    void append(final GroupId group, final int count) {
        final GroupLog log = store.open(group);
        for (int i = 0; i < count; i += 2) {
            log.append(TestEntries.batch(group, log.lastIndex() + 1, 2, 1));
            force();
        }
    }

    void force() {
        store.force(store.ticket());
    }

    /** Lets the store take care of itself for a time, as duty cycles do. */
    void care(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            nowNs += STEP_NS;
            store.doWork(nowNs);
            force();
        }
    }

    List<Segment> sealed() {
        final List<Segment> sealed = new ArrayList<>();
        for (final Segment segment : store.segments().snapshot()) {
            if (segment.isSealed) {
                sealed.add(segment);
            }
        }
        return sealed;
    }
}
