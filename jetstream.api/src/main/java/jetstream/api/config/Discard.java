package jetstream.api.config;

/** What a full stream does. */
public enum Discard {
    /** {@code old}. */
    OLD("old"),
    /** {@code new}. */
    NEW("new");

    private final String json;

    Discard(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
