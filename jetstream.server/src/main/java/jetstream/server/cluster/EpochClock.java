package jetstream.server.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wall-clock time in nanoseconds without an allocation per reading: the monotonic clock, set right twice a second, by
 * the other servers' clocks if they contradict this one's.
 *
 * <p>For tests: the file that the system property {@value #OFFSET_FILE} names holds milliseconds by which this server's
 * clock shall be wrong. It is read twice a second, too, so that a clock jumps while the server runs.
 */
final class EpochClock {
    /** System property that names the file with the offset. */
    static final String OFFSET_FILE = "jetstream.clock.offset.file";

    private static final long SYNC_INTERVAL_NS = 500_000_000L;
    private static final long NS = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(EpochClock.class);

    private final PeerClocks peers;
    /** Null if the clock is as right as the machine's. */
    private final Path offsetFile;
    private long offsetNs;
    private long baseEpochNs;
    private long baseNs;
    private long ownBaseEpochNs;
    private boolean isCorrected;

    EpochClock(final PeerClocks peers) {
        this(peers, System.getProperty(OFFSET_FILE));
    }

    EpochClock(final PeerClocks peers, final String offsetFile) {
        this.peers = peers;
        this.offsetFile = offsetFile == null ? null : Path.of(offsetFile);
        sync(System.nanoTime());
    }

    long epochNs(final long nowNs) {
        if (nowNs - baseNs > SYNC_INTERVAL_NS) {
            sync(nowNs);
        }
        return baseEpochNs + (nowNs - baseNs);
    }

    /** What this machine's clock says, right or wrong. */
    long ownEpochNs(final long nowNs) {
        epochNs(nowNs);
        return ownBaseEpochNs + (nowNs - baseNs);
    }

    private void sync(final long nowNs) {
        if (offsetFile != null) {
            offsetNs = read();
        }
        final Instant now = Instant.now();
        ownBaseEpochNs = now.getEpochSecond() * NS + now.getNano() - (System.nanoTime() - nowNs) + offsetNs;
        baseEpochNs = peers.agreed(ownBaseEpochNs, nowNs);
        baseNs = nowNs;
        if (isCorrected != (baseEpochNs != ownBaseEpochNs)) {
            isCorrected = !isCorrected;
            tell();
        }
    }

    private void tell() {
        if (isCorrected) {
            LOG.warn("the clock of this machine is {} ahead of those of the other servers; JetStream goes by theirs",
                    Duration.ofNanos(ownBaseEpochNs - baseEpochNs));
        } else {
            LOG.info("the clock of this machine agrees with those of the other servers again");
        }
    }

    /** What the file says; the offset stays as it is while the file is being written. */
    private long read() {
        try {
            return Long.parseLong(Files.readString(offsetFile).trim()) * NS_PER_MS;
        } catch (final IOException | NumberFormatException e) {
            return offsetNs;
        }
    }
}
