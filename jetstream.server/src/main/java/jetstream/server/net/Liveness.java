package jetstream.server.net;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.TimingConfig;
import jetstream.server.protocol.ProtocolError;
import jetstream.server.protocol.ProtocolWriter;

/**
 * Pings one client, measures its round trip and finds out that it has gone. Owner: node thread.
 *
 * @see "spec/client-protocol.md section 7"
 */
final class Liveness {
    private static final long FIRST_PING_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long RTT_VALID_NS = TimeUnit.HOURS.toNanos(1);
    private static final int JITTER_PARTS = 5;

    private final ClientConnection connection;
    private final NodeLoop loop;
    private final TimingConfig timing;
    private ScheduledFuture<?> timer;
    private int unanswered;
    private long pingSentNs;
    private long rttNs;
    private long rttMeasuredNs;
    private boolean isSignSeen;
    private long msgsSeen;

    Liveness(final ClientConnection connection, final NodeLoop loop, final TimingConfig timing) {
        this.connection = connection;
        this.loop = loop;
        this.timing = timing;
    }

    /** The client has logged in. Later calls change nothing. */
    void start() {
        if (timer == null) {
            final long firstNs = Math.min(FIRST_PING_NS, timing.pingIntervalNs());
            schedule(firstNs + ThreadLocalRandom.current().nextLong(firstNs / JITTER_PARTS + 1));
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** The client has done something of its own accord besides publishing, which is seen from its counter. */
    void onSign() {
        isSignSeen = true;
    }

    void onPong() {
        if (unanswered > 0) {
            rttMeasuredNs = System.nanoTime();
            rttNs = Math.max(1, rttMeasuredNs - pingSentNs);
        }
        unanswered = 0;
    }

    long rttNs() {
        return rttNs;
    }

    private void schedule(final long delayNs) {
        timer = loop.eventLoop().schedule(this::onTimer, delayNs, TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        if (connection.isClosed()) {
            return;
        }
        final long nowNs = System.nanoTime();
        final boolean isRttKnown = rttNs > 0 && nowNs - rttMeasuredNs < RTT_VALID_NS;
        final long msgs = connection.traffic().inMsgs();
        final boolean isAlive = isSignSeen || msgs != msgsSeen;
        isSignSeen = false;
        msgsSeen = msgs;
        if (!isRttKnown || !isAlive) {
            if (unanswered + 1 > timing.pingMax()) {
                connection.fail(ProtocolError.STALE_CONNECTION, ClosedReason.STALE_CONNECTION);
                return;
            }
            unanswered++;
            pingSentNs = nowNs;
            connection.output().write(ProtocolWriter.PING);
        }
        schedule(timing.pingIntervalNs());
    }
}
