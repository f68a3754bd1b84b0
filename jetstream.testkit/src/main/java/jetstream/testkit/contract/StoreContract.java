package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of {@code jetstream.api.store}, as tests. A plug-in's own test extends this class and says what to open:
 *
 * <pre>{@code
 * final class FileStoreContractTest extends StoreContract {
 *     @TempDir Path directory;
 *     @Override protected StoreProvider provider() { return new FileStoreProvider(); }
 *     @Override protected StoreContext context() { return new StoreContext(directory, "n1", Map.of(), this::report); }
 *     @Override protected Set<Fault> faults() { return EnumSet.of(TORN_WRITE, BIT_FLIP, LOST_UNFORCED); }
 * }
 * }</pre>
 *
 * Tests about surviving a restart run unless {@link #isDurable} says no; tests about faults run for {@link #faults}.
 */
public abstract class StoreContract extends StoreDurabilityContract {
    /** For the plug-in's test. */
    protected StoreContract() {
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    final void storeHoldsWhatTheModelHolds(final long seed) {
        final StoreScript script = new StoreScript(seed);
        Store store = openStore();
        for (int round = 0; round < 4; round++) {
            script.run(store, 150);
            script.checkNow(store);
            if (isDurable()) {
                store = reopen();
                script.checkRecovered(store);
            }
        }
        assertEquals(List.of(), store.verify().damages());
        assertEquals(List.of(), warnings);
    }

    @Test
    final void fullStoreRefusesWholeBatchesAndTakesMoreWhenThereIsRoom() {
        assumeTrue(faults().contains(Fault.DISK_FULL));
        final Store store = openStore(contextWithRoom(1 << 20));
        final GroupLog log = store.open(GROUP);

        assertThrows(StoreException.Full.class, () -> fill(store, log));
        final long last = log.lastIndex();
        assertTrue(last > 100, "room for some entries: " + last);
        assertThrows(StoreException.Full.class, () -> log.append(TestEntries.batch(GROUP, last + 1, 1_000, 1)));
        assertEquals(last, log.lastIndex());
        assertHistory(log, GROUP, 1);
        log.free(1, last);
        log.discardHistory(last);
        makeRoom(store);

        append(log, GROUP, 100, 2);
        force(store);
        assertHistory(log, GROUP, last + 1);
    }

    private static void fill(final Store store, final GroupLog log) {
        for (int i = 0; i < 10_000; i++) {
            log.append(TestEntries.batch(GROUP, log.lastIndex() + 1, 10, 1));
            force(store);
        }
    }

    private static void makeRoom(final Store store) {
        long nowNs = 0;
        for (int i = 0; i < 20; i++) {
            nowNs += 1_000_000_000;
            store.doWork(nowNs);
            force(store);
        }
    }
}
