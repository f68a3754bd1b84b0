package jetstream.api.config;

/** Compression at rest. */
public enum Compression {
    /** {@code none}. */
    NONE("none"),
    /** {@code s2}. */
    S2("s2");

    private final String json;

    Compression(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
