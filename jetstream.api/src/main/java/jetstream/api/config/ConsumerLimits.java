package jetstream.api.config;

/**
 * Defaults and bounds of a stream's consumers.
 *
 * @param inactiveThresholdNs nanoseconds; 0 unset
 * @param maxAckPending 0 unset
 */
public record ConsumerLimits(long inactiveThresholdNs, int maxAckPending) {
    /** Nothing set. */
    public static final ConsumerLimits NONE = new ConsumerLimits(0, 0);
}
