package jetstream.api.consensus;

import jetstream.api.NodeId;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;

/** The state machine of a group. Implemented by the engine, called by the {@link ConsensusGroup}. */
public interface Applier {
    /**
     * A committed entry of the state machine, exactly once per process, in index order.
     *
     * <p>Thread: shard. Blocks: must not. Buffers: the log's, read-only, valid in the call. Errors: what it throws
     * stops the group.
     */
    void apply(EntryView entry);

    /**
     * The state is replaced by this image (start-up, catch-up). Called before any {@link #apply} that follows it.
     *
     * <p>Thread: shard. Blocks: must not. Buffers: the store's, read-only, valid in the call. Errors: what it throws
     * stops the group.
     */
    void restore(Checkpoint checkpoint);

    /**
     * Writes the image of the present state. Only writes: the caller begins, commits or aborts the image.
     *
     * <p>Thread: shard. Blocks: must not. Errors: what it throws aborts the image and stops the group.
     */
    void writeCheckpoint(CheckpointWriter out);

    /**
     * This member's role, the term, or the known leader changed. LEADER is reported once all entries of older terms are
     * applied and an entry of the own term is committed.
     *
     * <p>Thread: shard. Blocks: must not. Errors: what it throws stops the group.
     *
     * @param leader who leads in that term; null if unknown
     */
    void onRole(Role role, long term, NodeId leader);

    /**
     * Everything proposed before and not committed may be lost: this member stopped leading.
     *
     * <p>Thread: shard. Blocks: must not. Errors: what it throws stops the group.
     */
    default void onProposalsLost() {
    }

    /**
     * A number for the present state: equal on all members that applied the same entries, on hardly any other. The same
     * after {@link #restore} of an image as on the member that wrote it. Asked about once a second while there is
     * something new, so that it may cost a little; what must be followed entry by entry is kept by {@link #apply}.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    default long stateHash() {
        return 0;
    }

    /**
     * This member's data is in trouble, or out of it again ({@link Condition#CURRENT}): {@link Condition#DISPUTED},
     * {@link Condition#REPAIRING}, {@link Condition#RESYNCING} and {@link Condition#STOPPED} are told when they begin.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     *
     * @param reason one sentence for operators
     */
    default void onCondition(final Condition condition, final String reason) {
    }
}
