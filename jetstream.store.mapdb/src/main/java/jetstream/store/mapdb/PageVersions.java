package jetstream.store.mapdb;

import java.util.Arrays;

/**
 * Which journal record wrote each page of the main file last, and one number over all of that, which the journal keeps:
 * a page that the medium put back to an older state, whole and with its right checksum, makes the numbers differ.
 * Owner: the opening thread, then the force thread.
 */
final class PageVersions {
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private long[] records = new long[256];
    private long sum;

    /** That record wrote the page. */
    void set(final int page, final long record) {
        if (page >= records.length) {
            records = Arrays.copyOf(records, Math.max(page + 1, records.length * 2));
        }
        sum += hash(page, record) - hash(page, records[page]);
        records[page] = record;
    }

    /** The number over all pages. */
    long sum() {
        return sum;
    }

    /** A page that nothing has written yet counts for nothing. */
    private static long hash(final int page, final long record) {
        if (record == 0) {
            return 0;
        }
        long hash = (page + 1) * FACTOR ^ record;
        hash = (hash ^ hash >>> 32) * FACTOR;
        return hash ^ hash >>> 29;
    }
}
