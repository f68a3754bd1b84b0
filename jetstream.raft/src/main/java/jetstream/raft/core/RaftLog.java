package jetstream.raft.core;

import jetstream.api.entry.EntryBatch;

/**
 * What the core may ask of its log; the meaning is that of {@link jetstream.api.store.LogReader}. Owner: shard
 * thread.
 */
public interface RaftLog {
    /** First index of the contiguous history. */
    long firstHistoryIndex();

    /** Last appended index, durable or not. */
    long lastIndex();

    /** Term of an index of the history, or of the one right before it; 0 for index 0. */
    long termAt(long index);

    /**
     * Copies entries from that index on into the batch; at least one, but none if the first is damaged. Returns how
     * many.
     */
    int read(long fromIndex, int limitBytes, EntryBatch into);
}
