package jetstream.store.file;

import java.util.Arrays;

/**
 * Terms of the history as runs of equal term: a term changes with an election, not with an entry, so a handful of runs
 * covers any history. Owner: the shard thread.
 */
final class TermRuns {
    private long[] firstIndexes = new long[4];
    private long[] terms = new long[4];
    private int count;

    /** The entry at that index, above all that were added, has that term. */
    void add(final long index, final long term) {
        if (count > 0 && terms[count - 1] == term) {
            return;
        }
        if (count == terms.length) {
            firstIndexes = Arrays.copyOf(firstIndexes, count * 2);
            terms = Arrays.copyOf(terms, count * 2);
        }
        firstIndexes[count] = index;
        terms[count++] = term;
    }

    /** Term at an index that lies in a run. */
    long termAt(final long index) {
        int run = count - 1;
        while (run > 0 && firstIndexes[run] > index) {
            run--;
        }
        return terms[run];
    }

    /** Forgets runs from that index on. */
    void truncateFrom(final long index) {
        while (count > 0 && firstIndexes[count - 1] >= index) {
            count--;
        }
    }

    /** Forgets runs that end before that index; the run it lies in stays. */
    void discardBefore(final long index) {
        int dead = 0;
        while (dead + 1 < count && firstIndexes[dead + 1] <= index) {
            dead++;
        }
        if (dead > 0) {
            System.arraycopy(firstIndexes, dead, firstIndexes, 0, count - dead);
            System.arraycopy(terms, dead, terms, 0, count - dead);
            count -= dead;
        }
    }

    /** Starts anew with one index. */
    void reset(final long index, final long term) {
        count = 0;
        add(index, term);
    }
}
