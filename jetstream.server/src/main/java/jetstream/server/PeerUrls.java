package jetstream.server;

/** Attributes that servers of a cluster publish for each other's clients and tools. */
final class PeerUrls {
    /** {@code host:port} of the client listener. */
    static final String CLIENT_URL = "client-url";
    /** Public key of the process. */
    static final String SERVER_ID = "server-id";

    private PeerUrls() {
    }
}
