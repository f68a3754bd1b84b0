package jetstream.store.file;

import java.util.Arrays;

/**
 * The runs of one group by first index. Their ranges seldom overlap (after a repair, or where the cleaner moved some of
 * what lay between), but may: an index is held by one run at the most. Owner: the shard thread.
 */
final class RunList {
    private static final SealedRun[] NONE = {};
    private static final long[] NO_INDEXES = {};

    private SealedRun[] runs = NONE;
    /** Highest last index of the runs so far: nothing further down can hold a higher one. */
    private long[] highest = NO_INDEXES;
    private int count;
    private SealedRun lastFound;

    int count() {
        return count;
    }

    SealedRun get(final int at) {
        return runs[at];
    }

    /** The run that holds that index, null if none does. */
    SealedRun find(final long index) {
        if (lastFound != null && lastFound.heldRow(index) >= 0) {
            return lastFound;
        }
        for (int at = lastWithFirstThrough(index); at >= 0 && highest[at] >= index; at--) {
            if (runs[at].heldRow(index) >= 0) {
                lastFound = runs[at];
                return lastFound;
            }
        }
        return null;
    }

    /** Place of the first run that may reach that index; those before it end earlier. */
    int firstReaching(final long index) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            if (highest[middle] < index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    void add(final SealedRun run) {
        if (count == runs.length) {
            final int length = Math.max(2, count * 2);
            runs = Arrays.copyOf(runs, length);
            highest = Arrays.copyOf(highest, length);
        }
        final int at = lastWithFirstThrough(run.first) + 1;
        System.arraycopy(runs, at, runs, at + 1, count - at);
        runs[at] = run;
        count++;
        renew(at);
    }

    /** Drops runs that hold nothing. */
    void removeEmpty() {
        int kept = 0;
        for (int at = 0; at < count; at++) {
            if (!runs[at].isEmpty()) {
                runs[kept++] = runs[at];
            }
        }
        Arrays.fill(runs, kept, count, null);
        count = kept;
        if (lastFound != null && lastFound.isEmpty()) {
            lastFound = null;
        }
        renew(0);
    }

    private void renew(final int from) {
        for (int at = from; at < count; at++) {
            highest[at] = at == 0 ? runs[at].last : Math.max(highest[at - 1], runs[at].last);
        }
    }

    private int lastWithFirstThrough(final long index) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            if (runs[middle].first <= index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
