package jetstream.server.conf;

/**
 * The {@code jetstream} entry of an account; -1 means unlimited. As in the reference, a server whose only accounts are
 * the global and the system account gives JetStream, unlimited, to the global one; otherwise exactly the accounts
 * with such an entry have it.
 *
 * @param enabled        whether the account has JetStream
 * @param maxMemoryBytes of all memory streams
 * @param maxStoreBytes  of all file streams
 * @param maxStreams     number of streams
 * @param maxConsumers   number of consumers
 * @param streams        limits of one stream or consumer
 */
public record AccountJetStreamConfig(
        boolean enabled,
        long maxMemoryBytes,
        long maxStoreBytes,
        int maxStreams,
        int maxConsumers,
        AssetLimits streams) {

    /** The account has no JetStream. */
    public static final AccountJetStreamConfig OFF =
            new AccountJetStreamConfig(false, -1, -1, -1, -1, AssetLimits.UNLIMITED);

    /** JetStream without limits. */
    public static final AccountJetStreamConfig UNLIMITED =
            new AccountJetStreamConfig(true, -1, -1, -1, -1, AssetLimits.UNLIMITED);

    /**
     * Limits of a single stream or consumer; -1 means unlimited.
     *
     * @param maxBytesRequired     every stream must set max_bytes
     * @param memoryMaxStreamBytes max_bytes of a memory stream
     * @param diskMaxStreamBytes   max_bytes of a file stream
     * @param maxAckPending        max_ack_pending of a consumer
     */
    public record AssetLimits(
            boolean maxBytesRequired, long memoryMaxStreamBytes, long diskMaxStreamBytes, int maxAckPending) {

        /** No limit. */
        public static final AssetLimits UNLIMITED = new AssetLimits(false, -1, -1, -1);
    }
}
