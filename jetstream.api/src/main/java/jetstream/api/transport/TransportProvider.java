package jetstream.api.transport;

/**
 * Connects nodes. Found with ServiceLoader; chosen by {@link #name()} in the configuration. Has a public constructor
 * without arguments that opens nothing.
 */
public interface TransportProvider {
    /**
     * Lower-case name used in configuration, for instance {@code "aeron"}. Two plug-ins of one name are refused.
     *
     * <p>Thread: any. Blocks: no. Errors: none.
     */
    String name();

    /**
     * Binds the endpoint. A setting that is not known or out of range is refused, naming it and what is allowed.
     *
     * <p>Thread: the one that will poll. Blocks: while names are resolved. Errors: {@link TransportException} if the
     * endpoint cannot be bound or a setting is bad; nothing is left open then.
     */
    Transport open(TransportContext context);
}
