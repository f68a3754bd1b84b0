package jetstream.engine.shard;

import java.util.ArrayDeque;
import jetstream.api.entry.EntryBatch;

/** Batches that are borrowed for the length of a duty cycle, so that ten thousand idle groups hold none. */
final class BatchPool {
    private static final int FIRST_CAPACITY_BYTES = 64 << 10;
    private static final int KEPT_CAPACITY_BYTES = 8 << 20;
    private static final int KEPT = 64;

    private final ArrayDeque<EntryBatch> free = new ArrayDeque<>();

    EntryBatch take() {
        final EntryBatch batch = free.pollLast();
        return batch == null ? new EntryBatch(FIRST_CAPACITY_BYTES) : batch;
    }

    void give(final EntryBatch batch) {
        batch.clear();
        if (free.size() < KEPT && batch.buffer().capacity() <= KEPT_CAPACITY_BYTES) {
            free.addLast(batch);
        }
    }
}
