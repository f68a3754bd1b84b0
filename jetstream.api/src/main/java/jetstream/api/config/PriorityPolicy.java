package jetstream.api.config;

/** How the requests of priority groups are served. */
public enum PriorityPolicy {
    /** {@code none}. */
    NONE("none"),
    /** {@code overflow}. */
    OVERFLOW("overflow"),
    /** {@code pinned_client}. */
    PINNED_CLIENT("pinned_client"),
    /** {@code prioritized}. */
    PRIORITIZED("prioritized");

    private final String json;

    PriorityPolicy(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
