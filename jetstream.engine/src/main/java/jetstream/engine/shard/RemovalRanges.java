package jetstream.engine.shard;

import java.util.Arrays;

/** Sequences that are to be removed, collected in any order within a duty cycle and given out as ascending ranges. */
final class RemovalRanges {
    private static final int SMALLEST = 64;
    private static final long[] NONE = {};

    private long[] seqs = NONE;
    private int size;
    private long[] ranges = NONE;
    private int rangeCount;

    void add(final long seq) {
        if (size == seqs.length) {
            seqs = Arrays.copyOf(seqs, Math.max(SMALLEST, size * 2));
        }
        seqs[size++] = seq;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** First and last sequence of each range, one after the other; {@link #count()} of them. */
    long[] ranges() {
        Arrays.sort(seqs, 0, size);
        rangeCount = 0;
        for (int i = 0; i < size; i++) {
            if (rangeCount > 0 && seqs[i] <= ranges[rangeCount - 1] + 1) {
                ranges[rangeCount - 1] = seqs[i];
            } else {
                if (rangeCount + 2 > ranges.length) {
                    ranges = Arrays.copyOf(ranges, Math.max(SMALLEST, ranges.length * 2));
                }
                ranges[rangeCount++] = seqs[i];
                ranges[rangeCount++] = seqs[i];
            }
        }
        return ranges;
    }

    /** Number of longs that the last {@link #ranges()} filled. */
    int count() {
        return rangeCount;
    }

    void clear() {
        size = 0;
        rangeCount = 0;
    }
}
