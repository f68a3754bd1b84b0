package jetstream.api.store;

/**
 * Opens stores on some medium. Found with ServiceLoader; chosen by {@link #name()} in the configuration. Has a public
 * constructor without arguments that opens nothing.
 */
public interface StoreProvider {
    /**
     * Lower-case name used in configuration, for instance {@code "file"}. Two plug-ins of one name are refused.
     *
     * <p>Thread: any. Blocks: no. Errors: none.
     */
    String name();

    /**
     * Opens the store, recovering what is there. A store that keeps files claims its directory with
     * {@link StoreDirectory} first.
     *
     * <p>Thread: start-up's, before the shard's. Blocks: for the length of recovery. Durable: all that is found is, on
     * return. Errors: {@link StoreException.Refused} if the directory is another server's, another store's, of a newer
     * format, in use ({@link StoreException.InUse}), or a setting is not known or out of range; nothing was touched
     * then. {@link StoreException.Failed} if the medium can not be read or written. Nothing is left open after either.
     */
    Store open(StoreContext context);
}
