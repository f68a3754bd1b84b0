package jetstream.engine.stream;

/** Why a stored message went. */
public enum RemovalReason {
    /** A limit of messages or bytes, of the stream or of the subject. */
    LIMIT,
    /** Older than {@code max_age}, or its own time to live is over. */
    AGE,
    /** Replaced by a rollup message. */
    ROLLUP,
    /** A client purged. */
    PURGE,
    /** A client deleted it. */
    DELETE,
    /** Nobody needs it any more: interest and work-queue retention. */
    DONE
}
