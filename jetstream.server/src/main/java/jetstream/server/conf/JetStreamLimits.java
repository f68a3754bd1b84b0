package jetstream.server.conf;

/**
 * Server-wide JetStream limits. 0 means unlimited.
 *
 * @param maxAckPending       of one consumer
 * @param maxHaAssets         replicated streams and consumers on this server
 * @param maxRequestBatch     batch of one pull request
 * @param duplicateWindowNs   longest duplicate window of a stream
 * @param defaultMaxConsumers of a stream that sets none, default 1,000
 * @param requestQueueLimit   waiting API requests, default 10,000
 */
public record JetStreamLimits(
        int maxAckPending,
        int maxHaAssets,
        int maxRequestBatch,
        long duplicateWindowNs,
        int defaultMaxConsumers,
        int requestQueueLimit) {

    /** The reference's defaults. */
    public static final JetStreamLimits DEFAULT = new JetStreamLimits(0, 0, 0, 0, 1000, 10_000);
}
