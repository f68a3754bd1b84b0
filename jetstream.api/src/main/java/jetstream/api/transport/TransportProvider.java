package jetstream.api.transport;

/** Connects nodes. Found with ServiceLoader; chosen by {@link #name()} in the configuration. */
public interface TransportProvider {
    /** Lower-case name used in configuration, for instance {@code "aeron"}. */
    String name();

    /**
     * Binds the endpoint. Calling thread: the one that will poll.
     *
     * @throws TransportException if the endpoint cannot be bound; nothing is left open then
     */
    Transport open(TransportContext context);
}
