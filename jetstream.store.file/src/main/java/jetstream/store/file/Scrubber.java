package jetstream.store.file;

import java.util.concurrent.Executor;

/**
 * Reads sealed segments again and again, at a bounded rate, so that damage is found while the peers still have what was
 * damaged. Reports each place once a pass, to the log; {@code verify} tells all of it. The reading is the
 * housekeeper's, a piece at a time. Owner: the shard thread.
 */
final class Scrubber {
    private static final int PIECE_BYTES = 1 << 20;
    private static final long SECOND_NS = 1_000_000_000;
    private static final long PASS_INTERVAL_NS = 24 * 3600 * SECOND_NS;

    private final FileStore store;
    private final FileStoreConfig config;
    private final long tag;
    private final Executor housekeeper;
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

    /** Has a piece read, if it is time. */
    boolean doWork(final long nowNs) {
        if (config.scrubRate() == 0 || isReading || nowNs - nextPieceNs < 0) {
            return false;
        }
        if (check != null && check.isDone()) {
            report();
        }
        if (check == null && !next()) {
            nextSeq = 0;
            nextPieceNs = nowNs + PASS_INTERVAL_NS;
            return false;
        }
        nextPieceNs = nowNs + (long) (PIECE_BYTES * (double) SECOND_NS / config.scrubRate());
        isReading = true;
        final SegmentCheck piece = check;
        housekeeper.execute(() -> {
            readBytes = readBytes + piece.run(PIECE_BYTES);
            isReading = false;
        });
        return true;
    }

    private boolean next() {
        for (final Segment candidate : store.segments().snapshot()) {
            if (candidate.seq >= nextSeq && candidate.isSealed && candidate.retiredAt == 0) {
                segment = candidate;
                nextSeq = candidate.seq + 1;
                check = new SegmentCheck(candidate, tag);
                return true;
            }
        }
        return false;
    }

    private void report() {
        // Emptied meanwhile, and perhaps overwritten: what was seen says nothing.
        if (segment.retiredAt == 0) {
            for (final String damage : check.damages()) {
                store.health().log.line(true, "scrubber: " + damage);
            }
        }
        check = null;
        segment = null;
    }
}
