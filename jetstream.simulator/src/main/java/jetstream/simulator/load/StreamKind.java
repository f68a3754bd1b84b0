package jetstream.simulator.load;

/** What a stream of the workload is for; each kind has its own rules at the end. */
public enum StreamKind {
    /** Keeps everything. */
    LEDGER,
    /** Keeps the last message of each subject; writers compare and set. */
    KEYS,
    /** Keeps what was not acknowledged. */
    QUEUE,
    /** Keeps everything, but messages are purged and deleted. */
    PURGED;

    /** Whether messages go only when something newer or an ack takes their place, never by a client's order. */
    public boolean isWholeWithout(final boolean purges) {
        return this == LEDGER || this == PURGED && !purges;
    }
}
