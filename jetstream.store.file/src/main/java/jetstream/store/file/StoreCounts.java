package jetstream.store.file;

/** What all groups share: totals, and spare pieces of index. Owner: the shard thread. */
final class StoreCounts {
    final EntryIndex.Pool chunks = new EntryIndex.Pool();
    private volatile long liveBytes;

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
        }
    }
}
