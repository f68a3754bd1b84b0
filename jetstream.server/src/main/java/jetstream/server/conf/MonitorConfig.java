package jetstream.server.conf;

/**
 * The monitoring listener.
 *
 * @param host             address to bind
 * @param port             0 if there is no listener, -1 for any free port
 * @param basePath         path before every endpoint; starts with a slash
 * @param maxClosedClients closed connections remembered for connz, default 10,000
 */
public record MonitorConfig(String host, int port, String basePath, int maxClosedClients) {

    /** No listener. */
    public static final MonitorConfig OFF = new MonitorConfig("0.0.0.0", 0, "/", 10_000);

    /** Whether there is a listener. */
    public boolean enabled() {
        return port != 0;
    }
}
