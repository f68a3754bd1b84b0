package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.testkit.contract.TestEntries;

/**
 * Writes a directory that has a little of everything, with whatever version it is run. What it wrote is kept as a test
 * resource for each format, and {@link FormatTest} reads it: {@code java -cp <class path of that version>
 * jetstream.store.file.FormatSample <directory>}.
 */
final class FormatSample {
    static final Map<String, String> SETTINGS =
            Map.of("segment_length", "8192", "spare_segments", "1", "inline_checkpoint_max", "1000");
    static final GroupId HISTORY = GroupId.ofAssignment(1, false);
    static final GroupId RECORDS = GroupId.ofAssignment(2, false);
    static final GroupId RESET = GroupId.ofAssignment(3, false);
    static final GroupId DELETED = GroupId.ofAssignment(4, false);
    static final GroupId VOTER = GroupId.ofAssignment(5, false);

    private FormatSample() {
    }

    public static void main(final String[] arguments) {
        try (Store store = new FileStoreProvider()
                .open(new StoreContext(Path.of(arguments[0]), "n1", SETTINGS, (warning, text) -> {}))) {
            write(store);
        }
    }

    private static void write(final Store store) {
        final GroupLog history = store.open(HISTORY);
        final GroupLog records = store.open(RECORDS);
        final GroupLog deleted = store.open(DELETED);
        for (int i = 0; i < 10; i++) {
            append(history, HISTORY, 3, 1);
            append(records, RECORDS, 2, 1 + i / 5);
            append(deleted, DELETED, 1, 1);
            store.force(store.ticket());
        }
        history.truncateFrom(29);
        append(history, HISTORY, 4, 2);
        records.free(1, 9);
        records.discardHistory(15);
        store.ballots().save(VOTER, new Ballot(7, 99));
        checkpoint(store, RECORDS, 15, 2, 300);
        checkpoint(store, HISTORY, 12, 1, 3_000);
        final GroupLog reset = store.open(RESET);
        append(reset, RESET, 3, 1);
        reset.reset(50, 4);
        reset.restore(TestEntries.sparse(RESET, 4, 10, 20, 50));
        append(reset, RESET, 2, 5);
        store.delete(DELETED);
        store.force(store.ticket());
    }

    private static void append(final GroupLog log, final GroupId group, final int count, final long term) {
        log.append(TestEntries.batch(group, log.lastIndex() + 1, count, term));
    }

    private static void checkpoint(final Store store, final GroupId group, final long index, final long term,
            final int length) {
        final CheckpointWriter writer = store.checkpoints().begin(group, index, term);
        final ByteBuffer image = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            image.put((byte) (i + index));
        }
        writer.write(image.flip());
        writer.commit();
    }
}
