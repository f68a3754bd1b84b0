package jetstream.api.consensus;

import jetstream.api.NodeId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.store.GroupLog;

/** One group on this node. Owner: the shard thread. */
public interface ConsensusGroup extends AutoCloseable {
    /**
     * Seals, appends and sends the entries, if this member leads.
     *
     * @return index of the first; -1 if this member does not lead or cannot take more now. The batch may be reused at
     *     once
     */
    long propose(EntryBatch entries);

    /** Whether this member leads and may serve ({@link Role#LEADER}). */
    boolean isLeader();

    /** The known leader of the present term; null if unknown. */
    NodeId leader();

    /**
     * Calls {@code onReady} with true once everything committed before this call is applied here and this member was
     * still the leader after the call (read-index, thesis section 6.4), or with false if that cannot be.
     */
    void readIndex(ReadHandler onReady);

    /** Hands leadership over; {@code target} null picks the most up-to-date member. False if not possible now. */
    boolean transferTo(NodeId target);

    /**
     * Proposes one change of membership.
     *
     * @return false if this member does not lead or another change is under way
     */
    boolean changeMembers(MemberChange change);

    /** Writes a checkpoint of the applied state now; the history behind it goes once it is durable. */
    void checkpoint();

    /** The group's log: for reading records, and for {@link GroupLog#free}. */
    GroupLog log();

    /** What is known of the group now; allocates, for slow paths. */
    GroupReport report();

    /** Closes without deleting anything. Idempotent. */
    @Override
    void close();

    /** Answer to {@link #readIndex}. */
    @FunctionalInterface
    interface ReadHandler {
        /** May the read be served. */
        void onReadIndex(boolean ready);
    }
}
