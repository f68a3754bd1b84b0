package jetstream.engine.consumer;

/**
 * What consumer info shows (spec/consumers.md section 6).
 *
 * @param deliveredConsumerSeq consumer sequence of the last delivery
 * @param deliveredStreamSeq stream sequence of the last delivery
 * @param deliveredEpochNs time of the last delivery; 0 if there was none
 * @param floorConsumerSeq consumer sequence up to which everything is acknowledged
 * @param floorStreamSeq stream sequence up to which everything is acknowledged
 * @param ackedEpochNs time of the last ack; 0 if there was none
 * @param ackPending messages that wait for an ack
 * @param redelivered messages redelivered and not acknowledged
 * @param waiting live pull requests; 0 on followers
 * @param pending messages still to be delivered for the first time
 * @param pushBound whether a push consumer has a receiver; false on followers and for pull consumers
 * @param pausedUntilEpochNs when the pause ends; 0 if not paused
 * @param pinnedId id of the pinned client; empty if none
 * @param pinnedEpochNs when it was pinned
 */
public record ConsumerState(long deliveredConsumerSeq, long deliveredStreamSeq, long deliveredEpochNs,
        long floorConsumerSeq, long floorStreamSeq, long ackedEpochNs, int ackPending, int redelivered, int waiting,
        long pending, boolean pushBound, long pausedUntilEpochNs, String pinnedId, long pinnedEpochNs) {
}
