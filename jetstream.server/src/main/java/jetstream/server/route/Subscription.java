package jetstream.server.route;

import java.nio.charset.StandardCharsets;

/** One subscription of a client connection or of the server itself. Owner: node thread. */
public final class Subscription {
    private final Account account;
    private final Receiver receiver;
    private final byte[] subject;
    private final byte[] queue;
    private final byte[] sid;
    private final boolean isLocalOnly;
    private long delivered;
    private long max;
    private boolean isClosed;
    private boolean needsDenyFilter;
    private int place;

    /**
     * Makes a subscription that is not in the router yet.
     *
     * @param account     whose subjects
     * @param receiver    where messages go
     * @param subject     valid pattern; kept
     * @param queue       queue group or null; kept
     * @param sid         the client's name for it; kept
     * @param isLocalOnly peers are not told of it
     */
    public Subscription(final Account account, final Receiver receiver, final byte[] subject, final byte[] queue,
            final byte[] sid, final boolean isLocalOnly) {
        this.account = account;
        this.receiver = receiver;
        this.subject = subject;
        this.queue = queue;
        this.sid = sid;
        this.isLocalOnly = isLocalOnly;
    }

    /** Whose subjects. */
    public Account account() {
        return account;
    }

    /** Where messages go. */
    public Receiver receiver() {
        return receiver;
    }

    /** The pattern; not to be changed. */
    public byte[] subject() {
        return subject;
    }

    /** The queue group or null; not to be changed. */
    public byte[] queue() {
        return queue;
    }

    /** The client's name for it; not to be changed. */
    public byte[] sid() {
        return sid;
    }

    /** The pattern as text. */
    public String subjectText() {
        return new String(subject, StandardCharsets.UTF_8);
    }

    /** The queue group as text, empty if there is none. */
    public String queueText() {
        return queue == null ? "" : new String(queue, StandardCharsets.UTF_8);
    }

    /** The client's name for it as text. */
    public String sidText() {
        return new String(sid, StandardCharsets.UTF_8);
    }

    /** Messages delivered so far. */
    public long delivered() {
        return delivered;
    }

    /** Messages after which it ends; 0 means never. */
    public long max() {
        return max;
    }

    /** Sets after how many messages it ends. */
    public void max(final long messages) {
        max = messages;
    }

    /** Whether it has ended. */
    public boolean isClosed() {
        return isClosed;
    }

    /** Whether each message must be checked against the user's deny rules. */
    public boolean needsDenyFilter() {
        return needsDenyFilter;
    }

    /** Sets that each message must be checked. */
    public void needsDenyFilter(final boolean isNeeded) {
        needsDenyFilter = isNeeded;
    }

    boolean isLocalOnly() {
        return isLocalOnly;
    }

    void close() {
        isClosed = true;
    }

    void countDelivered() {
        delivered++;
    }

    int place() {
        return place;
    }

    void place(final int index) {
        place = index;
    }
}
