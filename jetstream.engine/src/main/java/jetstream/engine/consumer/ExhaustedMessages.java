package jetstream.engine.consumer;

import java.util.Arrays;

/**
 * Messages that reached {@code max_deliver} without an acknowledgement: not pending any more, but still counted as
 * redelivered, and still stored in work queues (spec/consumers.md sections 4 and 6). Sorted primitive arrays: rare,
 * and read by binary search. Owner: the shard thread.
 */
final class ExhaustedMessages {
    private long[] seqs = new long[2];
    private int[] counts = new int[2];
    private int size;

    int size() {
        return size;
    }

    long seqAt(final int at) {
        return seqs[at];
    }

    int countAt(final int at) {
        return counts[at];
    }

    boolean contains(final long seq) {
        return Arrays.binarySearch(seqs, 0, size, seq) >= 0;
    }

    void add(final long seq, final int count) {
        final int found = Arrays.binarySearch(seqs, 0, size, seq);
        if (found >= 0) {
            counts[found] = count;
            return;
        }
        if (size == seqs.length) {
            seqs = Arrays.copyOf(seqs, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        final int at = -found - 1;
        System.arraycopy(seqs, at, seqs, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        seqs[at] = seq;
        counts[at] = count;
        size++;
    }

    /** Forgets a message; false if it is not here. */
    boolean remove(final long seq) {
        final int at = Arrays.binarySearch(seqs, 0, size, seq);
        if (at < 0) {
            return false;
        }
        size--;
        System.arraycopy(seqs, at + 1, seqs, at, size - at);
        System.arraycopy(counts, at + 1, counts, at, size - at);
        return true;
    }

    /** Forgets all messages up to that sequence, telling each; ascending. */
    void removeUpTo(final long seq, final ConsumerListener listener) {
        int gone = 0;
        while (gone < size && seqs[gone] <= seq) {
            listener.onAcked(seqs[gone++]);
        }
        size -= gone;
        System.arraycopy(seqs, gone, seqs, 0, size);
        System.arraycopy(counts, gone, counts, 0, size);
    }

    void clear() {
        size = 0;
    }

    long hash() {
        long hash = 0;
        for (int i = 0; i < size; i++) {
            hash ^= PendingTable.mix(PendingTable.mix(~seqs[i]) + counts[i]);
        }
        return hash;
    }
}
