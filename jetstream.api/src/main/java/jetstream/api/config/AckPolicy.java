package jetstream.api.config;

/** What must be acknowledged. */
public enum AckPolicy {
    /** {@code none}. */
    NONE("none"),
    /** {@code all}. */
    ALL("all"),
    /** {@code explicit}. */
    EXPLICIT("explicit"),
    /** {@code flow_control}. */
    FLOW_CONTROL("flow_control");

    private final String json;

    AckPolicy(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
