package jetstream.api.consensus;

/** Whether a member can be relied upon now, and if not, why not. The worst one that holds. */
public enum Condition {
    /** Knows the leader, or leads, and has applied all that it knows to be committed. */
    CURRENT,
    /** Has not applied everything yet that it knows to be committed. */
    BEHIND,
    /** Knows of no leader that may serve. */
    LEADERLESS,
    /** Does not vote: it is being brought up to date. */
    LEARNING,
    /** The members' states differ and no majority agrees, so that nobody can be told wrong. The leader knows. */
    DISPUTED,
    /** An entry is damaged here and is being fetched from another member. */
    REPAIRING,
    /** Its state differs from that of the majority, or can not be read: it is fetched anew from the leader. */
    RESYNCING,
    /** Stopped by an error that it can not heal. */
    STOPPED
}
