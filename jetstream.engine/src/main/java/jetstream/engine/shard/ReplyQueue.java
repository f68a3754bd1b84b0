package jetstream.engine.shard;

import jetstream.api.Invariant;

/**
 * Reply subjects that wait for their entries to be applied, in the order of the entries. First in, first out; bytes
 * live in one ring, so that nothing is allocated per message. Owner: the shard thread of the leader.
 *
 * <p>Entries that were added and not yet proposed have no index; {@link #assign} numbers them.
 */
final class ReplyQueue {
    private static final int ROWS_MIN = 16;
    private static final int BYTES_MIN = 512;

    private long[] indexes = new long[1];
    private int[] lengths = new int[1];
    private byte[] bytes = new byte[1];
    private int head;
    private int count;
    private int unassigned;
    private int bytesHead;
    private int bytesUsed;

    /** Adds an entry's reply subject; length 0 if nobody waits. */
    void add(final byte[] reply, final int length) {
        if (count == indexes.length) {
            growRows();
        }
        if (bytesUsed + length > bytes.length) {
            growBytes(length);
        }
        final int row = head + count & indexes.length - 1;
        lengths[row] = length;
        final int at = bytesHead + bytesUsed & bytes.length - 1;
        final int first = Math.min(length, bytes.length - at);
        System.arraycopy(reply, 0, bytes, at, first);
        System.arraycopy(reply, first, bytes, 0, length - first);
        bytesUsed += length;
        count++;
        unassigned++;
    }

    /** The entries added since the last call have indexes from {@code firstIndex} on. */
    void assign(final long firstIndex) {
        for (int i = 0; i < unassigned; i++) {
            indexes[head + count - unassigned + i & indexes.length - 1] = firstIndex + i;
        }
        unassigned = 0;
    }

    /**
     * Takes the reply subject of an entry, dropping those of lower indexes.
     *
     * @param into where to copy it; long enough for any subject
     * @return its length; 0 if nobody waits
     */
    int take(final long index, final byte[] into) {
        while (count > unassigned && indexes[head] < index) {
            drop();
        }
        if (count == unassigned || indexes[head] != index) {
            return 0;
        }
        final int length = lengths[head];
        final int first = Math.min(length, bytes.length - bytesHead);
        System.arraycopy(bytes, bytesHead, into, 0, first);
        System.arraycopy(bytes, 0, into, first, length - first);
        drop();
        return length;
    }

    /** Entries that were added and not yet proposed. */
    int unassigned() {
        return unassigned;
    }

    /**
     * Takes the reply subject of the first entry that was not proposed; those that were stay.
     *
     * @param into where to copy it; long enough for any subject
     * @return its length; 0 if nobody waits
     */
    int takeUnassigned(final byte[] into) {
        Invariant.check(unassigned > 0, "no entry that was not proposed");
        final int first = count - unassigned;
        int at = bytesHead;
        for (int i = 0; i < first; i++) {
            at += lengths[head + i & indexes.length - 1];
        }
        final int length = lengths[head + first & indexes.length - 1];
        for (int i = 0; i < length; i++) {
            into[i] = bytes[at + i & bytes.length - 1];
        }
        removeUnassigned(first, at, length);
        return length;
    }

    /** What stands behind moves up: rare, and only as much as one duty cycle has added. */
    private void removeUnassigned(final int row, final int at, final int length) {
        for (int i = row; i < count - 1; i++) {
            lengths[head + i & indexes.length - 1] = lengths[head + i + 1 & indexes.length - 1];
        }
        final int end = bytesHead + bytesUsed;
        for (int i = at; i + length < end; i++) {
            bytes[i & bytes.length - 1] = bytes[i + length & bytes.length - 1];
        }
        bytesUsed -= length;
        count--;
        unassigned--;
    }

    /** Entries whose answers are still to come. */
    int count() {
        return count;
    }

    /** Forgets everything. */
    void clear() {
        head = 0;
        count = 0;
        unassigned = 0;
        bytesHead = 0;
        bytesUsed = 0;
    }

    private void drop() {
        Invariant.check(count > 0, "drop from an empty queue");
        bytesHead = bytesHead + lengths[head] & bytes.length - 1;
        bytesUsed -= lengths[head];
        head = head + 1 & indexes.length - 1;
        count--;
    }

    private void growRows() {
        final int size = Math.max(ROWS_MIN, indexes.length * 2);
        final long[] newIndexes = new long[size];
        final int[] newLengths = new int[size];
        for (int i = 0; i < count; i++) {
            newIndexes[i] = indexes[head + i & indexes.length - 1];
            newLengths[i] = lengths[head + i & indexes.length - 1];
        }
        indexes = newIndexes;
        lengths = newLengths;
        head = 0;
    }

    private void growBytes(final int more) {
        int size = Math.max(BYTES_MIN, bytes.length);
        while (size < bytesUsed + more) {
            size *= 2;
        }
        final byte[] grown = new byte[size];
        final int first = Math.min(bytesUsed, bytes.length - bytesHead);
        System.arraycopy(bytes, bytesHead, grown, 0, first);
        System.arraycopy(bytes, 0, grown, first, bytesUsed - first);
        bytes = grown;
        bytesHead = 0;
    }
}
