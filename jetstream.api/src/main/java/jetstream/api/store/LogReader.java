package jetstream.api.store;

import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;

/**
 * Reads the log of one group. Two ranges: <em>history</em>, the contiguous entries from {@link #firstHistoryIndex} to
 * {@link #lastIndex} that RAFT may still send; and <em>records</em>, every live entry, old or new, of which the engine
 * knows the index. Never waits for a force.
 */
public interface LogReader {
    /**
     * First index of the contiguous history; {@code lastIndex() + 1} if there is none. 1 in a new log.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    long firstHistoryIndex();

    /**
     * Last appended index, durable or not; 0 in a new log. After a discard of everything it stays.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    long lastIndex();

    /**
     * Term of the entry at {@code index}, which lies in the history or is the last index before it ({@code
     * firstHistoryIndex() - 1}, as given to {@link GroupLog#discardHistory}); 0 for index 0.
     *
     * <p>Thread: shard. Blocks: no. Errors: {@link StoreException.Corrupt} if the entry is lost.
     */
    long termAt(long index);

    /**
     * Copies whole history entries from {@code fromIndex} (inclusive) into the batch, after clearing it, until {@code
     * limitBytes} is reached; at least one.
     *
     * <p>Thread: shard. Blocks: while the medium is read. Buffers: copied into the batch, which is the caller's.
     * Errors: {@link StoreException.Corrupt} if a checksum fails at the first entry; damage further on ends the batch
     * before it; {@link StoreException.Failed} if the medium can not be read.
     *
     * @return number of entries; 0 if {@code fromIndex} is one past the last
     */
    int read(long fromIndex, int limitBytes, EntryBatch into);

    /**
     * Points the view at a live entry.
     *
     * <p>Thread: shard. Blocks: while the medium is read. Buffers: the store's, read-only by contract, valid until the
     * next call on this log. Errors: {@link StoreException.Corrupt} if its checksum fails;
     * {@link StoreException.Failed} if the medium can not be read.
     *
     * @return false if the entry at that index was freed, truncated, discarded while not live, or never was
     */
    boolean record(long index, EntryView into);
}
