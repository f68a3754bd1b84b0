package jetstream.server.net;

import java.net.URI;
import java.util.Locale;
import jetstream.server.conf.WebSocketConfig;

/** Which web pages may connect. A request without an origin does not come from one and is let in. */
final class Origins {
    private static final int PORT_HTTP = 80;
    private static final int PORT_HTTPS = 443;

    private Origins() {
    }

    static boolean isAllowed(final WebSocketConfig.Upgrade upgrade, final String origin, final String host,
            final boolean isSecure) {
        if (origin.isEmpty() || !upgrade.sameOrigin() && upgrade.allowedOrigins().isEmpty()) {
            return true;
        }
        final String asked = normal(origin);
        if (asked.isEmpty()) {
            return false;
        }
        if (upgrade.sameOrigin() && !asked.equals(normal((isSecure ? "https://" : "http://") + host))) {
            return false;
        }
        return upgrade.allowedOrigins().isEmpty()
                || upgrade.allowedOrigins().stream().anyMatch(allowed -> asked.equals(normal(allowed)));
    }

    /** Scheme, host and port with the default port written out; empty if it cannot be read. */
    private static String normal(final String text) {
        try {
            final URI uri = URI.create(text.toLowerCase(Locale.ROOT));
            if (uri.getScheme() == null || uri.getHost() == null) {
                return "";
            }
            final int standard = uri.getScheme().equals("https") ? PORT_HTTPS : PORT_HTTP;
            return uri.getScheme() + "://" + uri.getHost() + ':' + (uri.getPort() < 0 ? standard : uri.getPort());
        } catch (final IllegalArgumentException e) {
            return "";
        }
    }
}
