package jetstream.raft.core;

/**
 * What a member knows when it starts.
 *
 * @param term saved term
 * @param votedFor saved vote, or {@link RaftCore#AMNESIAC}, {@link RaftCore#INCOMPLETE}, {@link RaftCore#NOBODY}
 * @param checkpointIndex index of the checkpoint that was restored, 0 if none: committed by definition
 * @param members who belonged to the group at that index
 */
public record StartState(long term, long votedFor, long checkpointIndex, Membership members) {
}
