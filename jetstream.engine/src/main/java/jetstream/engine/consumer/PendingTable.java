package jetstream.engine.consumer;

import jetstream.api.Invariant;

/**
 * Messages that wait for an acknowledgement, ascending by stream sequence. Rows are added only at the end (new
 * deliveries ascend) and removed anywhere. Owner: the shard thread.
 *
 * <p>A ring of parallel primitive arrays: 28 bytes per row, no object per message. A removed row stays as a gap
 * (count 0) until it is at the head or the ring is full and half of it is gaps; so adding and removing cost a
 * constant on average. A row is found by a binary search between bounds that the distance of the sequences gives: one
 * step in an unfiltered stream.
 *
 * <p>{@code hash} is kept up to date row by row (an exclusive or of row hashes, independent of order), because
 * comparing replicas must not walk 100,000 rows.
 */
final class PendingTable {
    private static final int INITIAL_CAPACITY = 8;

    private long[] seqs = new long[INITIAL_CAPACITY];
    private long[] firstConsumerSeqs = new long[INITIAL_CAPACITY];
    private long[] stamps = new long[INITIAL_CAPACITY];
    private int[] counts = new int[INITIAL_CAPACITY];
    private long head;
    private long tail;
    private int size;
    private int redelivered;
    private long hash;

    /** Number of rows. */
    int size() {
        return size;
    }

    /** Number of rows delivered more than once. */
    int redelivered() {
        return redelivered;
    }

    /** Hash of the content: equal tables have equal hashes, whatever their history. */
    long hash() {
        return hash;
    }

    /** Smallest sequence; the table must not be empty. */
    long firstSeq() {
        Invariant.check(size > 0, "first row of an empty pending table");
        return seqs[slot(head)];
    }

    /** Consumer sequence of the first delivery of the row with the smallest sequence. */
    long firstRowConsumerSeq() {
        Invariant.check(size > 0, "first row of an empty pending table");
        return firstConsumerSeqs[slot(head)];
    }

    /** Adds a row behind all others. */
    void add(final long seq, final long consumerSeq, final long stamp, final int count) {
        Invariant.check(count > 0, "pending row without a delivery", seq);
        Invariant.check(tail == head || seq > seqs[slot(tail - 1)], "pending rows must ascend", seq);
        if (tail - head == seqs.length) {
            rebuild();
        }
        final int slot = slot(tail++);
        seqs[slot] = seq;
        firstConsumerSeqs[slot] = consumerSeq;
        stamps[slot] = stamp;
        counts[slot] = count;
        size++;
        redelivered += count > 1 ? 1 : 0;
        hash ^= rowHash(slot);
    }

    /** Position of a row, valid until the next {@link #add}; -1 if there is none. */
    int find(final long seq) {
        if (size == 0) {
            return -1;
        }
        final long first = seqs[slot(head)];
        final long last = seqs[slot(tail - 1)];
        if (seq < first || seq > last) {
            return -1;
        }
        long low = Math.max(head, tail - 1 - (last - seq));
        long high = Math.min(tail - 1, head + (seq - first));
        while (low <= high) {
            final long middle = (low + high) >>> 1;
            final int slot = slot(middle);
            if (seqs[slot] == seq) {
                return counts[slot] == 0 ? -1 : slot;
            }
            if (seqs[slot] < seq) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Whether there is such a row. */
    boolean contains(final long seq) {
        return find(seq) >= 0;
    }

    /** Consumer sequence of the first delivery. */
    long consumerSeqAt(final int position) {
        return firstConsumerSeqs[position];
    }

    /** Stamp as it was last set. */
    long stampAt(final int position) {
        return stamps[position];
    }

    /** Number of deliveries. */
    int countAt(final int position) {
        return counts[position];
    }

    /** Sets stamp and number of deliveries of a row. */
    void update(final int position, final long stamp, final int count) {
        Invariant.check(counts[position] > 0 && count > 0, "update of a row that is gone", seqs[position]);
        hash ^= rowHash(position);
        redelivered += (count > 1 ? 1 : 0) - (counts[position] > 1 ? 1 : 0);
        stamps[position] = stamp;
        counts[position] = count;
        hash ^= rowHash(position);
    }

    /** Removes the row at a position. */
    void removeAt(final int position) {
        Invariant.check(counts[position] > 0, "removal of a row that is gone", seqs[position]);
        hash ^= rowHash(position);
        redelivered -= counts[position] > 1 ? 1 : 0;
        counts[position] = 0;
        size--;
        if (size == 0) {
            head = tail;
        } else {
            while (counts[slot(head)] == 0) {
                head++;
            }
        }
    }

    /** Removes a row; false if there is none. */
    boolean remove(final long seq) {
        final int position = find(seq);
        if (position < 0) {
            return false;
        }
        removeAt(position);
        return true;
    }

    /** Removes all rows. */
    void clear() {
        head = 0;
        tail = 0;
        size = 0;
        redelivered = 0;
        hash = 0;
    }

    /** Calls the visitor for each row, ascending. It must not change the table. */
    void forEach(final RowVisitor visitor) {
        for (long at = head; at < tail; at++) {
            final int slot = slot(at);
            if (counts[slot] > 0) {
                visitor.onRow(seqs[slot], firstConsumerSeqs[slot], stamps[slot], counts[slot]);
            }
        }
    }

    private void rebuild() {
        if (size > seqs.length / 2) {
            grow();
            return;
        }
        long to = head;
        for (long at = head; at < tail; at++) {
            final int from = slot(at);
            if (counts[from] > 0) {
                final int slot = slot(to++);
                seqs[slot] = seqs[from];
                firstConsumerSeqs[slot] = firstConsumerSeqs[from];
                stamps[slot] = stamps[from];
                counts[slot] = counts[from];
            }
        }
        tail = to;
    }

    private void grow() {
        final int capacity = Math.multiplyExact(seqs.length, 2);
        final int start = slot(head);
        final int used = (int) (tail - head);
        seqs = unrolled(seqs, start, capacity);
        firstConsumerSeqs = unrolled(firstConsumerSeqs, start, capacity);
        stamps = unrolled(stamps, start, capacity);
        final int[] newCounts = new int[capacity];
        System.arraycopy(counts, start, newCounts, 0, counts.length - start);
        System.arraycopy(counts, 0, newCounts, counts.length - start, start);
        counts = newCounts;
        head = 0;
        tail = used;
    }

    private static long[] unrolled(final long[] ring, final int start, final int capacity) {
        final long[] target = new long[capacity];
        System.arraycopy(ring, start, target, 0, ring.length - start);
        System.arraycopy(ring, 0, target, ring.length - start, start);
        return target;
    }

    private int slot(final long at) {
        return (int) at & seqs.length - 1;
    }

    private long rowHash(final int slot) {
        return mix(mix(mix(seqs[slot]) + firstConsumerSeqs[slot]) + stamps[slot]) + counts[slot];
    }

    /** Spreads the bits of a number (the finaliser of SplitMix64). */
    static long mix(final long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Sees a row. */
    @FunctionalInterface
    interface RowVisitor {
        /** One row: sequence, consumer sequence of its first delivery, stamp, deliveries. */
        void onRow(long seq, long consumerSeq, long stamp, int count);
    }
}
