package jetstream.store.mapdb;

import java.nio.file.Path;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.TestEntries;

/** A process that appends, forces and says what it forced, until somebody kills it. */
final class KilledWriter {
    static final int GROUPS = 3;
    static final Map<String, String> SETTINGS = Map.of("journal_length", "400000");

    private KilledWriter() {
    }

    static GroupId group(final int number) {
        return GroupId.ofAssignment(number + 1, false);
    }

    public static void main(final String[] arguments) {
        final Store store = new MapDbStoreProvider().open(
                new StoreContext(Path.of(arguments[0]), "n1", SETTINGS, (warning, text) -> System.err.println(text)));
        for (long cycle = 0;; cycle++) {
            final StringBuilder forced = new StringBuilder();
            for (int number = 0; number < GROUPS; number++) {
                final GroupLog log = store.open(group(number));
                log.append(TestEntries.batch(group(number), log.lastIndex() + 1, 1 + (int) (cycle % 5), 1));
                if (cycle % 20 == 19) {
                    log.free(1, log.lastIndex() - 200);
                    log.discardHistory(Math.max(0, log.lastIndex() - 100));
                }
                forced.append(log.lastIndex()).append(' ');
            }
            store.force(store.ticket());
            store.doWork(System.nanoTime());
            System.out.println(forced);
        }
    }
}
