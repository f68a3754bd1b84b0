package jetstream.server.net;

/** Something that gets a share of the node thread in every turn. */
public interface DutyAgent {
    /**
     * Does what there is to do, bounded, without blocking.
     *
     * @param nowNs monotonic time of this turn
     * @return amount of work done; after little of it the thread blocks in its selector until {@link #nextDeadlineNs}
     */
    int doWork(long nowNs);

    /**
     * When {@link #doWork} must be called even if nothing else happens. Asked right before the thread blocks; now, or
     * any time before, if the last call left something undone.
     *
     * @return monotonic nanoseconds; {@link #NO_DEADLINE} if never
     */
    long nextDeadlineNs();

    /** No deadline. */
    long NO_DEADLINE = Long.MAX_VALUE;
}
