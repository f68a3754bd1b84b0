package jetstream.engine.consumer;

import java.util.Arrays;

/**
 * The leader's view of what waits for an ack: when it must be delivered again, and what is due. The ledger's pending
 * table says what is committed; this one already knows acks and deliveries that are only proposed. Owner: the shard
 * thread.
 *
 * <p>The stamp of a row is its deadline, or one of three marks: untimed, in flight (delivered, not committed yet: the
 * wait starts when it leaves) and queued (due). Heap items whose deadline is not the row's any more are stale and
 * dropped when they come up.
 */
final class Redelivery implements PendingTable.RowVisitor {
    /** Never due by time. */
    static final long UNTIMED = Long.MAX_VALUE - 2;
    /** Proposed, but not sent. */
    static final long IN_FLIGHT = Long.MAX_VALUE - 1;
    /** Due: in the queue. */
    static final long QUEUED = Long.MAX_VALUE;

    private static final int STALE_ITEMS_MIN = 64;

    private final PendingTable table = new PendingTable();
    private final DeadlineHeap heap = new DeadlineHeap();
    private final SeqQueue queue = new SeqQueue();
    private long[] due = new long[4];
    private int queued;

    /** Number of messages that wait for an ack. */
    int size() {
        return table.size();
    }

    /** Number of messages that are due. */
    int queued() {
        return queued;
    }

    /** Forgets everything and takes over what the ledger knows; waits that are over become due at once. */
    void start(final ConsumerLedger ledger, final ConsumerRules rules, final long nowNs, final long nowEpochNs) {
        table.clear();
        heap.clear();
        queue.clear();
        queued = 0;
        ledger.pending().forEach((seq, consumerSeq, sentEpochNs, count) -> {
            if (rules.flowAcked) {
                table.add(seq, consumerSeq, UNTIMED, count);
                return;
            }
            final long leftNs = sentEpochNs + rules.ackWaitNs(count) - nowEpochNs;
            final long deadlineNs = nowNs + Math.min(Math.max(0, leftNs), rules.ackWaitNs(count));
            table.add(seq, consumerSeq, deadlineNs, count);
            heap.add(deadlineNs, seq);
        });
    }

    /** Number of messages that wait and were delivered more than once. */
    int redelivered() {
        return table.redelivered();
    }

    /** Consumer sequence of the first delivery of the smallest sequence that waits; something must wait. */
    long firstConsumerSeq() {
        return table.firstRowConsumerSeq();
    }

    boolean contains(final long seq) {
        return table.contains(seq);
    }

    /** Deliveries so far; 0 if it does not wait. */
    int deliveries(final long seq) {
        final int position = table.find(seq);
        return position < 0 ? 0 : table.countAt(position);
    }

    /** Consumer sequence of the first delivery; 0 if it does not wait. */
    long consumerSeq(final long seq) {
        final int position = table.find(seq);
        return position < 0 ? 0 : table.consumerSeqAt(position);
    }

    /** Smallest sequence that waits; {@link Long#MAX_VALUE} if none does. */
    long firstSeq() {
        return table.size() == 0 ? Long.MAX_VALUE : table.firstSeq();
    }

    /** A message was delivered for the first time. */
    void delivered(final long seq, final long consumerSeq, final long deadlineNs) {
        table.add(seq, consumerSeq, deadlineNs, 1);
        schedule(seq, deadlineNs);
    }

    /** The message of the last {@link #peek} was delivered again. */
    void redelivered(final long seq, final int deliveries, final long deadlineNs) {
        queue.removeFirst();
        queued--;
        table.update(table.find(seq), deadlineNs, deliveries);
        schedule(seq, deadlineNs);
    }

    /** A message in flight has left: its wait starts. */
    void sent(final long seq, final long deadlineNs) {
        final int position = table.find(seq);
        if (position >= 0 && table.stampAt(position) == IN_FLIGHT) {
            table.update(position, deadlineNs, table.countAt(position));
            schedule(seq, deadlineNs);
        }
    }

    /** Moves the deadline of a message that waits and is neither due nor in flight. */
    void postpone(final long seq, final long deadlineNs) {
        final int position = table.find(seq);
        if (position >= 0 && table.stampAt(position) < IN_FLIGHT) {
            table.update(position, deadlineNs, table.countAt(position));
            schedule(seq, deadlineNs);
        }
    }

    /** Makes a message that waits due now. */
    void queue(final long seq) {
        final int position = table.find(seq);
        if (position >= 0 && table.stampAt(position) != QUEUED) {
            table.update(position, QUEUED, table.countAt(position));
            queue.add(seq);
            queued++;
        }
    }

    /** Forgets a message: acknowledged, terminated or exhausted. */
    boolean remove(final long seq) {
        final int position = table.find(seq);
        if (position < 0) {
            return false;
        }
        queued -= table.stampAt(position) == QUEUED ? 1 : 0;
        table.removeAt(position);
        return true;
    }

    /** The message that is due first; 0 if none is. */
    long peek() {
        while (!queue.isEmpty()) {
            final long seq = queue.first();
            final int position = table.find(seq);
            if (position >= 0 && table.stampAt(position) == QUEUED) {
                return seq;
            }
            queue.removeFirst();
        }
        return 0;
    }

    /**
     * Collects the messages whose wait is over, ascending, into {@link #dueSeq}; the caller queues or drops each.
     *
     * @return how many, at most {@code limit}
     */
    int expire(final long nowNs, final int limit) {
        int count = 0;
        while (count < limit && heap.firstDeadlineNs() <= nowNs) {
            final long seq = heap.firstSeq();
            final int position = table.find(seq);
            if (position >= 0 && table.stampAt(position) == heap.firstDeadlineNs()) {
                if (count == due.length) {
                    due = Arrays.copyOf(due, count * 2);
                }
                due[count++] = seq;
                // A second, equal deadline of the same message must not report it twice.
                table.update(position, IN_FLIGHT, table.countAt(position));
            }
            heap.removeFirst();
        }
        Arrays.sort(due, 0, count);
        return count;
    }

    /** A message that {@link #expire} found. */
    long dueSeq(final int at) {
        return due[at];
    }

    /** Number of deadlines kept, stale ones among them. */
    int scheduled() {
        return heap.size();
    }

    /** When to call {@link #expire} next; {@link Long#MAX_VALUE} if nothing waits. */
    long nextDeadlineNs() {
        return table.size() == 0 ? Long.MAX_VALUE : heap.firstDeadlineNs();
    }

    private void schedule(final long seq, final long deadlineNs) {
        if (deadlineNs >= UNTIMED) {
            return;
        }
        heap.add(deadlineNs, seq);
        if (heap.size() > 2 * table.size() + STALE_ITEMS_MIN) {
            heap.clear();
            table.forEach(this);
        }
    }

    @Override
    public void onRow(final long seq, final long consumerSeq, final long stamp, final int count) {
        if (stamp < UNTIMED) {
            heap.add(stamp, seq);
        }
    }
}
