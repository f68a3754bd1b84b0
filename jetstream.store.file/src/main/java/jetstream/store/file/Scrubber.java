package jetstream.store.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Reads sealed segments again and again, at a bounded rate, so that damage is found while the peers still have what was
 * damaged. Reports each place once a pass, to the log, and the entries in it to the store's owner; {@code verify} tells
 * all of it. The reading is the housekeeper's, a piece at a time. Owner: the shard thread.
 */
final class Scrubber {
    private static final int PIECE_BYTES = 1 << 20;
    private static final long SECOND_NS = 1_000_000_000;
    private static final long PASS_INTERVAL_NS = 24 * 3600 * SECOND_NS;

    private final FileStore store;
    private final FileStoreConfig config;
    private final long tag;
    private final Executor housekeeper;
    /** Somebody met damage in them. */
    private final Deque<Segment> urgent = new ArrayDeque<>();
    private boolean isUrgent;
    private Segment segment;
    private SegmentCheck check;
    private long nextSeq;
    private long nextPieceNs;
    private volatile boolean isReading;
    private volatile long readBytes;

    Scrubber(final FileStore store, final FileStoreConfig config, final long tag, final Executor housekeeper) {
        this.store = store;
        this.config = config;
        this.tag = tag;
        this.housekeeper = housekeeper;
    }

    /** Bytes read since the store was opened. Any thread. */
    long readBytes() {
        return readBytes;
    }

    /** Somebody met damage in that segment: it is looked at next, whatever the rate. */
    void soon(final Segment damaged) {
        urgent.add(damaged);
    }

    /** Has a piece read, if it is time. */
    boolean doWork(final long nowNs) {
        if (isReading) {
            return false;
        }
        if (check != null && check.isDone()) {
            report();
        }
        if (!isUrgent && urgent.isEmpty() && (config.scrubRate() == 0 || nowNs - nextPieceNs < 0)) {
            return false;
        }
        if (check == null && !next()) {
            nextSeq = 0;
            nextPieceNs = nowNs + PASS_INTERVAL_NS;
            return false;
        }
        final SegmentCheck piece = check;
        final int length = Math.min(PIECE_BYTES, segment.end);
        nextPieceNs = nowNs + (long) (length * (double) SECOND_NS / Math.max(1, config.scrubRate()));
        isReading = true;
        housekeeper.execute(() -> {
            readBytes = readBytes + piece.run(PIECE_BYTES);
            isReading = false;
        });
        return true;
    }

    private boolean next() {
        for (Segment next = urgent.poll(); next != null; next = urgent.poll()) {
            if (next.retiredAt == 0) {
                isUrgent = true;
                begin(next);
                return true;
            }
        }
        if (config.scrubRate() == 0) {
            return false;
        }
        for (final Segment candidate : store.segments().snapshot()) {
            if (candidate.seq >= nextSeq && candidate.isSealed && candidate.retiredAt == 0) {
                nextSeq = candidate.seq + 1;
                begin(candidate);
                return true;
            }
        }
        return false;
    }

    private void begin(final Segment next) {
        segment = next;
        check = new SegmentCheck(next, tag);
    }

    private void report() {
        // Emptied meanwhile, and perhaps overwritten: what was seen says nothing.
        if (segment.retiredAt == 0) {
            for (final SegmentCheck.Damage damage : check.damages()) {
                store.health().log.line(true, "scrubber: " + damage.text());
                store.damageFinder().damaged(segment, damage.from(), damage.through());
            }
        }
        check = null;
        segment = null;
        isUrgent = false;
    }
}
