package jetstream.engine.consumer;

/**
 * Which consumer.
 *
 * @param stream name of the stream
 * @param consumer name of the consumer
 * @param createdEpochNs when it was created, epoch nanoseconds
 */
public record ConsumerIdentity(String stream, String consumer, long createdEpochNs) {
}
