package jetstream.server.conf;

/**
 * The client listener.
 *
 * @param host             address to bind, {@code 0.0.0.0} by default
 * @param port             port to bind; -1 means any free port
 * @param advertise        {@code client_advertise} as host[:port]; empty if absent
 * @param headersSupported false if {@code no_header_support} is set
 * @param limits           limits of one connection and of all
 * @param timing           ping, write and lame-duck times
 */
public record ClientConfig(
        String host,
        int port,
        String advertise,
        boolean headersSupported,
        LimitsConfig limits,
        TimingConfig timing) {
}
