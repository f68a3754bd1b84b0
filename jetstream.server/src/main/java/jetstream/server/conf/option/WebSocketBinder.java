package jetstream.server.conf.option;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.SingleLogin;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.WebSocketConfig;
import jetstream.server.conf.syntax.ConfValue;

/** Binds the {@code websocket} block. */
final class WebSocketBinder {

    private static final String HOST = "0.0.0.0";
    private static final long HANDSHAKE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    /** Those that make the upgrade what it is. */
    private static final Set<String> FORBIDDEN_HEADERS =
            Set.of("host", "content-length", "connection", "upgrade", "nats-no-masking");

    private final BlockReader block;

    private WebSocketBinder(final BlockReader block) {
        this.block = block;
    }

    /** Reads the block of the top level; one without a port opens no listener. */
    static Optional<WebSocketConfig> read(final BlockReader top) {
        return top.block("websocket", "websocket").flatMap(block -> new WebSocketBinder(block).bind(top));
    }

    private Optional<WebSocketConfig> bind(final BlockReader top) {
        final HostPort listen = block.address(
                "listen", new HostPort(block.text("host", HOST), block.count("port", 0)));
        final Optional<TlsConfig> tls = TlsBinder.read(block, "tls");
        final boolean isOpen = listen.port() != 0;
        if (isOpen && tls.isEmpty() && !block.has("tls") && !block.flag("no_tls", false)) {
            top.error("websocket", "websocket requires TLS configuration, or no_tls: true");
        }
        final WebSocketConfig config = new WebSocketConfig(listen, block.text("advertise", ""), tls, upgrade(), auth(),
                new WebSocketConfig.Timing(
                        block.durationNs("handshake_timeout", HANDSHAKE_TIMEOUT_NS),
                        block.durationNs("ping_interval", 0)));
        return isOpen ? Optional.of(config) : Optional.empty();
    }

    private WebSocketConfig.Upgrade upgrade() {
        for (final String origin : block.texts("allowed_origins")) {
            if (!isOrigin(origin)) {
                block.error("allowed_origins", "unable to parse allowed origin \"" + origin
                        + "\": it must be like https://host[:port]");
            }
        }
        return new WebSocketConfig.Upgrade(block.flag("same_origin", false),
                List.copyOf(block.texts("allowed_origins")),
                new WebSocketConfig.Cookies(block.text("jwt_cookie", ""), block.text("user_cookie", ""),
                        block.text("pass_cookie", ""), block.text("token_cookie", "")),
                headers(), block.flag("compression", false));
    }

    private static boolean isOrigin(final String text) {
        try {
            final URI uri = URI.create(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private Map<String, String> headers() {
        final Map<String, String> all = new LinkedHashMap<>();
        if (!(block.field("headers").map(ConfValue.Field::value).orElse(null) instanceof final ConfValue.Block map)) {
            if (block.has("headers")) {
                block.error("headers", "headers must be a map of strings");
            }
            return all;
        }
        for (final ConfValue.Field header : map.all()) {
            final String name = header.key().toLowerCase(Locale.ROOT);
            if (FORBIDDEN_HEADERS.contains(name) || name.startsWith("sec-websocket-")) {
                block.problems().error(header.origin(),
                        "websocket: invalid header \"" + header.key() + "\" not allowed: the upgrade itself sets it");
            } else if (header.value() instanceof final ConfValue.Text text) {
                all.put(header.key(), text.text());
            } else {
                block.problems().error(header.origin(), "headers must hold strings");
            }
        }
        return all;
    }

    /** The listener's own logins replace those of the server if there are any. */
    private Optional<AuthConfig> auth() {
        final String noAuthUser = block.text("no_auth_user", "");
        final Optional<BlockReader> own = block.block("authorization", "websocket authorization");
        if (own.isEmpty() && noAuthUser.isEmpty()) {
            return Optional.empty();
        }
        final AuthConfig open = AuthConfig.OPEN;
        final SingleLogin login = own
                .map(b -> new SingleLogin(b.text("user", ""), b.text("password", ""), b.text("token", "")))
                .orElse(SingleLogin.NONE);
        final long timeoutNs = own.map(b -> b.secondsNs("timeout", open.timeoutNs())).orElse(open.timeoutNs());
        return Optional.of(new AuthConfig(login, List.of(), timeoutNs, noAuthUser, Optional.empty()));
    }
}
