package jetstream.server.conf;

/**
 * The client listener.
 *
 * @param host      address to bind, {@code 0.0.0.0} by default
 * @param port      port to bind; -1 means any free port
 * @param advertise {@code client_advertise} as host[:port]; empty if absent
 * @param features  what may be switched off
 * @param limits    limits of one connection and of all
 * @param timing    ping, write and lame-duck times
 */
public record ClientConfig(
        String host,
        int port,
        String advertise,
        Features features,
        LimitsConfig limits,
        TimingConfig timing) {

    /** Where clients look for a server. */
    public static final int DEFAULT_PORT = 4222;

    /** The port that a configured number means: 0 is the default one, as in the reference. */
    public static int portOf(final int configured) {
        return configured == 0 ? DEFAULT_PORT : configured;
    }

    /** Whether messages may have headers. */
    public boolean headersSupported() {
        return features.headers();
    }

    /**
     * What may be switched off.
     *
     * @param headers           false if {@code no_header_support} is set
     * @param stallsFastProducer producers are held up while a subscriber falls behind; false if
     *                          {@code no_fast_producer_stall} is set
     */
    public record Features(boolean headers, boolean stallsFastProducer) {

        /** Everything on. */
        public static final Features ALL = new Features(true, true);
    }
}
