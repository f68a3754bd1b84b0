package jetstream.server.conf;

/**
 * Limits that clients meet. Counts of 0 mean unlimited unless said otherwise.
 *
 * @param maxPayloadBytes       largest payload with headers, default 1 MiB
 * @param maxControlLineBytes   longest protocol line, default 4,096
 * @param maxConnections        client connections of the server, default 65,536; -1 means that none is let in
 *                              (the reference's reading of a configured 0)
 * @param maxSubscriptions      subscriptions of one connection
 * @param maxSubscriptionTokens tokens of a subscription's subject, 1 to 255
 * @param maxPendingBytes       bytes waiting for one connection before it counts as a slow consumer, default 64 MiB
 */
public record LimitsConfig(
        int maxPayloadBytes,
        int maxControlLineBytes,
        int maxConnections,
        int maxSubscriptions,
        int maxSubscriptionTokens,
        long maxPendingBytes) {

    /** The reference's defaults. */
    public static final LimitsConfig DEFAULT = new LimitsConfig(1 << 20, 4096, 65_536, 0, 0, 64L << 20);
}
