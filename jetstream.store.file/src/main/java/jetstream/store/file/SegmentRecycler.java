package jetstream.store.file;

import java.util.HashMap;
import java.util.Map;
import jetstream.api.entry.EntryLayout;

/**
 * Gives emptied segments back. In three steps, each after a force that covers the one before, so that a crash at any
 * point finds either the segment or what replaces it: (1) the segment holds nothing, and what made it so is durable;
 * (2) what its other records say that nothing newer says is written again at the end of the log, followed by a RETIRE
 * record; (3) that is durable: the file may be overwritten. Owner: the shard thread.
 */
final class SegmentRecycler {
    private static final int RETIRED_PER_CALL = 4;

    /**
     * A deleted group, as long as bytes of it may stand in a segment in use: where its last DELETE record and the first
     * lie.
     */
    private record Tombstone(long recordSeq, long deletedSeq) {
    }

    private final FileStore store;
    private final SegmentTable segments;
    private final SegmentPool pool;
    private final Forcer forcer;
    private final Map<Long, Tombstone> tombstones = new HashMap<>();

    SegmentRecycler(final FileStore store, final SegmentTable segments, final SegmentPool pool, final Forcer forcer) {
        this.store = store;
        this.segments = segments;
        this.pool = pool;
        this.forcer = forcer;
    }

    /** A DELETE record of that group was written or read. */
    void deleted(final long group, final long recordPosition, final long deletedSeq) {
        tombstones.put(group, new Tombstone(Position.segmentSeq(recordPosition), deletedSeq));
    }

    boolean isDeleted(final long group) {
        return tombstones.containsKey(group);
    }

    /** Takes each emptied segment one step further, at the most. */
    boolean doWork() {
        int retired = 0;
        boolean hasWorked = false;
        for (final Segment segment : segments.snapshot()) {
            if (segment.isSealed && segment.heldEntries == 0 && retired < RETIRED_PER_CALL) {
                final boolean hasStepped = step(segment);
                hasWorked |= hasStepped;
                retired += hasStepped ? 1 : 0;
            }
        }
        return hasWorked;
    }

    private boolean step(final Segment segment) {
        final long forced = forcer.forcedThrough();
        if (segment.emptiedAt == 0) {
            segment.emptiedAt = store.writer().appendedThrough();
        }
        if (segment.retiredAt != 0) {
            return forced > segment.retiredAt && !segment.isBeingRead && giveBack(segment);
        }
        return forced >= segment.emptiedAt && store.canAppend(EntryLayout.HEADER_LENGTH) && retire(segment);
    }

    private boolean giveBack(final Segment segment) {
        segments.remove(segment);
        if (segment.index != null) {
            pool.deleteLater(SealedIndex.nameOf(segment.seq));
        }
        pool.recycle(new SegmentPool.Spare(segment.name, segment.file, segment.capacity, segment.reserved));
        return true;
    }

    private boolean retire(final Segment segment) {
        for (final long group : segment.controlGroups) {
            final FileGroup known = store.find(group);
            if (known != null && !mayCarry(segment, known.state)) {
                return false;
            }
        }
        // A copy: carrying adds to the set of the segment that is written, never of this sealed one, but prove it
        // cheaply.
        for (final Long group : segment.controlGroups.toArray(Long[]::new)) {
            carry(segment, group);
        }
        segment.retiredAt = store.writer().control(RecordType.RETIRE, 0, segment.seq, 0);
        return true;
    }

    /** Not while the newest checkpoint may be lost in a crash, which would need the older one, perhaps in here. */
    private boolean mayCarry(final Segment segment, final GroupState state) {
        final long checkpoint = state.checkpointPosition;
        if (checkpoint >= forcer.forcedThrough()) {
            return false;
        }
        return Position.segmentSeq(checkpoint) != segment.seq
                || segment.intact(Position.offset(checkpoint)) != null;
    }

    private void carry(final Segment segment, final long group) {
        final FileGroup known = store.find(group);
        if (known == null) {
            carryTombstone(segment, group);
            return;
        }
        if (Position.segmentSeq(known.state.statePosition) <= segment.seq) {
            known.state.write(store.writer(), group);
        }
        final long checkpoint = known.state.checkpointPosition;
        if (Position.segmentSeq(checkpoint) == segment.seq) {
            known.state.checkpointPosition =
                    store.writer().copyControl(segment, Position.offset(checkpoint), group);
        }
    }

    private void carryTombstone(final Segment segment, final long group) {
        final Tombstone tombstone = tombstones.get(group);
        if (tombstone == null || tombstone.recordSeq > segment.seq) {
            return;
        }
        if (segments.snapshot()[0].seq > tombstone.deletedSeq
                || segments.snapshot()[0] == segment && tombstone.deletedSeq <= segment.seq) {
            tombstones.remove(group);
            return;
        }
        final long position = store.writer().control(RecordType.DELETE, group, tombstone.deletedSeq, 0);
        tombstones.put(group, new Tombstone(Position.segmentSeq(position), tombstone.deletedSeq));
    }
}
