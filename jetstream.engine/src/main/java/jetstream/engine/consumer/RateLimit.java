package jetstream.engine.consumer;

/**
 * Token bucket of a push consumer: so many bits per second, with a burst of the largest message. Owner: the shard
 * thread.
 */
final class RateLimit {
    private static final double NS_PER_SECOND = 1e9;

    private final int burstMinBytes;
    private double bytesPerSecond;
    private double tokens;
    private long filledNs;
    private boolean isStarted;

    RateLimit(final int burstMinBytes) {
        this.burstMinBytes = burstMinBytes;
    }

    /** Sets the rate; 0 means no limit. */
    void bitsPerSecond(final long bits) {
        bytesPerSecond = bits / 8.0;
    }

    /** Takes the tokens of a message; false if there are too few now. */
    boolean take(final int bytes, final long nowNs) {
        if (bytesPerSecond <= 0) {
            return true;
        }
        final double burst = Math.max(burstMinBytes, bytes);
        if (isStarted) {
            tokens = Math.min(burst, tokens + (nowNs - filledNs) / NS_PER_SECOND * bytesPerSecond);
        } else {
            tokens = burst;
            isStarted = true;
        }
        filledNs = nowNs;
        if (tokens < bytes) {
            return false;
        }
        tokens -= bytes;
        return true;
    }

    /** When there will be tokens enough. */
    long readyNs(final int bytes, final long nowNs) {
        return nowNs + (long) Math.ceil((bytes - tokens) / bytesPerSecond * NS_PER_SECOND);
    }
}
