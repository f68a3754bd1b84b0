package jetstream.engine.stream;

import java.util.Arrays;

/**
 * Sequences, from 1, → a number that is not 0, for the few messages of which something special is known. Open
 * addressing, no object per entry. Owner: the shard thread.
 */
final class SequenceTable {
    private static final int SMALLEST = 4;

    private long[] keys = new long[SMALLEST];
    private long[] values = new long[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    /** 0 if there is none. */
    long get(final long seq) {
        return size == 0 ? 0 : values[slotOf(seq)];
    }

    void put(final long seq, final long value) {
        if ((size + 1) * 2 > keys.length) {
            grow();
        }
        final int at = slotOf(seq);
        if (keys[at] == 0) {
            size++;
        }
        keys[at] = seq;
        values[at] = value;
    }

    /** Whether there was one. */
    boolean remove(final long seq) {
        if (size == 0) {
            return false;
        }
        final int mask = keys.length - 1;
        int hole = slotOf(seq);
        if (keys[hole] == 0) {
            return false;
        }
        for (int at = hole + 1 & mask; keys[at] != 0; at = at + 1 & mask) {
            if ((at - home(keys[at]) & mask) >= (at - hole & mask)) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                hole = at;
            }
        }
        keys[hole] = 0;
        values[hole] = 0;
        size--;
        return true;
    }

    /** Whether there were any below that sequence. */
    boolean removeBelow(final long seq) {
        final int before = size;
        if (size > 0) {
            final long[] sorted = sorted();
            for (int i = 0; i < sorted.length && sorted[i] < seq; i++) {
                remove(sorted[i]);
            }
        }
        return size < before;
    }

    void clear() {
        Arrays.fill(keys, 0);
        Arrays.fill(values, 0);
        size = 0;
    }

    /** All sequences, ascending. */
    long[] sorted() {
        final long[] sorted = new long[size];
        int count = 0;
        for (final long key : keys) {
            if (key != 0) {
                sorted[count++] = key;
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private void grow() {
        final long[] oldKeys = keys;
        final long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new long[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                final int at = slotOf(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    private int home(final long seq) {
        final long mixed = seq * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 40) & keys.length - 1;
    }

    private int slotOf(final long seq) {
        final int mask = keys.length - 1;
        int at = home(seq);
        while (keys[at] != 0 && keys[at] != seq) {
            at = at + 1 & mask;
        }
        return at;
    }

    /** Writes all, by sequence. */
    void write(final ImageWriter out) {
        out.number(size);
        long before = 0;
        for (final long seq : sorted()) {
            out.number(seq - before);
            out.fixed(get(seq));
            before = seq;
        }
    }

    /** Replaces all by what was written. */
    void read(final ImageReader in) {
        clear();
        final long count = in.number();
        long seq = 0;
        for (long i = 0; i < count; i++) {
            seq += in.number();
            put(seq, in.fixed());
        }
    }
}
