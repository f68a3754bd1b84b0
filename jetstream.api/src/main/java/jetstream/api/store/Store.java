package jetstream.api.store;

import java.util.Collection;
import jetstream.api.GroupId;

/**
 * The logs, ballots and checkpoints of all groups of a node on one medium. Stores know groups, indexes and bytes, never
 * subjects or sequences.
 *
 * <p>One duty cycle: the shard thread changes logs, ballots and checkpoints, takes a {@link #ticket}, and hands it to
 * the force thread; what {@link #force} returned for is durable, and acknowledged. The shard thread goes on meanwhile.
 *
 * <p>After {@link StoreException.Failed} the store refuses every change for the rest of the process; reads go on
 * (FAULTS rule 5).
 */
public interface Store extends AutoCloseable {
    /**
     * Opens the log of a group, recovered as far as it is durable and undamaged; creates it if there is none. The same
     * object for the same group until it is deleted.
     *
     * <p>Thread: shard. Blocks: no force; may read. Durable: a new log with the force of a later ticket. Errors:
     * {@link StoreException.Failed}.
     */
    GroupLog open(GroupId group);

    /**
     * Groups that have a log, a ballot or a checkpoint here.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    Collection<GroupId> groups();

    /**
     * Forgets a group: log, ballot, checkpoints. Only on a committed delete of that very incarnation (FAULTS rule 4).
     * Unknown groups are ignored; the group's {@link GroupLog} must not be used any more.
     *
     * <p>Thread: shard. Blocks: no force. Durable: with the force of a later ticket. Errors:
     * {@link StoreException.Failed}.
     */
    void delete(GroupId group);

    /**
     * Terms and votes.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    BallotStore ballots();

    /**
     * State images.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    CheckpointStore checkpoints();

    /**
     * Hands everything appended, saved or deleted so far, in any group, over to the medium and names it. Called once
     * per duty cycle, after its appends. Tickets ascend; equal to the last one if nothing was added.
     *
     * <p>Thread: shard. Blocks: no force; may write. Durable: no, that is what {@link #force} is for. Errors:
     * {@link StoreException.Full} if the room that was there at the append is gone: nothing is lost, a later call tries
     * again; {@link StoreException.Failed}.
     */
    long ticket();

    /**
     * Makes everything up to that ticket durable.
     *
     * <p>Thread: force, one call at a time, while the shard thread goes on. Blocks: until the medium has it. Durable:
     * yes, on return. Errors: {@link StoreException.Failed} if the medium refused; it is never tried again in this
     * process, because the medium may have dropped what it failed to write.
     */
    void force(long ticket);

    /**
     * Space taken by all groups.
     *
     * <p>Thread: any. Blocks: no. Errors: none.
     */
    StoreUsage usage();

    /**
     * Reads every record and checkpoint and checks them, beside the running store. Changes nothing.
     *
     * <p>Thread: any. Blocks: long; the shard thread goes on. Errors: none, damage is what it reports.
     */
    VerifyReport verify();

    /**
     * Background care (pre-allocation, cleaning), bounded per call.
     *
     * <p>Thread: shard. Blocks: no force. Durable: what it moves with the force of a later ticket. Errors: none; what
     * goes wrong is reported, and met again by whoever needs it.
     *
     * @param nowNs monotonic nanoseconds
     * @return whether anything was done
     */
    boolean doWork(long nowNs);

    /**
     * Whether damage, found when the store was opened, may have hit the group's ballot or the end of its log: what is
     * here may be older than what this node acknowledged. Such a member must neither vote nor help elect until it has
     * caught up (DESIGN D7). True for unknown groups, too, if anything at all was lost. Stays as it was found until the
     * next start.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    default boolean mayHaveForgotten(final GroupId group) {
        return false;
    }

    /**
     * Forces what was appended and closes. Idempotent. Nobody uses the store meanwhile or after.
     *
     * <p>Thread: shard, after the force thread has ended. Blocks: until the medium has it. Durable: everything, on
     * return. Errors: {@link StoreException.Failed} if that force failed; the files are closed nevertheless.
     */
    @Override
    void close();
}
