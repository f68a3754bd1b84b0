package jetstream.api.store;

import jetstream.api.entry.EntryBatch;

/**
 * The log of one group. Owner: the shard thread. Changes are visible to readers at once and durable after a
 * {@link Store#force} of a later ticket; after a crash a prefix of the changes, in order, is there.
 */
public interface GroupLog extends LogReader {
    /**
     * Appends sealed entries with contiguous indexes from {@code lastIndex() + 1}. Copies the bytes.
     *
     * @throws StoreException.Full if there is no room; nothing of the batch is appended then
     */
    void append(EntryBatch batch);

    /**
     * RAFT conflict: entries with an index {@code >= index} vanish, also after a crash once anything later is durable.
     */
    void truncateFrom(long index);

    /**
     * A checkpoint through that index is durable: entries up to it are no longer needed as RAFT history. Those that are
     * not freed stay readable by {@link #record}.
     */
    void discardHistory(long throughIndex);

    /**
     * The entries with indexes from {@code fromIndex} through {@code throughIndex} (both inclusive) are dead: their
     * space may be reclaimed once they left the history. Indexes that are unknown or freed already are ignored. Not
     * durable by itself: after a restart the engine, restored from checkpoint and history, frees again.
     */
    void free(long fromIndex, long throughIndex);

    /**
     * Starts the log anew from an image of a leader: drops all entries; the history becomes empty, behind {@code
     * throughIndex} of {@code throughTerm}.
     */
    void reset(long throughIndex, long throughTerm);

    /**
     * Appends live records of a catch-up or a repair: sealed entries in ascending, possibly sparse index order, all at
     * or below the index given to {@link #reset}; index and term are kept. They are records, not history.
     */
    void restore(EntryBatch records);

    /** Live bytes of this group, header and body. */
    long liveBytes();
}
