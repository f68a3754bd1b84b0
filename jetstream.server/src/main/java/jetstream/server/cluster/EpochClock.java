package jetstream.server.cluster;

import java.time.Instant;

/** Wall-clock time in nanoseconds without an allocation per reading: the monotonic clock, set right twice a second. */
final class EpochClock {
    private static final long SYNC_INTERVAL_NS = 500_000_000L;
    private static final long NS = 1_000_000_000L;

    private long baseEpochNs;
    private long baseNs;

    EpochClock() {
        sync(System.nanoTime());
    }

    long epochNs(final long nowNs) {
        if (nowNs - baseNs > SYNC_INTERVAL_NS) {
            sync(nowNs);
        }
        return baseEpochNs + (nowNs - baseNs);
    }

    private void sync(final long nowNs) {
        final Instant now = Instant.now();
        baseEpochNs = now.getEpochSecond() * NS + now.getNano() - (System.nanoTime() - nowNs);
        baseNs = nowNs;
    }
}
