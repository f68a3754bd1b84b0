package jetstream.raft.core;

import jetstream.api.entry.EntryBatch;

/**
 * Memory that all cores of one shard share, since only one of them runs at a time.
 *
 * @param readBatch entries read from a log to be sent
 * @param controlBatch the core's own entries (no-op, membership)
 */
public record CoreScratch(EntryBatch readBatch, EntryBatch controlBatch) {
    /** Scratch memory of a usual size. */
    public static CoreScratch ofUsualSize() {
        return new CoreScratch(new EntryBatch(64 << 10), new EntryBatch(1 << 10));
    }
}
