package jetstream.api.transport;

/** Lanes between two nodes. Frames of one lane arrive in order or not at all; a full lane does not delay another. */
public enum Lane {
    /** Votes, heartbeats, append replies. Small; must never queue behind data. */
    CONTROL,
    /** Appends. */
    DATA,
    /** Catch-up and checkpoints. */
    BULK,
    /** Core NATS messages and interest. */
    ROUTE
}
