package jetstream.server.route;

/** A subscription of the server itself. */
public interface InternalSubscription {
    /** Ends it. Idempotent. Node thread. */
    void cancel();
}
