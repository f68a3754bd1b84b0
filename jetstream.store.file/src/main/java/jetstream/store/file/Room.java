package jetstream.store.file;

import java.io.IOException;
import jetstream.api.GroupId;
import jetstream.api.store.StoreException;

/**
 * How much may still be appended. Three marks, from above: below {@code low_room} publishes should be refused, while
 * everything else (acks, deletes, votes, the cleaner) goes on; below zero no append is taken; and {@code min_free}
 * bytes of the medium stay for what must be written nevertheless: a block that was promised, ballots, truncations, and
 * what the cleaner moves to make room. Owner: the shard thread, unless a method says otherwise.
 */
final class Room {
    private static final long STEP_BYTES = 8 << 20;
    private static final long ASK_INTERVAL_NS = 200_000_000;
    private static final int LOW_FRACTION = 16;

    private final FileStoreConfig config;
    private final Disk disk;
    private final SegmentTable segments;
    private final SegmentPool pool;
    private final StoreHealth health;
    private final long lowBytes;
    private long promisedBytes;
    private long nextAskNs;
    private volatile long bytes = Long.MAX_VALUE;

    Room(final FileStoreConfig config, final Disk disk, final SegmentTable segments, final SegmentPool pool,
            final StoreHealth health) {
        this.config = config;
        this.disk = disk;
        this.segments = segments;
        this.pool = pool;
        this.health = health;
        lowBytes = Math.min(config.lowRoomBytes(), config.maxBytes() / LOW_FRACTION);
    }

    /** Bytes that publishes may take, as of a moment ago; 0 if they should be refused. Any thread. */
    long forPublishes() {
        return Math.max(0, bytes - lowBytes);
    }

    boolean isLow() {
        return bytes < lowBytes;
    }

    /** Whether the cleaner may move so many bytes: it may use half of what is left alone. */
    boolean isEnoughToClean(final long wanted) {
        return bytes > wanted - config.minFreeBytes() / 2 || bytes > wanted - config.segmentLength()
                && config.maxBytes() != Long.MAX_VALUE;
    }

    /** Asks the medium once in a while, so that its room is known while nothing is appended. */
    void refresh(final long nowNs) {
        if (nowNs - nextAskNs >= 0) {
            nextAskNs = nowNs + ASK_INTERVAL_NS;
            promisedBytes = Math.max(0, Math.min(promisedBytes, ask()));
        }
    }

    /**
     * Refuses an append before anything of it is done. Asks the medium once in a while, because a block that was
     * promised room must find it when it is written.
     */
    void check(final long wanted, final GroupId group) {
        if (wanted > promisedBytes) {
            promisedBytes = Math.min(ask(), STEP_BYTES + wanted);
        }
        if (wanted > promisedBytes) {
            final long left = promisedBytes;
            promisedBytes = 0;
            throw new StoreException.Full("no room for " + wanted + " bytes of group " + group + ": "
                    + Math.max(0, left) + " bytes may be taken, " + config.minFreeBytes()
                    + " are left alone; nothing was appended", null);
        }
        promisedBytes -= wanted;
    }

    private long ask() {
        long used = 0;
        if (config.maxBytes() != Long.MAX_VALUE) {
            for (final Segment segment : segments.snapshot()) {
                used += segment.isSealed ? segment.capacity : segment.end;
            }
        }
        try {
            final long onMedium = disk.usableBytes() - config.minFreeBytes() + pool.spareBytes();
            bytes = Math.min(onMedium, config.maxBytes() - used);
            return bytes;
        } catch (final IOException e) {
            throw health.fail("asking the medium for its room", e);
        }
    }
}
