package jetstream.api.store;

/** Opens stores on some medium. Found with ServiceLoader; chosen by {@link #name()} in the configuration. */
public interface StoreProvider {
    /** Lower-case name used in configuration, for instance {@code "file"}. */
    String name();

    /**
     * Opens the store, recovering what is there. Calling thread: start-up; may block for the length of recovery.
     *
     * @throws StoreException if the medium cannot be opened; nothing is left open then
     */
    Store open(StoreContext context);
}
