package jetstream.server.conf;

import java.util.concurrent.TimeUnit;

/**
 * Times of client connections, all in nanoseconds.
 *
 * @param pingIntervalNs      between two PINGs to a silent client, default 2 minutes
 * @param pingMax             PINGs left unanswered before the connection is stale, default 2
 * @param writeDeadlineNs     one write may take so long, default 10 seconds
 * @param writeTimeout        what happens then
 * @param lameDuckDurationNs  clients are closed within so long, default 2 minutes
 * @param lameDuckGraceNs     before the first is closed, default 10 seconds
 */
public record TimingConfig(
        long pingIntervalNs,
        int pingMax,
        long writeDeadlineNs,
        WriteTimeout writeTimeout,
        long lameDuckDurationNs,
        long lameDuckGraceNs) {

    /** What a write that missed its deadline does to the connection. */
    public enum WriteTimeout {
        /** The choice that belongs to the kind of connection: close clients, retry routes. */
        DEFAULT,
        /** Close the connection. */
        CLOSE,
        /** Keep the rest for the next turn. */
        RETRY
    }

    /** The reference's defaults. */
    public static final TimingConfig DEFAULT = new TimingConfig(
            TimeUnit.MINUTES.toNanos(2),
            2,
            TimeUnit.SECONDS.toNanos(10),
            WriteTimeout.DEFAULT,
            TimeUnit.MINUTES.toNanos(2),
            TimeUnit.SECONDS.toNanos(10));
}
