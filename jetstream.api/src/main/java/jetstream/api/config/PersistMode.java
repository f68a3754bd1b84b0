package jetstream.api.config;

/** When a publish is acknowledged. */
public enum PersistMode {
    /** {@code default}. */
    DEFAULT("default"),
    /** {@code async}. */
    ASYNC("async");

    private final String json;

    PersistMode(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
