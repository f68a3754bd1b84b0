package jetstream.api.frame;

/** Core NATS between servers: interest and messages. The payload's layout belongs to the route agent of the server. */
public sealed interface RouteFrame extends Frame {
    /**
     * Changes of interest. Payload: {@code count} interest rows.
     *
     * @param snapshot true: forget what was known of the sender's interest before applying
     */
    record Interest(boolean snapshot, int count) implements RouteFrame {
    }

    /** Messages for subscribers at the receiver. Payload: {@code count} messages back to back. */
    record Messages(int count) implements RouteFrame {
    }

    /**
     * Something that the servers' upper layers tell each other.
     *
     * @param kind what it is; the payload's layout follows from it
     */
    record Notice(int kind) implements RouteFrame {
    }
}
