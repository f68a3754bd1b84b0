package jetstream.api.store;

import java.util.Collection;
import jetstream.api.GroupId;

/**
 * The logs, ballots and checkpoints of all groups of a node on one medium. Stores know groups, indexes and bytes, never
 * subjects or sequences. Owner: the shard thread, unless a method says otherwise. No method blocks on a force but
 * {@link #force}.
 */
public interface Store extends AutoCloseable {
    /** Opens the log of a group, recovered as far as it is durable and undamaged; creates it if there is none. */
    GroupLog open(GroupId group);

    /** Groups that have a log, a ballot or a checkpoint here. */
    Collection<GroupId> groups();

    /** Forgets a group: log, ballot, checkpoints. Only on a committed delete of that very incarnation. */
    void delete(GroupId group);

    /** Terms and votes. */
    BallotStore ballots();

    /** State images. */
    CheckpointStore checkpoints();

    /**
     * Hands everything appended, saved or deleted so far, in any group, over to the medium and names it. Called once
     * per duty cycle, after its appends. Tickets ascend; equal to the last one if nothing was added.
     *
     * @throws StoreException.Full if the room that was there at the append is gone; nothing is lost, a later call
     *     tries again
     */
    long ticket();

    /**
     * Makes everything up to that ticket durable; it is on return. Called by the force thread, one call at a time,
     * while the shard thread goes on appending.
     *
     * @throws StoreException.Failed if the medium refused; no further force will be tried in this process
     */
    void force(long ticket);

    /** Space taken by all groups. Any thread. */
    StoreUsage usage();

    /** Reads every record and checkpoint and checks them. Any thread; may block long. */
    VerifyReport verify();

    /**
     * Background care (pre-allocation, cleaning), bounded per call; returns whether anything was done. Shard thread.
     */
    boolean doWork(long nowNs);

    /**
     * Whether damage, found when the store was opened, may have hit the group's ballot or the end of its log: what is
     * here may be older than what this node acknowledged. Such a member must neither vote nor help elect until it has
     * caught up (DESIGN D7). True for unknown groups, too, if anything at all was lost. Stays as it was found until the
     * next start.
     */
    default boolean mayHaveForgotten(final GroupId group) {
        return false;
    }

    /** Forces what was appended and closes. Idempotent. */
    @Override
    void close();
}
