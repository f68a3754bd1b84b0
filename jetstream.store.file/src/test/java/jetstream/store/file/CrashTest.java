package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.StoreScript;
import org.junit.jupiter.api.Test;

/**
 * The process dies at every single call that changes the disk, in turn, and again in or soon after the recovery; what
 * was forced is there, the rest is a prefix. {@link CrashCampaign} does the same for as long as one likes.
 */
final class CrashTest {
    private static final int STEPS = 100;
    private static final long NEVER = Long.MAX_VALUE;
    private static final Map<String, String> PLAIN = Map.of("segment_length", "4096", "spare_segments", "2",
            "inline_checkpoint_max", "1000", "min_free", "0", "garbage_max_percent", "5");
    private static final Map<String, String> ENCRYPTED = Map.of("segment_length", "4096", "spare_segments", "2",
            "inline_checkpoint_max", "1000", "min_free", "0", "garbage_max_percent", "5", "key", "a key",
            "key_iterations", "1000");
    private static final Map<String, String> COMPRESSED = Map.of("segment_length", "4096", "spare_segments", "2",
            "inline_checkpoint_max", "1000", "min_free", "0", "garbage_max_percent", "5", "compression", "s2");
    private static final long TAG = 0x1234567890abcdefL;

    @Test
    void everythingForcedSurvivesAKillAtEveryCall() {
        for (long seed = 1; seed <= 1; seed++) {
            crashAtEveryCall(seed, SimulatedDisk.Loss.NONE);
        }
    }

    @Test
    void everythingForcedSurvivesALossOfAllUnforcedAtEveryCall() {
        for (long seed = 4; seed <= 4; seed++) {
            crashAtEveryCall(seed, SimulatedDisk.Loss.ALL);
        }
    }

    @Test
    void everythingForcedSurvivesALossOfSomeSectorsAtEveryCall() {
        for (long seed = 7; seed <= 7; seed++) {
            crashAtEveryCall(seed, SimulatedDisk.Loss.SOME);
        }
    }

    @Test
    void everythingForcedSurvivesInAnEncryptedStore() {
        crashAtEveryCall(11, SimulatedDisk.Loss.SOME, ENCRYPTED);
    }

    @Test
    void everythingForcedSurvivesInACompressedStore() {
        crashAtEveryCall(13, SimulatedDisk.Loss.SOME, COMPRESSED);
    }

    private static void crashAtEveryCall(final long seed, final SimulatedDisk.Loss loss) {
        crashAtEveryCall(seed, loss, PLAIN);
    }

    private static void crashAtEveryCall(final long seed, final SimulatedDisk.Loss loss,
            final Map<String, String> settings) {
        final SimulatedDisk whole = new SimulatedDisk(new Random(seed), NEVER);
        final FileStore store = open(whole, settings);
        new StoreScript(seed).run(store, STEPS);
        final long calls = whole.calls();
        assertTrue(store.cleaner().movedBytes() > 0, "the cleaner works");
        assertTrue(whole.files().stream().anyMatch(name -> name.endsWith(".idx")), "segments get indexes");
        assertTrue(!settings.containsKey("compression") || store.compressor().compressed() > 0, "segments shrink");
        assertTrue(calls > STEPS / 4, "the script reaches the disk: " + calls);
        // Blocks are encrypted where they are written, which the other tests go through call by call.
        final int stride = settings == ENCRYPTED ? 4 : 1;
        for (long call = 1; call <= calls; call += stride) {
            try {
                crashAt(seed, call, loss, settings);
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", crash at call " + call + " of " + calls + ", loss " + loss,
                        e);
            }
        }
    }

    /** Dies, recovers, goes on, dies in or after the recovery, recovers again. */
    static void crashAt(final long seed, final long call, final SimulatedDisk.Loss loss) {
        crashAt(seed, call, loss, PLAIN);
    }

    private static void crashAt(final long seed, final long call, final SimulatedDisk.Loss loss,
            final Map<String, String> settings) {
        final StoreScript script = new StoreScript(seed);
        final Random random = new Random(seed * 31 + call);
        SimulatedDisk disk = new SimulatedDisk(random, call);
        runUntilCrash(disk, script, settings);
        for (long again = 1; again <= 3; again++) {
            disk = disk.restart(loss, 1 + random.nextInt(again == 1 ? 60 : 8));
            recoverUntilCrash(disk, script, settings);
        }
        disk = disk.restart(SimulatedDisk.Loss.ALL, NEVER);
        final FileStore store = open(disk, settings);
        script.checkRecovered(store);
        script.run(store, STEPS / 2);
        script.checkNow(store);
        store.close();
        final FileStore last = open(disk.restart(SimulatedDisk.Loss.ALL, NEVER), settings);
        script.checkRecovered(last);
        assertTrue(last.verify().damages().isEmpty(), () -> last.verify().damages().toString());
    }

    private static void runUntilCrash(final SimulatedDisk disk, final StoreScript script,
            final Map<String, String> settings) {
        try {
            script.run(open(disk, settings), STEPS);
        } catch (final SimulatedDisk.Crash e) {
            return;
        }
    }

    private static void recoverUntilCrash(final SimulatedDisk disk, final StoreScript script,
            final Map<String, String> settings) {
        try {
            final FileStore store = open(disk, settings);
            script.checkRecovered(store);
            script.run(store, STEPS / 4);
        } catch (final SimulatedDisk.Crash e) {
            return;
        }
    }

    private static FileStore open(final SimulatedDisk disk, final Map<String, String> settings) {
        final StoreHealth health = new StoreHealth((warning, text) -> {});
        final FileStoreConfig config = FileStoreConfig.of(new StoreContext(null, "n1", settings, health.log));
        try {
            return FileStore.open(config, disk, TAG, health, Housekeeper.onCaller());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
