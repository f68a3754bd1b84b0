package jetstream.api.config;

/** Speed of delivery. */
public enum ReplayPolicy {
    /** {@code instant}. */
    INSTANT("instant"),
    /** {@code original}. */
    ORIGINAL("original");

    private final String json;

    ReplayPolicy(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
