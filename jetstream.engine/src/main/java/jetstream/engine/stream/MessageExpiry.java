package jetstream.engine.stream;

import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * Messages with a time to live of their own → when it is over. A table by sequence is the state; a
 * binary heap by (time, sequence) finds the next one and may hold entries that the table no longer confirms. Owner: the
 * shard thread.
 */
final class MessageExpiry {
    /** End of a message that never grows too old, not by {@code max_age} either. */
    static final long NEVER = Long.MAX_VALUE;
    private static final int SMALLEST = 4;
    private static final int SLACK = 16;

    private final SequenceTable ends = new SequenceTable();
    private long[] heapEnds = new long[SMALLEST];
    private long[] heapSeqs = new long[SMALLEST];
    private int heapSize;

    int size() {
        return ends.size();
    }

    /** When the message ends, epoch nanoseconds; 0 if it has no time to live of its own. */
    long endOf(final long seq) {
        return ends.get(seq);
    }

    /** Gives a message its end. */
    void add(final long seq, final long endEpochNs) {
        Invariant.check(endEpochNs > 0, "time to live ends before time began", endEpochNs);
        ends.put(seq, endEpochNs);
        if (endEpochNs != NEVER) {
            push(endEpochNs, seq);
        }
    }

    /** Forgets a message. */
    void remove(final long seq) {
        if (ends.remove(seq) && heapSize > 2 * ends.size() + SLACK) {
            rebuildHeap();
        }
    }

    /** Forgets all messages below that sequence. */
    void removeBelow(final long seq) {
        if (ends.size() > 0) {
            ends.removeBelow(seq);
            rebuildHeap();
        }
    }

    /** When the next message ends; {@link #NEVER} if none does. */
    long nextEnd() {
        dropStale();
        return heapSize == 0 ? NEVER : heapEnds[0];
    }

    /**
     * Takes the next message whose end is at or before that time off the heap; 0 if there is none. It stays known.
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
        ends.clear();
        heapSize = 0;
    }

    private void dropStale() {
        while (heapSize > 0 && endOf(heapSeqs[0]) != heapEnds[0]) {
            pop();
        }
    }

    private void rebuildHeap() {
        heapSize = 0;
        for (final long seq : ends.sorted()) {
            if (ends.get(seq) != NEVER) {
                push(ends.get(seq), seq);
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

    void write(final ImageWriter out) {
        ends.write(out);
    }

    /** Replaces all by what was written. */
    void read(final ImageReader in) {
        ends.read(in);
        rebuildHeap();
    }
}
