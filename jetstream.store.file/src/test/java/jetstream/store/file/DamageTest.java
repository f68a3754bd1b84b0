package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import jetstream.api.GroupId;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.StoreScript;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is damaged, and how: the store opens, serves nothing that is not what was written, and can be used, so that
 * the groups can fetch what is lost.
 */
final class DamageTest {
    private static final int SECTOR = 512;
    private static final int SEEDS = Integer.getInteger("damage.seeds", 150);
    private static final long TAG = 0x1234567890abcdefL;
    private static final long STEP_NS = 1_100_000_000;

    private final List<String> warnings = new ArrayList<>();
    private long nowNs = 1_000_000 * STEP_NS;

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "compression"})
    void storeOpensWhateverIsDamaged(final String feature) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            final List<String> damages = new ArrayList<>();
            try {
                run(seed, settings(feature), damages);
            } catch (final IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + damages, e);
            }
        }
    }

    private static Map<String, String> settings(final String feature) {
        final Map<String, String> common = Map.of("segment_length", "4096", "spare_segments", "2",
                "inline_checkpoint_max", "1000", "min_free", "0", "garbage_max_percent", "5", "scrub_rate",
                "1000000000");
        final Map<String, String> all = new HashMap<>(common);
        switch (feature) {
            case "key" -> all.putAll(Map.of("key", "a key", "key_iterations", "1000"));
            case "compression" -> all.put("compression", "s2");
            default -> assertEquals("", feature);
        }
        return all;
    }

    private void run(final long seed, final Map<String, String> settings, final List<String> damages)
            throws IOException {
        final Random random = new Random(seed);
        SimulatedDisk disk = new SimulatedDisk(random, Long.MAX_VALUE);
        final StoreScript script = new StoreScript(seed);
        FileStore store = open(disk, settings);
        script.run(store, 60 + random.nextInt(120));
        if (random.nextBoolean()) {
            store.close();
        } else {
            store.force(store.ticket());
        }
        for (int round = 0; round < 3; round++) {
            disk = disk.restart(SimulatedDisk.Loss.NONE, Long.MAX_VALUE);
            damageSome(disk, random, damages);
            store = open(disk, settings);
            if (round == 0) {
                script.countDamages(store);
            }
            use(store, random);
        }
    }

    private static void damageSome(final SimulatedDisk disk, final Random random, final List<String> damages) {
        // Without it and the end of the log nobody can know that there was more.
        if (random.nextInt(10) == 0 && disk.files().contains("FORCED")) {
            damages.add(damage(disk, "FORCED", random));
            return;
        }
        for (int i = 0; i <= random.nextInt(4); i++) {
            final String hit = pick(disk, random);
            damages.add(damage(disk, hit, random));
            // What both a segment and its index have lost is found in neither.
            final String other = hit.replace(".idx", ".seg");
            if (!other.equals(hit) && random.nextInt(4) > 0 && disk.files().contains(other)) {
                damages.add(damage(disk, other, random));
            }
        }
    }

    private static String pick(final SimulatedDisk disk, final Random random) {
        final List<String> names = new ArrayList<>(disk.files());
        names.removeIf(name -> name.equals("KEYS") || name.equals("FORCED") || name.startsWith("quarantine")
                || disk.bytes(name).length == 0);
        return names.get(random.nextInt(names.size()));
    }

    private static String damage(final SimulatedDisk disk, final String name, final Random random) {
        final byte[] bytes = disk.bytes(name);
        int used = bytes.length;
        while (used > 1 && bytes[used - 1] == 0) {
            used--;
        }
        final int from = random.nextInt(used) / SECTOR * SECTOR;
        final int length = Math.min(SECTOR, bytes.length - from);
        final int kind = random.nextInt(7);
        switch (kind) {
            case 0, 1 -> disk.flipBit(Pattern.quote(name), random.nextInt(used), random.nextInt(8));
            case 2 -> Arrays.fill(bytes, from, from + length, (byte) 0);
            case 3 -> {
                final byte[] other = disk.bytes(pick(disk, random));
                final int at = random.nextInt(other.length) / SECTOR * SECTOR;
                System.arraycopy(other, at, bytes, from, Math.min(length, other.length - at));
            }
            case 4 -> Arrays.fill(bytes, from, bytes.length, (byte) 0);
            case 5 -> disk.cut(name, random.nextInt(bytes.length));
            default -> disk.cut(name, 0);
        }
        return "kind " + kind + " in " + name + " sector " + from / SECTOR;
    }

    /** As the groups of a node do, which were told what they lost, or not. */
    private void use(final FileStore store, final Random random) {
        care(store);
        for (final GroupId id : List.copyOf(store.groups())) {
            final GroupLog log = store.open(id);
            readAll(log);
            store.checkpoints().latest(id);
            store.ballots().load(id);
            final long middle = (log.firstHistoryIndex() + log.lastIndex()) / 2;
            switch (random.nextInt(6)) {
                case 0 -> log.free(random.nextLong(log.lastIndex() + 1), log.lastIndex());
                case 1 -> store.delete(id);
                case 2 -> log.reset(log.lastIndex() + 5, 1_000);
                case 3 -> discard(log, middle);
                case 4 -> truncate(log, middle);
                default -> log.append(TestEntries.batch(id, log.lastIndex() + 1, 3, 1_000));
            }
            care(store);
        }
        store.verify();
    }

    private static void truncate(final GroupLog log, final long index) {
        if (index >= log.firstHistoryIndex()) {
            log.truncateFrom(index);
        }
    }

    private static void discard(final GroupLog log, final long index) {
        if (index >= log.firstHistoryIndex() && index <= log.lastIndex()) {
            log.discardHistory(index);
        }
    }

    private static void readAll(final GroupLog log) {
        for (long index = log.firstHistoryIndex(); index <= log.lastIndex(); index++) {
            try {
                log.termAt(index);
            } catch (final StoreException.Corrupt e) {
                continue;                           // it says so
            }
        }
    }

    private void care(final FileStore store) {
        for (int i = 0; i < 20; i++) {
            nowNs += STEP_NS;
            store.doWork(nowNs);
            store.force(store.ticket());
        }
    }

    private FileStore open(final SimulatedDisk disk, final Map<String, String> settings) throws IOException {
        final StoreHealth health = new StoreHealth((warning, text) -> warnings.add(text));
        return FileStore.open(FileStoreConfig.of(new StoreContext(null, "n1", settings, health.log)), disk, TAG,
                health, Housekeeper.onCaller());
    }
}
