package jetstream.server.conf;

/**
 * A listen or dial address.
 *
 * @param host name or address, IPv6 without brackets; may be empty
 * @param port port; -1 means any free port
 */
public record HostPort(String host, int port) {

    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code host:port}, {@code [ipv6]:port}, {@code :port} or {@code host}.
     *
     * @param defaultPort used if no port was written
     * @throws IllegalArgumentException if the port is no number from -1 to 65,535
     */
    public static HostPort parse(final String text, final int defaultPort) {
        final int bracket = text.indexOf(']');
        final int colon = text.lastIndexOf(':');
        final boolean bare = colon < 0 || colon < bracket || bracket < 0 && text.indexOf(':') != colon;
        final String host = bare ? text : text.substring(0, colon);
        final int port = bare ? defaultPort : port(text.substring(colon + 1), text);
        final boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        return new HostPort(isBracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    private static int port(final String digits, final String text) {
        try {
            final int port = Integer.parseInt(digits);
            if (port >= -1 && port <= PORT_MAX) {
                return port;
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("could not parse address string \"" + text + "\"", e);
        }
        throw new IllegalArgumentException("port of \"" + text + "\" is not between -1 and " + PORT_MAX);
    }

    /** The address as written in a URL. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
