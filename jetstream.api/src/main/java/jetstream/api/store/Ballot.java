package jetstream.api.store;

/**
 * A node's persisted vote in a group.
 *
 * @param term the highest term seen
 * @param votedFor value of the node voted for in that term, 0 if none
 */
public record Ballot(long term, long votedFor) {
    /** Before anything was heard. */
    public static final Ballot NONE = new Ballot(0, 0);
}
