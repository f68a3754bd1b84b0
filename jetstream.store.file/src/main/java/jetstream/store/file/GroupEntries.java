package jetstream.store.file;

import jetstream.api.Invariant;

/**
 * Places of one group's held entries, and what they count for in their segments. Owner: the shard thread.
 */
final class GroupEntries {
    private final SegmentTable segments;
    private final StoreCounts counts;
    private final EntryIndex index;
    private long liveBytes;

    GroupEntries(final SegmentTable segments, final StoreCounts counts) {
        this.segments = segments;
        this.counts = counts;
        index = new EntryIndex(counts.chunks);
    }

    long liveBytes() {
        return liveBytes;
    }

    EntryIndex.Chunk find(final long at) {
        return index.find(at);
    }

    /** The entry at that index lies there now; a place it had before is given up. */
    void place(final long at, final long position, final int length) {
        release(at);
        final Segment segment = segments.get(Position.segmentSeq(position));
        Invariant.check(segment != null, "entry in a segment that is not in use", position);
        segment.heldEntries++;
        index.findOrMake(at).set(EntryIndex.slotOf(at), position, length);
        countLive(length);
    }

    /** Neither live nor history any more. */
    void release(final long at) {
        final EntryIndex.Chunk chunk = index.find(at);
        if (chunk != null) {
            release(chunk, EntryIndex.slotOf(at));
        }
    }

    /** All held entries of a range, both ends inclusive. */
    void releaseAll(final long from, final long through) {
        EntryIndex.Chunk chunk = index.ceiling(from);
        while (chunk != null && chunk.firstIndex() <= through) {
            final int last = lastSlot(chunk, through);
            for (int slot = firstSlot(chunk, from); slot <= last; slot++) {
                release(chunk, slot);
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
    }

    /** Those of a range that are not live, both ends inclusive. */
    void releaseFreed(final long from, final long through) {
        EntryIndex.Chunk chunk = index.ceiling(from);
        while (chunk != null && chunk.firstIndex() <= through) {
            final int last = lastSlot(chunk, through);
            for (int slot = firstSlot(chunk, from); slot <= last; slot++) {
                if (!chunk.isLive(slot)) {
                    release(chunk, slot);
                }
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
    }

    /** Those that lie before that position in the log. */
    void releaseBefore(final long position) {
        EntryIndex.Chunk chunk = index.ceiling(0);
        while (chunk != null) {
            for (int slot = 0; slot < EntryIndex.CHUNK_LENGTH; slot++) {
                if (chunk.position(slot) < position) {
                    release(chunk, slot);
                }
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
    }

    /** Marks live entries of a range dead, both ends inclusive; those at or before the base are given up. */
    void free(final long from, final long through, final long baseIndex) {
        EntryIndex.Chunk chunk = index.ceiling(Math.max(from, 0));
        while (chunk != null && chunk.firstIndex() <= through) {
            final int last = lastSlot(chunk, through);
            for (int slot = firstSlot(chunk, from); slot <= last; slot++) {
                if (chunk.firstIndex() + slot <= baseIndex) {
                    release(chunk, slot);
                } else if (chunk.isLive(slot)) {
                    chunk.markFreed(slot);
                    countLive(-chunk.lengths[slot]);
                }
            }
            chunk = index.ceiling(chunk.firstIndex() + EntryIndex.CHUNK_LENGTH);
        }
    }

    private static int firstSlot(final EntryIndex.Chunk chunk, final long from) {
        return (int) Math.max(0, from - chunk.firstIndex());
    }

    private static int lastSlot(final EntryIndex.Chunk chunk, final long through) {
        return (int) Math.min(EntryIndex.CHUNK_LENGTH - 1L, through - chunk.firstIndex());
    }

    private void release(final EntryIndex.Chunk chunk, final int slot) {
        if (!chunk.isHeld(slot)) {
            return;
        }
        if (chunk.isLive(slot)) {
            countLive(-chunk.lengths[slot]);
        }
        final Segment segment = segments.get(Position.segmentSeq(chunk.position(slot)));
        segment.heldEntries--;
        counts.released(segment);
        index.remove(chunk, slot);
    }

    private void countLive(final long bytes) {
        liveBytes += bytes;
        counts.lives(bytes);
    }
}
