package jetstream.server.conf;

import java.util.Optional;

/**
 * How clients come in beside plain TCP.
 *
 * @param tls         the {@code tls} block of the client port
 * @param allowNonTls whether clients of that port may do without TLS
 * @param webSocket   the {@code websocket} block
 */
public record DoorsConfig(Optional<TlsConfig> tls, boolean allowNonTls, Optional<WebSocketConfig> webSocket) {

    /** Plain TCP alone. */
    public static final DoorsConfig PLAIN = new DoorsConfig(Optional.empty(), false, Optional.empty());
}
