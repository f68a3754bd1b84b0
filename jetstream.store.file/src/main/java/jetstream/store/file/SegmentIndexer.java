package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Gives sealed segments their index: the housekeeper reads the segment and writes the index file; then the shard thread
 * moves the places of the segment's entries, some thousand at a time, from the chunks in memory to runs, whose places
 * stay in the file. One segment at a time. Owner: the shard thread.
 */
final class SegmentIndexer {
    private static final int ROWS_PER_CALL = 16_384;
    private static final long RETRY_NS = 10_000_000_000L;

    /** What the housekeeper made: an index, or neither if the segment is damaged, or why the medium refused. */
    private record Made(Segment segment, SealedIndex index, IOException refusal) {
    }

    private final FileStore store;
    private final Disk disk;
    private final long tag;
    private final Executor housekeeper;
    private volatile Made made;
    private Segment inWork;
    private long notBeforeNs;
    private boolean isDelayed;

    private Deque<SealedIndex.GroupItems> groups = new ArrayDeque<>();
    private Deque<IndexItem> items = new ArrayDeque<>();
    private long group;
    private SealedRun run;
    private int row;

    SegmentIndexer(final FileStore store, final Disk disk, final long tag, final Executor housekeeper) {
        this.store = store;
        this.disk = disk;
        this.tag = tag;
        this.housekeeper = housekeeper;
    }

    /** Does a bounded piece; true if there was anything to do. */
    boolean doWork(final long nowNs) {
        if (inWork == null) {
            return begin(nowNs);
        }
        final Made finished = made;
        if (finished != null) {
            made = null;
            take(finished, nowNs);
            return true;
        }
        if (inWork.index == null) {
            return false;
        }
        if (!moveRows()) {
            end();
        }
        return true;
    }

    private boolean begin(final long nowNs) {
        if (isDelayed && nowNs - notBeforeNs < 0) {
            return false;
        }
        for (final Segment segment : store.segments().snapshot()) {
            if (segment.isSealed && segment.index == null && !segment.isDamaged && segment.heldEntries > 0
                    && Position.of(segment.seq, segment.end) <= store.forcer().forcedThrough()) {
                inWork = segment;
                segment.isBeingRead = true;
                housekeeper.execute(() -> made = make(segment));
                return true;
            }
        }
        return false;
    }

    /** Housekeeper. */
    private Made make(final Segment segment) {
        try {
            final ByteBuffer image = IndexBuilder.build(segment, tag);
            return image == null ? new Made(segment, null, null) : new Made(segment, write(segment, image), null);
        } catch (final IOException e) {
            return new Made(segment, null, e);
        } catch (final InternalError e) {
            // What the JVM makes of a mapped page that the medium could not read.
            return new Made(segment, null, null);
        }
    }

    /**
     * Not forced: what a loss of power leaves is told by its checksums, and made again.
     */
    private SealedIndex write(final Segment segment, final ByteBuffer image) throws IOException {
        final String name = SealedIndex.nameOf(segment.seq);
        disk.delete(name);
        try (SegmentFile file = disk.create(name, image.capacity())) {
            file.write(image.duplicate(), 0);
            return SealedIndex.of(segment, tag, file.map());
        } catch (final IOException e) {
            disk.delete(name);
            throw e;
        }
    }

    private void take(final Made finished, final long nowNs) {
        final Segment segment = finished.segment;
        if (finished.index != null) {
            segment.index = finished.index;
            segment.starts = null;
            groups = new ArrayDeque<>(finished.index.groups());
            return;
        }
        inWork = null;
        segment.isBeingRead = false;
        if (finished.refusal != null) {
            isDelayed = true;
            notBeforeNs = nowNs + RETRY_NS;
            store.health().log.line(true, "index of segment " + segment.name + " could not be written, tried again"
                    + " later: " + finished.refusal.getMessage());
        } else {
            segment.isDamaged = true;
            store.health().log.line(true,
                    "segment " + segment.name + " is damaged and gets no index; the scrubber says where");
            store.scrubber().soon(segment);
        }
    }

    /** Moves some rows; false if there is none left. */
    private boolean moveRows() {
        int budget = ROWS_PER_CALL;
        while (budget > 0) {
            if (run == null && !nextRun()) {
                return false;
            }
            while (row < run.count() && budget > 0) {
                run.owner.adopt(run, row++);
                budget--;
            }
            if (row == run.count()) {
                run.owner.endRun(run);
                if (!run.isEmpty()) {
                    inWork.runs.add(run);
                }
                run = null;
            }
        }
        return true;
    }

    private boolean nextRun() {
        while (true) {
            final IndexItem item = items.poll();
            if (item == null) {
                final SealedIndex.GroupItems next = groups.poll();
                if (next == null) {
                    return false;
                }
                group = next.group();
                items = new ArrayDeque<>(next.items());
            } else if (item.isRun()) {
                final FileGroup known = store.find(group);
                if (known != null) {
                    run = known.entries.beginRun(inWork, item);
                    row = 0;
                    return true;
                }
            }
        }
    }

    private void end() {
        inWork.isBeingRead = false;
        inWork = null;
    }
}
