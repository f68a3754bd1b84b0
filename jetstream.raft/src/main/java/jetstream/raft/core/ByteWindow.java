package jetstream.raft.core;

import jetstream.api.Invariant;

/** Bytes under way, by the last index of each piece: what is sent and not answered, or proposed and not committed. */
final class ByteWindow {
    private static final int INITIAL_PIECES = 1;

    private long[] lastIndexes = new long[INITIAL_PIECES];
    private int[] lengths = new int[INITIAL_PIECES];
    private int head;
    private int size;
    private long bytes;

    /** Adds a piece that ends with that index. */
    void add(final long lastIndex, final int lengthBytes) {
        Invariant.check(size == 0 || lastIndexes[slot(size - 1)] < lastIndex, "window index must ascend", lastIndex);
        if (size == lengths.length) {
            grow();
        }
        final int slot = slot(size);
        lastIndexes[slot] = lastIndex;
        lengths[slot] = lengthBytes;
        size++;
        bytes += lengthBytes;
    }

    /** Forgets the pieces that end at or before that index. */
    void release(final long throughIndex) {
        while (size > 0 && lastIndexes[head] <= throughIndex) {
            bytes -= lengths[head];
            head = slot(1);
            size--;
        }
        Invariant.check(bytes >= 0, "window bytes below zero", bytes);
    }

    void clear() {
        head = 0;
        size = 0;
        bytes = 0;
    }

    long bytes() {
        return bytes;
    }

    private int slot(final int nth) {
        return head + nth & lengths.length - 1;
    }

    private void grow() {
        final long[] newIndexes = new long[lengths.length * 2];
        final int[] newLengths = new int[lengths.length * 2];
        for (int i = 0; i < size; i++) {
            newIndexes[i] = lastIndexes[slot(i)];
            newLengths[i] = lengths[slot(i)];
        }
        lastIndexes = newIndexes;
        lengths = newLengths;
        head = 0;
    }
}
