package jetstream.server.conf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code websocket} block.
 *
 * @param listen    address to bind; port -1 means any free port
 * @param advertise host[:port] that clients are told; empty if absent
 * @param tls       TLS of this listener; absent only if {@code no_tls} is set
 * @param upgrade   what HTTP requests must be like, and what is answered
 * @param auth      logins of this listener; absent if those of the server hold
 * @param timing    times
 */
public record WebSocketConfig(HostPort listen, String advertise, Optional<TlsConfig> tls, Upgrade upgrade,
        Optional<AuthConfig> auth, Timing timing) {

    /**
     * What HTTP requests must be like, and what is answered.
     *
     * @param sameOrigin     the request's origin must be the address that it asks
     * @param allowedOrigins the only origins; empty if any is allowed
     * @param cookies        cookies that stand for a client's credentials
     * @param headers        headers of the answer
     * @param compresses     whether messages are compressed if the client can
     */
    public record Upgrade(boolean sameOrigin, List<String> allowedOrigins, Cookies cookies, Map<String, String> headers,
            boolean compresses) {
        /** Copies the collections. */
        public Upgrade {
            allowedOrigins = List.copyOf(allowedOrigins);
            headers = Map.copyOf(headers);
        }
    }

    /**
     * Names of cookies, each empty if there is none.
     *
     * @param jwt      user JWT
     * @param user     user name
     * @param password password
     * @param token    token
     */
    public record Cookies(String jwt, String user, String password, String token) {
    }

    /**
     * Times.
     *
     * @param handshakeTimeoutNs the upgrade must be asked for within this time; 0 for no limit
     * @param pingIntervalNs     time between two PINGs; 0 for that of the server
     */
    public record Timing(long handshakeTimeoutNs, long pingIntervalNs) {
    }
}
