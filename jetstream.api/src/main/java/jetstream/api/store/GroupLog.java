package jetstream.api.store;

import jetstream.api.entry.EntryBatch;

/**
 * The log of one group. Changes are visible to readers at once and durable after a {@link Store#force} of a later
 * ticket; after a crash a prefix of the changes, in order, is there. A change that was refused has not happened in
 * part. An index that breaks the contract is the caller's bug: {@link jetstream.api.Invariant.Violation}.
 */
public interface GroupLog extends LogReader {
    /**
     * Appends sealed entries with contiguous indexes from {@code lastIndex() + 1}.
     *
     * <p>Thread: shard. Blocks: no force; may write. Durable: with the force of a later ticket. Buffers: copied before
     * the return. Errors: {@link StoreException.Full} if there is no room, nothing of the batch is appended then;
     * {@link StoreException.Failed}.
     */
    void append(EntryBatch batch);

    /**
     * RAFT conflict: entries with an index {@code >= index} vanish, also after a crash once anything later is durable.
     *
     * <p>Thread: shard. Blocks: no force. Durable: with the force of a later ticket. Errors:
     * {@link StoreException.Failed}.
     */
    void truncateFrom(long index);

    /**
     * A checkpoint through that index is durable: entries up to it are no longer needed as RAFT history. Those that are
     * not freed stay readable by {@link #record}.
     *
     * <p>Thread: shard. Blocks: no force. Durable: with the force of a later ticket. Errors:
     * {@link StoreException.Failed}.
     */
    void discardHistory(long throughIndex);

    /**
     * The entries with indexes from {@code fromIndex} through {@code throughIndex} (both inclusive) are dead: their
     * space may be reclaimed once they left the history. Indexes that are unknown or freed already are ignored.
     *
     * <p>Thread: shard. Blocks: no. Durable: not by itself; after a restart the engine, restored from checkpoint and
     * history, frees again. Errors: {@link StoreException.Failed}.
     */
    void free(long fromIndex, long throughIndex);

    /**
     * Starts the log anew from an image of a leader: drops all entries; the history becomes empty, behind {@code
     * throughIndex} of {@code throughTerm}.
     *
     * <p>Thread: shard. Blocks: no force. Durable: with the force of a later ticket. Errors:
     * {@link StoreException.Failed}.
     */
    void reset(long throughIndex, long throughTerm);

    /**
     * Appends live records of a catch-up or a repair: sealed entries in ascending, possibly sparse index order, all at
     * or below the last index; index and term are kept. In a catch-up all lie at or below the index given to
     * {@link #reset} and are records, not history. In a repair an entry takes the place of the one that was damaged, in
     * the history, too.
     *
     * <p>Thread: shard. Blocks: no force; may write. Durable: with the force of a later ticket. Buffers: copied before
     * the return. Errors: as {@link #append}.
     */
    void restore(EntryBatch records);

    /**
     * Live bytes of this group, header and body.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    long liveBytes();
}
