package jetstream.store.file;

/** Totals over all groups. Written by the shard thread. */
final class StoreCounts {
    private volatile long liveBytes;
    private boolean hasEmptied;

    /** Any thread. */
    long liveBytes() {
        return liveBytes;
    }

    void lives(final long bytes) {
        liveBytes = liveBytes + bytes;
    }

    /** An entry of that segment is no longer held. */
    void released(final Segment segment) {
        if (segment.heldEntries == 0) {
            segment.emptiedAt = 0;
            hasEmptied = true;
        }
    }

    /** Whether a segment lost its last held entry since the last call. */
    boolean takeEmptied() {
        final boolean was = hasEmptied;
        hasEmptied = false;
        return was;
    }
}
