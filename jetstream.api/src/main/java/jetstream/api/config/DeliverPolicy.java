package jetstream.api.config;

/** Where delivery starts. */
public enum DeliverPolicy {
    /** {@code all}. */
    ALL("all"),
    /** {@code last}. */
    LAST("last"),
    /** {@code new}. */
    NEW("new"),
    /** {@code by_start_sequence}. */
    BY_START_SEQUENCE("by_start_sequence"),
    /** {@code by_start_time}. */
    BY_START_TIME("by_start_time"),
    /** {@code last_per_subject}. */
    LAST_PER_SUBJECT("last_per_subject");

    private final String json;

    DeliverPolicy(final String json) {
        this.json = json;
    }

    /** The word in JSON. */
    public String json() {
        return json;
    }
}
