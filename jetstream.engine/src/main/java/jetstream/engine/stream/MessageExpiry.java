package jetstream.engine.stream;

import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * Messages with a time to live of their own → when it is over. A map by sequence (open addressing) is the state; a
 * binary heap by (time, sequence) finds the next one and may hold entries that the map no longer confirms. Owner: the
 * shard thread.
 */
final class MessageExpiry {
    /** End of a message that never grows too old, not by {@code max_age} either. */
    static final long NEVER = Long.MAX_VALUE;
    private static final int SMALLEST = 4;
    private static final int SLACK = 16;

    private long[] keys = new long[SMALLEST];
    private long[] ends = new long[SMALLEST];
    private int size;
    private long[] heapEnds = new long[SMALLEST];
    private long[] heapSeqs = new long[SMALLEST];
    private int heapSize;

    int size() {
        return size;
    }

    /** When the message ends, epoch nanoseconds; 0 if it has no time to live of its own. */
    long endOf(final long seq) {
        return size == 0 ? 0 : ends[slotOf(seq)];
    }

    /** Gives a message its end. */
    void add(final long seq, final long endEpochNs) {
        Invariant.check(endEpochNs > 0, "time to live ends before time began", endEpochNs);
        if ((size + 1) * 2 > keys.length) {
            grow();
        }
        final int at = slotOf(seq);
        if (keys[at] == 0) {
            size++;
        }
        keys[at] = seq;
        ends[at] = endEpochNs;
        if (endEpochNs != NEVER) {
            push(endEpochNs, seq);
        }
    }

    /** Forgets a message. */
    void remove(final long seq) {
        if (size == 0) {
            return;
        }
        final int mask = keys.length - 1;
        int hole = slotOf(seq);
        if (keys[hole] == 0) {
            return;
        }
        for (int at = hole + 1 & mask; keys[at] != 0; at = at + 1 & mask) {
            if ((at - home(keys[at]) & mask) >= (at - hole & mask)) {
                keys[hole] = keys[at];
                ends[hole] = ends[at];
                hole = at;
            }
        }
        keys[hole] = 0;
        ends[hole] = 0;
        size--;
        if (heapSize > 2 * size + SLACK) {
            rebuildHeap();
        }
    }

    /** Forgets all messages below that sequence. */
    void removeBelow(final long seq) {
        if (size == 0) {
            return;
        }
        final long[] sorted = sorted();
        for (int i = 0; i < sorted.length && sorted[i] < seq; i++) {
            remove(sorted[i]);
        }
    }

    /** When the next message ends; {@link #NEVER} if none does. */
    long nextEnd() {
        dropStale();
        return heapSize == 0 ? NEVER : heapEnds[0];
    }

    /**
     * Takes the next message whose end is at or before that time off the heap; 0 if there is none. It stays in the map.
     */
    long pollDue(final long nowEpochNs) {
        dropStale();
        if (heapSize == 0 || heapEnds[0] > nowEpochNs) {
            return 0;
        }
        final long seq = heapSeqs[0];
        pop();
        return seq;
    }

    /** Puts a message that was polled back, to come up again. */
    void unpoll(final long seq) {
        push(endOf(seq), seq);
    }

    void clear() {
        Arrays.fill(keys, 0);
        Arrays.fill(ends, 0);
        size = 0;
        heapSize = 0;
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

    private void dropStale() {
        while (heapSize > 0 && endOf(heapSeqs[0]) != heapEnds[0]) {
            pop();
        }
    }

    private void rebuildHeap() {
        heapSize = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0 && ends[i] != NEVER) {
                push(ends[i], keys[i]);
            }
        }
    }

    private void push(final long end, final long seq) {
        if (heapSize == heapEnds.length) {
            heapEnds = Arrays.copyOf(heapEnds, heapSize * 2);
            heapSeqs = Arrays.copyOf(heapSeqs, heapSize * 2);
        }
        int at = heapSize++;
        while (at > 0 && isBefore(end, seq, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        heapEnds[at] = end;
        heapSeqs[at] = seq;
    }

    private void pop() {
        heapSize--;
        final long end = heapEnds[heapSize];
        final long seq = heapSeqs[heapSize];
        int at = 0;
        while (2 * at + 1 < heapSize) {
            int child = 2 * at + 1;
            if (child + 1 < heapSize && isBefore(heapEnds[child + 1], heapSeqs[child + 1], child)) {
                child++;
            }
            if (isBefore(end, seq, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        heapEnds[at] = end;
        heapSeqs[at] = seq;
    }

    private boolean isBefore(final long end, final long seq, final int other) {
        return end < heapEnds[other] || end == heapEnds[other] && seq < heapSeqs[other];
    }

    private void move(final int from, final int to) {
        heapEnds[to] = heapEnds[from];
        heapSeqs[to] = heapSeqs[from];
    }

    private void grow() {
        final long[] oldKeys = keys;
        final long[] oldEnds = ends;
        keys = new long[oldKeys.length * 2];
        ends = new long[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                final int at = slotOf(oldKeys[i]);
                keys[at] = oldKeys[i];
                ends[at] = oldEnds[i];
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
            out.fixed(endOf(seq));
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
            add(seq, in.fixed());
        }
    }
}
