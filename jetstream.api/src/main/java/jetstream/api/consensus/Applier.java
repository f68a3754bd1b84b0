package jetstream.api.consensus;

import jetstream.api.NodeId;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;

/** The state machine of a group. Called by its {@link ConsensusGroup} on the shard thread. */
public interface Applier {
    /**
     * A committed entry of the state machine, exactly once per process, in index order. The view is valid in the call.
     */
    void apply(EntryView entry);

    /** The state is replaced by this image (start-up, catch-up). Called before any {@link #apply} that follows it. */
    void restore(Checkpoint checkpoint);

    /** Writes the image of the present state. Only writes: the caller begins, commits or aborts the image. */
    void writeCheckpoint(CheckpointWriter out);

    /**
     * This member's role, the term, or the known leader changed. LEADER is reported once all entries of older terms are
     * applied and an entry of the own term is committed.
     *
     * @param leader who leads in that term; null if unknown
     */
    void onRole(Role role, long term, NodeId leader);

    /** Everything proposed before and not committed may be lost: this member stopped leading. */
    default void onProposalsLost() {
    }
}
