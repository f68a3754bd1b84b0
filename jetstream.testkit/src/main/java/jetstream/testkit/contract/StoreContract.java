package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    @ValueSource(longs = {1, 2, 3})
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

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    final void everythingForcedSurvivesALossOfPower(final long seed, @TempDir final Path crashed) {
        assumeTrue(faults().contains(Fault.LOST_UNFORCED));
        final Random random = new Random(seed);
        crash(seed, crashed, (forced, later) -> forced.lose(later, random));
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36})
    final void everythingForcedSurvivesATornWrite(final long seed, @TempDir final Path crashed) {
        assumeTrue(faults().contains(Fault.TORN_WRITE));
        final Random random = new Random(seed);
        crash(seed, crashed, (forced, later) -> forced.tear(later, random));
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45, 46, 47, 48})
    final void flippedBitIsNeverServed(final long seed, @TempDir final Path damaged) {
        assumeTrue(faults().contains(Fault.BIT_FLIP));
        final StoreScript script = new StoreScript(seed);
        final Store store = openStore();
        script.run(store, 100);
        store.close();
        final DirectoryImage whole = DirectoryImage.of(context().directory());
        final Random random = new Random(seed);
        for (int i = 0; i < 10; i++) {
            warnings.clear();
            final Path directory = damaged.resolve(Integer.toString(i));
            whole.flip(random).write(directory);
            checkDamaged(script, directory);
        }
    }

    @Test
    final void damageThatTheStoreFindsIsToldToItsOwnerAndMendedByARestore() throws IOException {
        assumeTrue(faults().contains(Fault.BIT_FLIP) && findsDamage());
        final StoreContext mine = context();
        final Set<String> told = new TreeSet<>();
        final Thread shard = Thread.currentThread();
        final Store store = openStore(new StoreContext(mine.directory(), mine.nodeName(), mine.settings(), mine.log(),
                (group, index) -> told.add(Thread.currentThread() == shard ? group + " " + index : "another thread")));
        final GroupLog log = store.open(GROUP);
        for (int i = 0; i < 200; i++) {
            append(log, GROUP, 20, 1);
            append(store.open(OTHER), OTHER, 10, 1);
            force(store);
        }
        final EntryBatch hurt = TestEntries.sparse(GROUP, 1, 77);
        final byte[] bytes = new byte[hurt.length()];
        hurt.buffer().get(hurt.offset(), bytes);
        DirectoryImage.flipInPlace(mine.directory(), bytes);

        care(store, () -> !told.isEmpty());
        assertEquals(Set.of(GROUP + " 77"), told);
        assertThrows(StoreException.Corrupt.class, () -> log.record(77, new EntryView()));
        log.restore(hurt);
        force(store);
        assertHistory(log, GROUP, 1);
        told.clear();
        final Store again = reopen();

        assertHistory(again.open(GROUP), GROUP, 1);
        assertRecord(again.open(GROUP), GROUP, 77, 1);
    }

    /** Duty cycles until something is so; the store's own threads may have a part in it. */
    private static void care(final Store store, final BooleanSupplier isDone) {
        final long endNs = System.nanoTime() + 30_000_000_000L;
        long nowNs = 0;
        while (!isDone.getAsBoolean() && System.nanoTime() - endNs < 0) {
            nowNs += 1_000_000_000;
            store.doWork(nowNs);
            force(store);
            Thread.yield();
        }
    }

    private void checkDamaged(final StoreScript script, final Path directory) {
        try (Store store = provider().open(contextIn(directory))) {
            final long damages = script.countDamages(store);
            final boolean isReported = !warnings.isEmpty() || !store.verify().damages().isEmpty();
            assertTrue(damages == 0 || isReported, damages + " damages, none reported");
        } catch (final StoreException.Refused e) {
            assertTrue(e.getMessage().contains(directory.toString()), e.getMessage());
        }
    }

    /** Works, forces, works on without a force, and opens what a crash then leaves. */
    private void crash(final long seed, final Path crashed, final BinaryOperator<DirectoryImage> fault) {
        final StoreScript script = new StoreScript(seed);
        final Store store = openStore();
        for (int round = 0; round < 3; round++) {
            script.run(store, 80);
            script.force(store);
            final DirectoryImage forced = DirectoryImage.of(context().directory());
            script.runUnforced(store, 30);
            store.ticket();
            final Path directory = crashed.resolve(Integer.toString(round));
            fault.apply(forced, DirectoryImage.of(context().directory())).write(directory);
            final StoreScript fork = script.fork();
            try (Store found = provider().open(contextIn(directory))) {
                fork.checkRecovered(found);
                if (tellsTornFromDamaged()) {
                    found.groups().forEach(group -> assertFalse(found.mayHaveForgotten(group), () -> group
                            + " may have forgotten after a crash: " + warnings));
                }
                fork.run(found, 40);
                fork.checkNow(found);
            }
        }
    }

    private StoreContext contextIn(final Path directory) {
        final StoreContext mine = context();
        return new StoreContext(directory, mine.nodeName(), mine.settings(), mine.log(), mine.damage());
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
