package jetstream.server.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import jetstream.server.conf.RouteUrl;

/** Routes of the configuration as the transport takes them. */
final class RouteUris {
    private RouteUris() {
    }

    static URI of(final RouteUrl route) {
        final String user = route.user().isEmpty() ? null : route.user() + ":" + route.password();
        try {
            return new URI("nats-route", user, route.host(), route.port(), null, null, null);
        } catch (final URISyntaxException e) {
            throw new IllegalArgumentException("route " + route.host() + ":" + route.port() + " is no address", e);
        }
    }
}
