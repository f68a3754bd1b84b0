package jetstream.api.config;

/** When messages go. */
public enum Retention {
    /** {@code limits}. */
    LIMITS("limits"),
    /** {@code interest}. */
    INTEREST("interest"),
    /** {@code workqueue}. */
    WORKQUEUE("workqueue");

    private final String json;

    Retention(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
