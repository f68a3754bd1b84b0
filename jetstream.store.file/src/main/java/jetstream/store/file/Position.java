package jetstream.store.file;

/**
 * A byte place in the log: the segment's sequence number and the offset in its file, in one positive long that ascends
 * with the log. 0 is no position.
 */
final class Position {
    private static final int OFFSET_BITS = 31;

    private Position() {
    }

    static long of(final long segmentSeq, final int offset) {
        return segmentSeq << OFFSET_BITS | offset;
    }

    static long segmentSeq(final long position) {
        return position >>> OFFSET_BITS;
    }

    static int offset(final long position) {
        return (int) (position & (1L << OFFSET_BITS) - 1);
    }

    static String text(final long position) {
        return "segment " + segmentSeq(position) + " offset " + offset(position);
    }
}
