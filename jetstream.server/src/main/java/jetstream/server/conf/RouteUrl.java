package jetstream.server.conf;

/**
 * A configured route, {@code nats-route://user:pass@host:port}. Not a {@code java.net.URI}: that has no host for
 * names with an underscore such as {@code host_b}.
 *
 * @param host     name or address, IPv6 without brackets
 * @param port     port
 * @param user     user name; empty if absent
 * @param password password; empty if absent
 */
public record RouteUrl(String host, int port, String user, String password) {

    /** A route without credentials. */
    public RouteUrl(final String host, final int port) {
        this(host, port, "", "");
    }

    /**
     * Reads one route.
     *
     * @param text {@code [scheme://][user[:password]@]host[:port]} with scheme {@code nats} or {@code nats-route};
     *             the port is 6222 if absent
     * @throws IllegalArgumentException if it has another shape
     */
    public static RouteUrl parse(final String text) {
        final int schemeEnd = text.indexOf("://");
        if (schemeEnd >= 0) {
            final String scheme = text.substring(0, schemeEnd);
            if (!"nats".equals(scheme) && !"nats-route".equals(scheme)) {
                throw new IllegalArgumentException("route scheme \"" + scheme + "\" is neither nats-route nor nats");
            }
        }
        final String rest = schemeEnd < 0 ? text : text.substring(schemeEnd + 3);
        final int loginEnd = rest.lastIndexOf('@');
        final String login = loginEnd < 0 ? "" : rest.substring(0, loginEnd);
        final int colon = login.indexOf(':');
        final HostPort address = HostPort.parse(withoutPath(rest.substring(loginEnd + 1)), DEFAULT_PORT);
        return new RouteUrl(
                address.host(),
                address.port(),
                colon < 0 ? login : login.substring(0, colon),
                colon < 0 ? "" : login.substring(colon + 1));
    }

    private static final int DEFAULT_PORT = 6222;

    private static String withoutPath(final String address) {
        final int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    /** The route without its password. */
    @Override
    public String toString() {
        return "nats-route://" + (user.isEmpty() ? "" : user + "@") + new HostPort(host, port);
    }
}
