package jetstream.engine.consumer;

import java.util.Arrays;

/**
 * Deliveries that are proposed and may leave once their entry is applied, in order; parallel rings that grow to a
 * limit. Owner: the shard thread.
 */
final class InFlight {
    /**
     * Most messages between proposal and apply: what a round trip carries at some 100,000 messages per second and
     * more.
     */
    static final int CAPACITY_MAX = 8192;

    private PullRequest[] requests = new PullRequest[8];
    private long[] seqs = new long[8];
    private long[] consumerSeqs = new long[8];
    private long[] pendings = new long[8];
    private int[] counts = new int[8];
    private int[] sizes = new int[8];
    private long head;
    private long committed;
    private long tail;

    boolean isFull() {
        return tail - head == CAPACITY_MAX;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** Whether the oldest may leave. */
    boolean isReady() {
        return head < committed;
    }

    /** Adds a message. */
    void add(final PullRequest request, final long seq, final long consumerSeq, final int count, final long pending,
            final int size) {
        if (tail - head == seqs.length) {
            grow();
        }
        final int slot = slot(tail++);
        requests[slot] = request;
        seqs[slot] = seq;
        consumerSeqs[slot] = consumerSeq;
        counts[slot] = count;
        pendings[slot] = pending;
        sizes[slot] = size;
    }

    /** So many more of the oldest are committed. */
    void commit(final int count) {
        committed = Math.min(tail, committed + count);
    }

    PullRequest request() {
        return requests[slot(head)];
    }

    long seq() {
        return seqs[slot(head)];
    }

    long consumerSeq() {
        return consumerSeqs[slot(head)];
    }

    int count() {
        return counts[slot(head)];
    }

    long pending() {
        return pendings[slot(head)];
    }

    int size() {
        return sizes[slot(head)];
    }

    void removeFirst() {
        requests[slot(head++)] = null;
        committed = Math.max(committed, head);
    }

    private int slot(final long at) {
        return (int) at & seqs.length - 1;
    }

    /** Doubles the rings; the oldest moves to their start. */
    private void grow() {
        final int start = slot(head);
        final int capacity = seqs.length * 2;
        requests = Arrays.copyOf(rotated(requests, start), capacity);
        seqs = unrolled(seqs, start, capacity);
        consumerSeqs = unrolled(consumerSeqs, start, capacity);
        pendings = unrolled(pendings, start, capacity);
        counts = unrolled(counts, start, capacity);
        sizes = unrolled(sizes, start, capacity);
        committed -= head;
        tail -= head;
        head = 0;
    }

    private static PullRequest[] rotated(final PullRequest[] ring, final int start) {
        final PullRequest[] target = new PullRequest[ring.length];
        System.arraycopy(ring, start, target, 0, ring.length - start);
        System.arraycopy(ring, 0, target, ring.length - start, start);
        return target;
    }

    private static long[] unrolled(final long[] ring, final int start, final int capacity) {
        final long[] target = new long[capacity];
        System.arraycopy(ring, start, target, 0, ring.length - start);
        System.arraycopy(ring, 0, target, ring.length - start, start);
        return target;
    }

    private static int[] unrolled(final int[] ring, final int start, final int capacity) {
        final int[] target = new int[capacity];
        System.arraycopy(ring, start, target, 0, ring.length - start);
        System.arraycopy(ring, 0, target, ring.length - start, start);
        return target;
    }
}
