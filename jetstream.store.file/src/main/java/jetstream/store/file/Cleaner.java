package jetstream.store.file;

import jetstream.api.entry.EntryLayout;

/**
 * Makes room out of dead records: moves what is still held in a sparse segment to the end of the log, group by group,
 * a bounded number of bytes per second, and leaves the emptied segment to the recycler. Nothing is changed in place;
 * moved bytes are appended like any others and wait for the same force. Owner: the shard thread.
 *
 * <p>Moving costs writes, so it waits until it pays: always where hardly anything is left in a segment (1/16), else
 * when more than the allowed share of all sealed segments is dead, beyond what the spare files would hold, or when
 * room is short. A log that is freed in the order of its writing thus is never moved.
 */
final class Cleaner {
    private static final long CHOOSE_INTERVAL_NS = 100_000_000;
    private static final long SECOND_NS = 1_000_000_000;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int CHEAP_FRACTION = 16;

    private final FileStore store;
    private final FileStoreConfig config;
    private final LogWriter writer;
    private Segment victim;
    private int nextRun;
    private int nextRow;
    private long nextChoiceNs;
    private long lastNs;
    private long budgetBytes;
    private volatile long movedBytes;

    Cleaner(final FileStore store, final FileStoreConfig config, final LogWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
    }

    /** Bytes that were moved since the store was opened. Any thread. */
    long movedBytes() {
        return movedBytes;
    }

    /** Moves a piece, if the rate allows; true if anything was moved. */
    boolean doWork(final long nowNs) {
        refill(nowNs);
        if (victim == null) {
            if (nowNs - nextChoiceNs < 0) {
                return false;
            }
            nextChoiceNs = nowNs + CHOOSE_INTERVAL_NS;
            victim = choose();
            nextRun = 0;
            nextRow = 0;
        }
        boolean hasMoved = false;
        while (victim != null && budgetBytes > 0) {
            hasMoved |= movePiece();
        }
        return hasMoved;
    }

    private void refill(final long nowNs) {
        final long elapsedNs = Math.min(Math.max(0, nowNs - lastNs), SECOND_NS);
        lastNs = nowNs;
        final long perSecond = config.cleanRate();
        // What was not used for a tenth of a second is lost: after a pause no more than that comes at once.
        budgetBytes = Math.min(budgetBytes + (long) (perSecond * (double) elapsedNs / SECOND_NS), perSecond / 10 + 1);
    }

    private Segment choose() {
        long occupied = 0;
        long held = 0;
        Segment sparsest = null;
        for (final Segment segment : store.segments().snapshot()) {
            if (segment.isSealed) {
                occupied += segment.capacity;
                held += segment.heldBytes;
                if (mayMove(segment) && (sparsest == null || fraction(segment) < fraction(sparsest))) {
                    sparsest = segment;
                }
            }
        }
        if (sparsest == null || !store.room().isEnoughToClean(sparsest.heldBytes)) {
            return null;
        }
        final long slack = (long) config.spareSegments() * config.segmentLength();
        final boolean isCheap = sparsest.heldBytes <= sparsest.end / CHEAP_FRACTION;
        final boolean isNeeded = occupied - held > occupied * config.garbageMaxPercent() / 100 + slack
                || store.room().isLow();
        return isCheap || isNeeded && sparsest.heldBytes <= sparsest.end / 4L * 3 ? sparsest : null;
    }

    private static boolean mayMove(final Segment segment) {
        return segment.index != null && !segment.isBeingRead && !segment.isDamaged && segment.heldEntries > 0;
    }

    private static double fraction(final Segment segment) {
        return segment.heldBytes / (double) segment.end;
    }

    /** Moves held entries of one run; goes on with the next one, or gives the victim up if it is damaged. */
    private boolean movePiece() {
        while (nextRun < victim.runs.size() && isDone(victim.runs.get(nextRun))) {
            nextRun++;
            nextRow = 0;
        }
        if (nextRun == victim.runs.size()) {
            victim = null;
            return false;
        }
        final SealedRun run = victim.runs.get(nextRun);
        int through = nextRow;
        int count = 0;
        int bytes = 0;
        while (through < run.count() && bytes < Math.min(PIECE_BYTES, budgetBytes)) {
            if (run.isHeld(through)) {
                if (!isIntact(run, through)) {
                    giveUp(run, through);
                    return false;
                }
                bytes += run.length(through);
                count++;
            }
            through++;
        }
        if (count > 0 && !store.canAppend(bytes + EntryLayout.HEADER_LENGTH)) {
            victim = null;
            return false;
        }
        if (count > 0) {
            move(run, through, count, bytes);
        }
        nextRow = through;
        return count > 0;
    }

    private void move(final SealedRun run, final int throughRow, final int count, final int bytes) {
        writer.beginCopies(count, bytes);
        for (int row = nextRow; row < throughRow; row++) {
            if (run.isHeld(row)) {
                final Window from = victim.window(run.offset(row));
                run.owner.move(run, row, writer.append(from.bytes(), from.at(run.offset(row)), run.length(row)));
            }
        }
        budgetBytes -= bytes;
        movedBytes = movedBytes + bytes;
    }

    private boolean isDone(final SealedRun run) {
        return run.held() == 0 || nextRow >= run.count();
    }

    private boolean isIntact(final SealedRun run, final int row) {
        return run.isReadable() && victim.isIntact(run.owner.group, run.index(row), run.offset(row), run.length(row));
    }

    /** A damaged entry must stay where it is until a peer has given it back. */
    private void giveUp(final SealedRun run, final int row) {
        victim.isDamaged = true;
        final String where = run.isReadable() ? "index " + run.index(row) + " at offset " + run.offset(row)
                : "all from index " + run.first;
        store.health().log.line(true, "cleaning: group " + run.owner.group + " " + where + " of " + victim.name
                + " is damaged; the segment is kept as it is");
        store.scrubber().soon(victim);
        victim = null;
    }
}
