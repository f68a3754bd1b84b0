package jetstream.engine.consumer;

/**
 * Deliveries that are proposed and may leave once their entry is applied, in order; parallel rings of fixed capacity. Owner:
 * the shard thread.
 */
final class InFlight {
    /** Most messages between proposal and apply: what a round trip carries at some 100,000 messages per second and more. */
    static final int CAPACITY = 8192;
    private static final int MASK = CAPACITY - 1;

    private final PullRequest[] requests = new PullRequest[CAPACITY];
    private final long[] seqs = new long[CAPACITY];
    private final long[] consumerSeqs = new long[CAPACITY];
    private final long[] pendings = new long[CAPACITY];
    private final int[] counts = new int[CAPACITY];
    private final int[] sizes = new int[CAPACITY];
    private long head;
    private long committed;
    private long tail;
    private long bytes;

    boolean isFull() {
        return tail - head == CAPACITY;
    }

    /** Whether the oldest may leave. */
    boolean isReady() {
        return head < committed;
    }

    /** Bytes of all messages in flight. */
    long bytes() {
        return bytes;
    }

    /** Adds a message; its first columns. */
    void add(final PullRequest request, final long seq, final long consumerSeq, final int count, final long pending,
            final int size) {
        final int slot = (int) tail++ & MASK;
        requests[slot] = request;
        seqs[slot] = seq;
        consumerSeqs[slot] = consumerSeq;
        counts[slot] = count;
        pendings[slot] = pending;
        sizes[slot] = size;
        bytes += size;
    }

    /** The oldest so many are committed. */
    void commit(final int count) {
        committed = Math.min(tail, committed + count);
    }

    PullRequest request() {
        return requests[(int) head & MASK];
    }

    long seq() {
        return seqs[(int) head & MASK];
    }

    long consumerSeq() {
        return consumerSeqs[(int) head & MASK];
    }

    int count() {
        return counts[(int) head & MASK];
    }

    long pending() {
        return pendings[(int) head & MASK];
    }

    int size() {
        return sizes[(int) head & MASK];
    }

    void removeFirst() {
        final int slot = (int) head++ & MASK;
        requests[slot] = null;
        bytes -= sizes[slot];
    }
}
