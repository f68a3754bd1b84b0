package jetstream.api.store;

import jetstream.api.GroupId;

/**
 * Terms and votes, kept where a force makes them durable together with the logs. Part of a {@link Store}, and closed
 * with it.
 */
public interface BallotStore {
    /**
     * The last saved ballot, durable or not; {@link Ballot#NONE} if there is none.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    Ballot load(GroupId group);

    /**
     * Saves; {@link #load} gives it at once.
     *
     * <p>Thread: shard. Blocks: no. Durable: with the force of a later ticket, so the vote must not leave before.
     * Errors: {@link StoreException.Failed}; the older ballot is then what counts.
     */
    void save(GroupId group, Ballot ballot);
}
