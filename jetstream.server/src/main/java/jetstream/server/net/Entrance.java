package jetstream.server.net;

import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.WebSocketConfig;
import jetstream.server.launch.ServerInfo;
import jetstream.server.tls.TlsContext;

/** A port at which clients come in, and what is special about those who do. Owner: node thread. */
final class Entrance {
    private static final int PORT_HTTP = 80;
    private static final int PORT_HTTPS = 443;

    private final String connectionType;
    private final WebSocketConfig webSocket;
    private final TlsContext tls;
    private final boolean allowsNonTls;
    private final InfoLine infoLine;
    private final long loginTimeoutNs;

    private Entrance(final String connectionType, final WebSocketConfig webSocket, final TlsContext tls,
            final boolean allowsNonTls, final InfoLine infoLine, final long loginTimeoutNs) {
        this.connectionType = connectionType;
        this.webSocket = webSocket;
        this.tls = tls;
        this.allowsNonTls = allowsNonTls;
        this.infoLine = infoLine;
        this.loginTimeoutNs = loginTimeoutNs;
    }

    /** The client port. */
    static Entrance client(final ServerConfig config, final ServerInfo info, final boolean announcesLogin) {
        final TlsContext tls = config.doors().tls().map(TlsContext::load).orElse(null);
        final boolean allowsNonTls = config.doors().allowNonTls();
        final String advertise = config.client().advertise();
        final HostPort address = HostPort.parse(advertise.isEmpty() ? info.host() : advertise, 0);
        final InfoLine infoLine = new InfoLine(config, info,
                new InfoLine.Door(address.host(), address.port(), tls, allowsNonTls, true), announcesLogin);
        return new Entrance("STANDARD", null, tls, allowsNonTls, infoLine, loginTimeoutNs(config.auth(), tls));
    }

    /** The WebSocket port. */
    static Entrance webSocket(final ServerConfig config, final ServerInfo info, final boolean announcesLogin) {
        final WebSocketConfig webSocket = config.doors().webSocket().orElseThrow();
        final TlsContext tls = webSocket.tls().map(TlsContext::load).orElse(null);
        final String advertise = webSocket.advertise();
        final HostPort address = advertise.isEmpty()
                ? webSocket.listen()
                : HostPort.parse(advertise, tls == null ? PORT_HTTP : PORT_HTTPS);
        final InfoLine infoLine = new InfoLine(config, info,
                new InfoLine.Door(address.host(), Math.max(address.port(), 0), tls, false, false), announcesLogin);
        final AuthConfig auth = webSocket.auth().orElse(config.auth());
        return new Entrance("WEBSOCKET", webSocket, tls, false, infoLine, loginTimeoutNs(auth, tls));
    }

    /** With TLS the default is a second longer than a handshake may take. */
    private static long loginTimeoutNs(final AuthConfig auth, final TlsContext tls) {
        final boolean isDefault = auth.timeoutNs() == AuthConfig.OPEN.timeoutNs();
        return tls == null || !isDefault
                ? auth.timeoutNs()
                : tls.config().handshake().timeoutNs() + TimeUnit.SECONDS.toNanos(1);
    }

    /** What users must be allowed to use. */
    String connectionType() {
        return connectionType;
    }

    /** Settings of the WebSocket port; null for the other one. */
    WebSocketConfig webSocket() {
        return webSocket;
    }

    boolean isWebSocket() {
        return webSocket != null;
    }

    /** Keys of this port; null without TLS. */
    TlsContext tls() {
        return tls;
    }

    boolean allowsNonTls() {
        return allowsNonTls;
    }

    /** When the handshake starts, if there is one. */
    TlsConfig.Handshake handshake() {
        return tls.config().handshake();
    }

    InfoLine infoLine() {
        return infoLine;
    }

    /** Time for a good CONNECT. */
    long loginTimeoutNs() {
        return loginTimeoutNs;
    }

    /** A handler for one connection. Its expensive steps run on a thread of {@code services}. */
    SslHandler newTlsHandler(final ClientServices services) {
        final SslHandler handler = new SslHandler(tls.serverEngine(), services.handshakes());
        handler.setHandshakeTimeout(handshake().timeoutNs(), TimeUnit.NANOSECONDS);
        return handler;
    }
}
