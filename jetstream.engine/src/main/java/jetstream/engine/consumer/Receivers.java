package jetstream.engine.consumer;

import java.util.function.Consumer;

/**
 * Who gets the messages: the pull requests that wait, or the one receiver of a push consumer. Owner: the shard
 * thread.
 */
sealed interface Receivers permits PullDelivery, PushDelivery {
    /** A duty cycle starts: interest and congestion are asked anew. */
    void onCycle();

    /** Whether anybody may take a message now; cheap. */
    boolean canTake(long nowNs);

    /** Who takes a message of that size; null if nobody can. Its credit is used. */
    PullRequest take(int sizeBytes, long nowNs);

    /** The message that was taken has been sent. */
    void sent(PullRequest to, int sizeBytes, long nowNs);

    /** The message that was taken will not be sent: it is gone. */
    void giveBack(PullRequest to, int sizeBytes);

    /** Does what time demands: expiries, heartbeats. */
    void onTime(long nowNs);

    /** There is no message for anybody now. */
    void onEndOfStream(long nowNs);

    /** When {@link #onTime} is due; {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNs();

    /** Whether somebody waits. */
    boolean hasInterest();

    /** Number of requests that wait. */
    int waiting();

    /** Calls for each request that waits. */
    void forEachWaiting(Consumer<PullRequest> visitor);
}
