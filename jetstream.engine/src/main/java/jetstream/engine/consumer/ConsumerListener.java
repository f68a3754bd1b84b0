package jetstream.engine.consumer;

/**
 * What others may want to know of a consumer: advisories, metrics, and acknowledgements for streams that keep
 * messages only until then. Called on the shard thread, from inside the engine; must not call back into it.
 */
public interface ConsumerListener {
    /** Does nothing. */
    ConsumerListener NONE = new ConsumerListener() {};

    /**
     * A message needs this consumer no more: acknowledged, terminated, or delivered without need of an ack. Called on
     * every member as the entry is applied, so that the member that leads the stream can propose the removal.
     */
    default void onAcked(final long streamSeq) {
    }

    /** A message reached {@code max_deliver}: advisory MAX_DELIVERIES. Called on the leader, when applied. */
    default void onMaxDeliveries(final long streamSeq, final int deliveries) {
    }

    /** Advisory MSG_NAKED. Called on the leader. */
    default void onNak(final long consumerSeq, final long streamSeq, final int deliveries) {
    }

    /** Advisory MSG_TERMINATED; the reason may be empty. Called on the leader. */
    default void onTerminated(final long consumerSeq, final long streamSeq, final int deliveries, final String reason) {
    }

    /** Metric CONSUMER.ACK of a sampled ack. Called on the leader. */
    default void onAckSampled(final long consumerSeq, final long streamSeq, final int deliveries,
            final long ackTimeNs) {
    }

    /** Advisory CONSUMER.PINNED. Called on the leader. */
    default void onPinned(final String group, final String pinnedId) {
    }

    /** Advisory CONSUMER.UNPINNED; the reason is {@code admin} or {@code timeout}. Called on the leader. */
    default void onUnpinned(final String group, final String reason) {
    }

    /** Advisory CONSUMER.PAUSE: paused, resumed, or the time is over. Called on the leader. */
    default void onPause(final boolean paused, final long untilEpochNs) {
    }

    /** A reset was applied: answer the request. Called on the leader. */
    default void onReset(final long resetSeq) {
    }

    /** A new configuration was applied: answer the request. Called on every member. */
    default void onConfig() {
    }
}
