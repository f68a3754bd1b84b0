package jetstream.server.conf;

/**
 * Limits of one account; -1 means unlimited.
 *
 * @param maxConnections   client connections
 * @param maxSubscriptions subscriptions of one connection
 * @param maxPayloadBytes  largest message
 * @param maxLeafNodes     leaf connections
 */
public record AccountLimits(int maxConnections, int maxSubscriptions, int maxPayloadBytes, int maxLeafNodes) {

    /** No limit. */
    public static final AccountLimits UNLIMITED = new AccountLimits(-1, -1, -1, -1);
}
