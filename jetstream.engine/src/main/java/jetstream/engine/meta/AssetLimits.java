package jetstream.engine.meta;

/**
 * Bounds that the server sets for assets; 0 or negative means none.
 *
 * @param clustered whether more than one replica is possible
 * @param duplicateWindowNs longest duplicate window
 * @param maxAckPending most unacknowledged messages of a consumer
 * @param maxRequestBatch largest batch of a pull request
 * @param maxConsumersDefault consumers of a stream that sets no limit of its own
 * @param maxPayloadBytes largest message of the server
 */
public record AssetLimits(boolean clustered, long duplicateWindowNs, int maxAckPending, int maxRequestBatch,
        int maxConsumersDefault, int maxPayloadBytes) {
}
