package jetstream.api.store;

import jetstream.api.GroupId;

/** Terms and votes, kept where a force makes them durable together with the logs. Owner: the shard thread. */
public interface BallotStore {
    /** The last saved ballot, {@link Ballot#NONE} if there is none. */
    Ballot load(GroupId group);

    /** Saves; durable with the next force of a later ticket. */
    void save(GroupId group, Ballot ballot);
}
