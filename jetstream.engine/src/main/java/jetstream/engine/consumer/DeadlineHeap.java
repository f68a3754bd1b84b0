package jetstream.engine.consumer;

import java.util.Arrays;

/**
 * Deadlines of messages, earliest first: a binary heap in two primitive arrays. Nothing is removed when a deadline
 * moves or a message is acknowledged; who pops an item checks that it still holds, and rebuilds the heap when {@link
 * #size} says that most of it is stale. Deadlines mostly come in ascending order, so that an add is one comparison.
 * Owner: the shard thread.
 */
final class DeadlineHeap {
    private long[] deadlines = new long[8];
    private long[] seqs = new long[8];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Earliest deadline; {@link Long#MAX_VALUE} if there is none. */
    long firstDeadlineNs() {
        return size == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    /** Sequence of the earliest deadline. */
    long firstSeq() {
        return seqs[0];
    }

    void add(final long deadlineNs, final long seq) {
        if (size == seqs.length) {
            deadlines = Arrays.copyOf(deadlines, size * 2);
            seqs = Arrays.copyOf(seqs, size * 2);
        }
        int at = size++;
        while (at > 0) {
            final int parent = (at - 1) >>> 1;
            if (deadlines[parent] <= deadlineNs) {
                break;
            }
            deadlines[at] = deadlines[parent];
            seqs[at] = seqs[parent];
            at = parent;
        }
        deadlines[at] = deadlineNs;
        seqs[at] = seq;
    }

    void removeFirst() {
        size--;
        final long deadlineNs = deadlines[size];
        final long seq = seqs[size];
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && deadlines[child + 1] < deadlines[child]) {
                child++;
            }
            if (deadlineNs <= deadlines[child]) {
                break;
            }
            deadlines[at] = deadlines[child];
            seqs[at] = seqs[child];
            at = child;
        }
        deadlines[at] = deadlineNs;
        seqs[at] = seq;
    }
}
