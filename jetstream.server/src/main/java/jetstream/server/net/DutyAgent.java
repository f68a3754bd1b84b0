package jetstream.server.net;

/** Something that gets a share of the node thread in every turn. */
public interface DutyAgent {
    /**
     * Does what there is to do, bounded, without blocking.
     *
     * @param nowNs monotonic time of this turn
     * @return amount of work done; 0 lets the thread block in its selector
     */
    int doWork(long nowNs);

    /**
     * When {@link #doWork} must be called even if nothing else happens.
     *
     * @return monotonic nanoseconds; {@link #NO_DEADLINE} if never
     */
    long nextDeadlineNs();

    /** No deadline. */
    long NO_DEADLINE = Long.MAX_VALUE;
}
