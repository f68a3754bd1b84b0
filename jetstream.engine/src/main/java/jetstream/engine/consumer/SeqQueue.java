package jetstream.engine.consumer;

/** Stream sequences, first in, first out, in a primitive ring that grows. Owner: the shard thread. */
final class SeqQueue {
    private long[] seqs = new long[4];
    private long head;
    private long tail;

    boolean isEmpty() {
        return head == tail;
    }

    /** The oldest; the queue must not be empty. */
    long first() {
        return seqs[(int) head & seqs.length - 1];
    }

    void removeFirst() {
        head++;
    }

    void add(final long seq) {
        if (tail - head == seqs.length) {
            grow();
        }
        seqs[(int) tail++ & seqs.length - 1] = seq;
    }

    void clear() {
        head = 0;
        tail = 0;
    }

    private void grow() {
        final long[] grown = new long[Math.multiplyExact(seqs.length, 2)];
        int to = 0;
        for (long at = head; at < tail; at++) {
            grown[to++] = seqs[(int) at & seqs.length - 1];
        }
        seqs = grown;
        head = 0;
        tail = to;
    }
}
