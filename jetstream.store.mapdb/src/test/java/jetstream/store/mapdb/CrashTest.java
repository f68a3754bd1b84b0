package jetstream.store.mapdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.StoreScript;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process dies at calls that change the disk, and again in or soon after the recovery; what was forced is there,
 * the rest is a prefix, and nothing is taken for damage. {@link CrashCampaign} does the same for as long as one likes.
 */
final class CrashTest {
    private static final int STEPS = 60;
    private static final int STRIDE = 17;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long TAG = 0x1234567890abcdefL;

    @ParameterizedTest
    @EnumSource
    void everythingForcedSurvivesACrashAtAnyCall(final SimulatedDisk.Loss loss) {
        final long seed = 11 + loss.ordinal();
        final long calls = calls(seed);
        assertTrue(calls > 10 * STRIDE, "the script reaches the disk: " + calls);
        // Every call of the first opening and force, then a sample that moves by one with each kind of loss.
        for (long call = 1; call <= calls; call += call < 20 ? 1 : STRIDE) {
            try {
                crashAt(seed, call, loss);
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", crash at call " + call + " of " + calls + ", loss " + loss,
                        e);
            }
        }
    }

    /** Calls of an undisturbed run. */
    static long calls(final long seed) {
        final SimulatedDisk whole = new SimulatedDisk(new Random(seed), NEVER);
        new StoreScript(seed).run(open(whole), STEPS);
        return whole.calls();
    }

    /** Dies, recovers, goes on, dies in or after the recovery, recovers again. */
    static void crashAt(final long seed, final long call, final SimulatedDisk.Loss loss) {
        final StoreScript script = new StoreScript(seed);
        final Random random = new Random(seed * 31 + call);
        SimulatedDisk disk = new SimulatedDisk(random, call);
        try {
            script.run(open(disk), STEPS);
        } catch (final SimulatedDisk.Crash e) {
            assertTrue(disk.calls() >= call, "died in time");
        }
        for (int again = 0; again < 2; again++) {
            disk = disk.restart(loss, 1 + random.nextInt(again == 0 ? 300 : 12));
            try {
                final MapDbStore store = open(disk);
                script.checkRecovered(store);
                script.run(store, STEPS / 4);
            } catch (final SimulatedDisk.Crash e) {
                assertTrue(disk.calls() > 0, "died in time");
            }
        }
        disk = disk.restart(loss, NEVER);
        final MapDbStore store = open(disk);
        script.checkRecovered(store);
        script.run(store, STEPS / 4);
        script.checkNow(store);
        assertEquals(List.of(), store.verify().damages());
        store.close();
        script.checkRecovered(open(disk.restart(SimulatedDisk.Loss.ALL, NEVER)));
    }

    private static MapDbStore open(final SimulatedDisk disk) {
        final StoreHealth health = new StoreHealth((warning, text) -> assertEquals(false, warning, text));
        final MapDbConfig config = MapDbConfig.of(new StoreContext(null, "n1",
                Map.of("journal_length", "300000", "cache", "65536"), health.log));
        try {
            return MapDbStoreProvider.open(config, disk, health, TAG, () -> {});
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
