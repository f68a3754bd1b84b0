package jetstream.server.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import jetstream.server.conf.RouteUrl;

/** Routes of the configuration as the transport takes them. */
final class RouteUris {
    private RouteUris() {
    }

    /** Host names of the field hold underscores, which are no part of a URI's host: all goes in as plain authority. */
    static URI of(final RouteUrl route) {
        final String user = route.user().isEmpty() ? "" : route.user() + ":" + route.password() + "@";
        final boolean isBareIpv6 = route.host().indexOf(':') >= 0 && !route.host().startsWith("[");
        final String host = isBareIpv6 ? "[" + route.host() + "]" : route.host();
        try {
            return new URI("nats-route", user + host + ":" + route.port(), null, null, null);
        } catch (final URISyntaxException e) {
            throw new IllegalArgumentException("route " + route.host() + ":" + route.port() + " is no address", e);
        }
    }
}
