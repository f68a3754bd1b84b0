package jetstream.api.consensus;

import jetstream.api.NodeId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.store.GroupLog;

/** One group on this node. */
public interface ConsensusGroup extends AutoCloseable {
    /** What {@link #propose} returns if the store has no room for the entries: nothing of them is proposed. */
    long NO_ROOM = -2;

    /**
     * Seals, appends and sends the entries, if this member leads. An index is no promise: only what is applied is
     * committed, and {@link Applier#onProposalsLost} tells that what was proposed may not be.
     *
     * <p>Thread: shard. Blocks: no force; may write. Buffers: copied. Errors: none thrown; a store's refusal stops the
     * group, but for want of room.
     *
     * @return index of the first; -1 if this member does not lead or cannot take more now; {@link #NO_ROOM}. The batch
     *     may be reused at once
     */
    long propose(EntryBatch entries);

    /**
     * Whether this member leads and may serve ({@link Role#LEADER}).
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    boolean isLeader();

    /**
     * The known leader of the present term; null if unknown.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    NodeId leader();

    /**
     * Calls {@code onReady} with true once everything committed before this call is applied here and this member was
     * still the leader after the call (read-index, thesis section 6.4), or with false if that cannot be.
     *
     * <p>Thread: shard, also for the answer, which may come within the call. Blocks: no. Errors: none.
     */
    void readIndex(ReadHandler onReady);

    /**
     * Hands leadership over; {@code target} null picks the most up-to-date member. False if not possible now.
     *
     * <p>Thread: shard. Blocks: no. Errors: none; a transfer that comes to nothing leaves the leader leading.
     */
    boolean transferTo(NodeId target);

    /**
     * Proposes one change of membership.
     *
     * <p>Thread: shard. Blocks: no force. Errors: none; it has happened when {@link #report} says so.
     *
     * @return false if this member does not lead or another change is under way
     */
    boolean changeMembers(MemberChange change);

    /**
     * Writes a checkpoint of the applied state with the next {@link Consensus#doWork}; the history behind it goes once
     * it is durable.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    void checkpoint();

    /**
     * The group's log: for reading records, and for {@link GroupLog#free}.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    GroupLog log();

    /**
     * What is known of the group now; allocates, for slow paths.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    GroupReport report();

    /**
     * Whether this member can be relied upon now. Allocates nothing.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    Condition condition();

    /**
     * Reading the entry at that index failed with {@link jetstream.api.store.StoreException.Corrupt}: it is fetched
     * from another member, if there is one, and put in its place. {@link Applier#onCondition} tells when.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    void damaged(long index);

    /**
     * Closes without deleting anything. Idempotent.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    @Override
    void close();

    /** Answer to {@link #readIndex}. */
    @FunctionalInterface
    interface ReadHandler {
        /** May the read be served. */
        void onReadIndex(boolean ready);
    }
}
