package jetstream.store.file;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Second half of recovery: replays the log that {@link LogScan} found, cuts its torn end, and makes the rest durable
 * before anybody relies on it. Owner: the opening thread.
 */
final class Recovery {
    private static final String QUARANTINE = "quarantine/";

    private final FileStore store;
    private final LogScan scan;
    private final Losses losses;
    private final Replay replay;
    /** Numbers of segments of which nothing can be read. */
    private final TreeSet<Long> lost = new TreeSet<>();
    private final long tag;

    Recovery(final FileStore store, final LogScan scan, final long tag) {
        this.store = store;
        this.scan = scan;
        this.tag = tag;
        losses = new Losses(store);
        replay = new Replay(store, losses);
    }

    void run() throws IOException {
        SegmentScan last = null;
        for (final Map.Entry<Long, SegmentScan> next : scan.segments.entrySet()) {
            if (Position.of(next.getKey(), 0) < scan.cut) {
                last = next.getValue();
                adopt(last);
            }
        }
        for (final long seq : scan.missing) {
            if (Position.of(seq, 0) < scan.forcedThrough) {
                lost.add(seq);
            }
        }
        for (final Segment segment : store.segments().snapshot()) {
            passLost(segment.seq);
            replay.run(scan.segments.get(segment.seq), scan.cut, scan.forcedThrough);
        }
        passLost(Long.MAX_VALUE);
        final CheckpointRecovery checkpoints = new CheckpointRecovery(store, replay, tag);
        checkpoints.run();
        losses.shorten();
        losses.report();
        losses.markForgetful();
        goOn(last);
        checkpoints.deleteOthers();
        giveBackUnused();
        deleteStrayIndexes();
    }

    /** Segments that are not there are lost where they stood: what came before is in doubt, what follows is not. */
    private void passLost(final long beforeSeq) {
        while (!lost.isEmpty() && lost.first() < beforeSeq) {
            losses.lost(Position.of(lost.pollFirst() + 1, 0));
        }
    }

    private void deleteStrayIndexes() throws IOException {
        for (final Segment segment : store.segments().snapshot()) {
            if (segment.index != null) {
                scan.indexFiles.remove(SealedIndex.nameOf(segment.seq));
            }
        }
        for (final String stray : scan.indexFiles) {
            store.checkpointFiles().disk().delete(stray);
        }
        for (final String draft : scan.drafts) {
            store.checkpointFiles().disk().delete(draft);
        }
    }

    private void adopt(final SegmentScan found) throws IOException {
        final Segment segment = found.segment;
        final boolean holdsCut = Position.segmentSeq(scan.cut) == segment.seq;
        segment.end = holdsCut ? Position.offset(scan.cut) : found.end;
        segment.reserved = segment.end;
        segment.isSealed = true;
        segment.index = found.index;
        segment.findUnits();
        segment.isDamaged = !found.gaps.isEmpty();
        if (found.blockCount == 0 && segment.end > 0 && !holdsCut) {
            quarantine(segment);
        } else {
            store.segments().add(segment);
        }
    }

    /** Set apart, not deleted: it may hold what no other replica has. */
    private void quarantine(final Segment segment) throws IOException {
        lost.add(segment.seq);
        segment.file.close();
        store.checkpointFiles().disk().rename(segment.name, QUARANTINE + segment.name);
        store.health().log.line(true,
                "segment file " + segment.name + " holds nothing that can be read; moved to " + QUARANTINE);
    }

    private void goOn(final SegmentScan last) throws IOException {
        final boolean isClean = scan.cut == Long.MAX_VALUE;
        if (!isClean) {
            store.health().log.line(true,
                    "the log ends torn at " + Position.text(scan.cut) + ": what follows was never forced"
                            + " and is cut; forced for certain through " + Position.text(scan.forcedThrough));
        }
        forceRecovered();
        final boolean mayResume = isClean && last != null && store.segments().get(last.segment.seq) == last.segment
                && last.segment.seq == scan.highestLogSeq() && last.segment.index == null
                && last.gaps.isEmpty();
        if (mayResume) {
            last.segment.isSealed = false;
            store.forcer().began(last.segment);
            store.writer().resume(last.segment, scan.highestSeq + 1);
            store.forcer().recovered(Position.of(last.segment.seq, last.segment.end));
        } else {
            // What was cut could look like the log again if this went on in the same segment: a new one says where it
            // ended.
            store.writer().start(scan.highestSeq + 1);
            store.forcer().force(store.writer().ticket());
        }
    }

    private void forceRecovered() throws IOException {
        // Their names first: the process may have been killed before it could.
        store.checkpointFiles().disk().forceFolder("");
        for (final Segment segment : store.segments().snapshot()) {
            if (segment.seq >= Position.segmentSeq(scan.forcedThrough)) {
                segment.file.force();
            }
        }
    }

    private void giveBackUnused() throws IOException {
        for (final SegmentScan voided : scan.segments.tailMap(Position.segmentSeq(scan.cut), true).values()) {
            if (store.segments().get(voided.segment.seq) != voided.segment) {
                scan.unused.add(voided.segment);
            }
        }
        final List<Segment> unused = scan.unused;
        for (final Segment segment : unused) {
            store.pool().recycle(new SegmentPool.Spare(segment.name, segment.file, segment.capacity, 0));
        }
    }
}
