package jetstream.engine.shard;

/**
 * The entry whose record was missed last in a stream's log. As a rule it was freed and reclaimed in an earlier life of
 * this member, and the entry that freed it will be applied again soon; only if it is missed for long is it lost. Owner:
 * the shard thread.
 */
final class MissingRecord {
    private static final long LOST_AFTER_NS = 1_000_000_000L;

    private long index;
    private long sinceNs;
    private boolean areOthersLost;

    /** Notes that it is missed; false if that is known. */
    boolean isNew(final long missedIndex, final long nowNs) {
        final boolean isNew = index == 0;
        if (index != missedIndex) {
            index = missedIndex;
            sinceNs = nowNs;
        }
        return isNew;
    }

    long index() {
        return index;
    }

    boolean isAwaited() {
        return index != 0;
    }

    boolean isOverdue(final long nowNs) {
        return index != 0 && (areOthersLost || nowNs - sinceNs >= LOST_AFTER_NS);
    }

    /** It is lost: of this state nothing is late any more, so that the next one need not be waited for. */
    void lost() {
        areOthersLost = true;
    }

    /** Another state came. */
    void restored() {
        areOthersLost = false;
    }

    void end() {
        index = 0;
    }
}
