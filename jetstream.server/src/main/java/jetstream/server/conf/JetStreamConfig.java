package jetstream.server.conf;

/**
 * JetStream on this server.
 *
 * @param enabled   whether this server has JetStream
 * @param storage   where and how data is kept
 * @param domain    JetStream domain; empty if absent
 * @param uniqueTag placement tag that must differ between replicas; empty if absent
 * @param strict    requests with unknown fields are refused, default true
 * @param limits    limits of all accounts together
 */
public record JetStreamConfig(
        boolean enabled,
        JetStreamStorage storage,
        String domain,
        String uniqueTag,
        boolean strict,
        JetStreamLimits limits) {
}
