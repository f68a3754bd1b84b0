package jetstream.raft.core;

/**
 * What a member knows when it starts.
 *
 * @param term saved term
 * @param votedFor saved vote, or {@link RaftCore#AMNESIAC} or {@link RaftCore#NOBODY}
 * @param checkpointIndex index of the checkpoint that was restored, 0 if none; or, without state, the last index
 *     before the
 *     history: committed by definition
 * @param incomplete the log was being replaced by an image when the process ended
 * @param members who belonged to the group at that index
 */
public record StartState(long term, long votedFor, long checkpointIndex, boolean incomplete,
        Membership members) {
}
