package jetstream.api.consensus;

/** What a member is in its group. */
public enum Role {
    /** Follows a leader, or waits for one. */
    FOLLOWER,
    /** Asks for votes. */
    CANDIDATE,
    /** Leads, and has committed an entry of its own term: it may serve. */
    LEADER,
    /** Receives the log but does not vote. */
    LEARNER
}
