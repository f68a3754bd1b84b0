package jetstream.api.config;

/** Medium of a stream. */
public enum Storage {
    /** {@code file}. */
    FILE("file"),
    /** {@code memory}. */
    MEMORY("memory");

    private final String json;

    Storage(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
