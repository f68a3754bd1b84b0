package jetstream.server.conf;

import java.util.List;
import java.util.Optional;

/**
 * The {@code cluster} block.
 *
 * @param name    cluster name; empty if one is to be generated
 * @param listen  the listener; empty if the server is not clustered
 * @param routes  servers to ask first; the rest is learned from them
 * @param login   what peers must present, and what we present unless a route says otherwise
 * @param dialing how routes are tried and watched
 */
public record ClusterConfig(
        String name,
        Optional<ClusterListen> listen,
        List<RouteUrl> routes,
        ClusterLogin login,
        ClusterDialing dialing) {

    /** Not clustered. */
    public static final ClusterConfig NONE =
            new ClusterConfig("", Optional.empty(), List.of(), ClusterLogin.NONE, ClusterDialing.DEFAULT);

    /** Copies the list. */
    public ClusterConfig {
        routes = List.copyOf(routes);
    }

    /** Whether the server has a cluster listener. */
    public boolean enabled() {
        return listen.isPresent();
    }

    /**
     * The cluster listener.
     *
     * @param host        address to bind
     * @param port        port to bind; -1 means any free port
     * @param advertise   host[:port] that others are told; empty if absent
     * @param noAdvertise the client URLs of this server are not told to others
     */
    public record ClusterListen(String host, int port, String advertise, boolean noAdvertise) {
    }

    /**
     * Cluster credentials.
     *
     * @param user      user name; empty if absent
     * @param password  password; empty if absent
     * @param timeoutNs a peer must have presented them within so many nanoseconds
     */
    public record ClusterLogin(String user, String password, long timeoutNs) {

        /** No credentials. */
        public static final ClusterLogin NONE = new ClusterLogin("", "", 2_000_000_000L);

        /** Never shows the password. */
        @Override
        public String toString() {
            return "ClusterLogin[user=" + user + "]";
        }
    }

    /**
     * How routes are tried and watched.
     *
     * @param connectRetries attempts for a route learned from others
     * @param connectBackoff attempts are spaced from 1 s to 30 s
     * @param pingIntervalNs between two liveness checks; 0 means the client setting, at most 30 s
     * @param pingMax        checks left unanswered; 0 means the client setting
     */
    public record ClusterDialing(int connectRetries, boolean connectBackoff, long pingIntervalNs, int pingMax) {

        /** The reference's defaults. */
        public static final ClusterDialing DEFAULT = new ClusterDialing(0, false, 0, 0);
    }
}
