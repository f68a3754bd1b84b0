package jetstream.server.conf;

/**
 * One permission entry, {@code "subject"} or {@code "subject queue"}.
 *
 * @param subject subject, wildcards allowed
 * @param queue   queue name, wildcards allowed; empty if the entry is not about queue subscriptions
 */
public record SubjectRule(String subject, String queue) {

    /** An entry without a queue. */
    public SubjectRule(final String subject) {
        this(subject, "");
    }
}
