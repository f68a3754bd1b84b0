package jetstream.engine.consumer;

import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * Replicated: pull requests that wait at the leader, by number and reply subject. Kept for one purpose: the next
 * leader tells their clients to ask again. Owner: the shard thread.
 */
final class OpenRequests {
    /** Kind of a row: the request waits. */
    static final int ADDED = 0;
    /** Kind of a row: the request is over. */
    static final int GONE = 1;
    /** Kind of a row: all requests of earlier leaders are over. */
    static final int CLEARED = 2;
    /** Bits of kind in a row. */
    static final int KIND_BITS = 2;

    private long[] numbers = new long[4];
    private byte[][] replies = new byte[4][];
    private int size;
    private long hash;

    int size() {
        return size;
    }

    byte[] reply(final int at) {
        return replies[at];
    }

    long hash() {
        return hash;
    }

    /** Applies the rows of an entry. */
    void apply(final RowReader rows) {
        while (rows.hasMore()) {
            final long head = rows.number();
            final long number = head >>> KIND_BITS;
            switch ((int) head & (1 << KIND_BITS) - 1) {
                case ADDED -> add(number, rows.bytes());
                case GONE -> remove(number);
                case CLEARED -> clear();
                default -> Invariant.check(false, "kind of request row", head);
            }
        }
    }

    private void add(final long number, final byte[] reply) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
            replies = Arrays.copyOf(replies, size * 2);
        }
        numbers[size] = number;
        replies[size++] = reply;
        hash ^= rowHash(number, reply);
    }

    private void remove(final long number) {
        for (int at = 0; at < size; at++) {
            if (numbers[at] == number) {
                hash ^= rowHash(number, replies[at]);
                size--;
                numbers[at] = numbers[size];
                replies[at] = replies[size];
                replies[size] = null;
                return;
            }
        }
    }

    private void clear() {
        Arrays.fill(replies, 0, size, null);
        size = 0;
        hash = 0;
    }

    private static long rowHash(final long number, final byte[] reply) {
        return PendingTable.mix(PendingTable.mix(number) + Arrays.hashCode(reply));
    }

    /** Writes all, for {@link #read}. */
    void write(final RowWriter out) {
        out.number(size);
        for (int at = 0; at < size; at++) {
            out.number(numbers[at]);
            out.bytes(replies[at], replies[at].length);
        }
    }

    /** Replaces all by what {@link #write} wrote. */
    void read(final RowReader in) {
        clear();
        final int count = (int) in.number();
        for (int i = 0; i < count; i++) {
            final long number = in.number();
            add(number, in.bytes());
        }
    }
}
