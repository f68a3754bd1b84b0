package jetstream.engine.shard;

import java.util.Arrays;

/**
 * Consumers by the time at which they want to be looked at: a binary heap. A consumer may stand in it more than once;
 * what is out of date is dropped when it comes up. Owner: the shard thread.
 */
final class DeadlineQueue {
    private long[] deadlines = new long[64];
    private ConsumerReplica[] consumers = new ConsumerReplica[64];
    private int size;

    void add(final long deadlineNs, final ConsumerReplica consumer) {
        if (size == deadlines.length) {
            deadlines = Arrays.copyOf(deadlines, size * 2);
            consumers = Arrays.copyOf(consumers, size * 2);
        }
        int at = size++;
        while (at > 0 && deadlines[at - 1 >> 1] - deadlineNs > 0) {
            deadlines[at] = deadlines[at - 1 >> 1];
            consumers[at] = consumers[at - 1 >> 1];
            at = at - 1 >> 1;
        }
        deadlines[at] = deadlineNs;
        consumers[at] = consumer;
    }

    /** The earliest deadline; {@link Long#MAX_VALUE} if there is none. */
    long nextNs() {
        return size == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    /** Takes the consumer with the earliest deadline. */
    ConsumerReplica poll() {
        final ConsumerReplica first = consumers[0];
        size--;
        final long deadlineNs = deadlines[size];
        final ConsumerReplica moved = consumers[size];
        consumers[size] = null;
        if (size > 0) {
            sink(deadlineNs, moved);
        }
        return first;
    }

    private void sink(final long deadlineNs, final ConsumerReplica moved) {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && deadlines[child] - deadlines[child + 1] > 0) {
                child++;
            }
            if (deadlineNs - deadlines[child] <= 0) {
                break;
            }
            deadlines[at] = deadlines[child];
            consumers[at] = consumers[child];
            at = child;
        }
        deadlines[at] = deadlineNs;
        consumers[at] = moved;
    }
}
