package jetstream.server.route;

/** The client connection that a message came from, as handlers inside the server see it. Owner: node thread. */
public interface Origin {
    /** Connection id, unique in the server's life. */
    long cid();

    /** The account the connection is bound to. */
    Account account();

    /** Name the client gave itself; empty if none. */
    String clientName();

    /** User it is logged in as; empty if none. */
    String user();

    /** Remote address without port. */
    String remoteHost();

    /** Language of its client library; empty if not told. */
    String language();

    /** Version of its client library; empty if not told. */
    String version();

    /** Start of the connection, wall clock, nanoseconds since 1970. */
    long startEpochNs();

    /** Last measured round trip in nanoseconds; 0 if not known. */
    long rttNs();

    /**
     * The connection's messages meet a subscriber that is nearly over its limit: pause reading for a moment.
     * Idempotent.
     */
    void stall();
}
