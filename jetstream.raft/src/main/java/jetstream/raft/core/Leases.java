package jetstream.raft.core;

/** When a peer's node last confirmed that it hears us. */
@FunctionalInterface
public interface Leases {
    /** Our monotonic time at which the heartbeat was sent that the peer answered last. */
    long confirmedNs(long node);
}
