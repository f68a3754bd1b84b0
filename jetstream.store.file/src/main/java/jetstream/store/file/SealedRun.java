package jetstream.store.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jetstream.api.store.StoreException;

/**
 * Entries of one group with ascending indexes in a sealed segment. Their places stay in the index file; in memory is
 * which of them are no longer held (a bit each, once there is one) and which of the held are freed (the same). Owner:
 * the shard thread.
 */
final class SealedRun {
    final Segment segment;
    final GroupEntries owner;
    final long first;
    final long last;
    final long term;

    private final IndexItem item;
    private final boolean isDense;
    private boolean isChecked;
    private boolean isReadable;
    /** Rows are still being taken over. */
    private boolean isOpen;
    private int held;
    private long heldBytes;
    private long liveBytes;
    /** Rows that are not held; null if all are. */
    private long[] gone;
    /** Held rows that are not live; null if there is none. */
    private long[] freed;

    /** A run of which nothing is held yet. */
    SealedRun(final Segment segment, final GroupEntries owner, final IndexItem item) {
        this.segment = segment;
        this.owner = owner;
        this.item = item;
        first = item.first();
        last = item.last();
        term = item.term();
        isDense = item.isDense();
    }

    boolean isDense() {
        return isDense;
    }

    int count() {
        return item.count();
    }

    /** Whether it can be forgotten. */
    boolean isEmpty() {
        return held == 0 && !isOpen;
    }

    long heldBytes() {
        return heldBytes;
    }

    long liveBytes() {
        return liveBytes;
    }

    int held() {
        return held;
    }

    /** All of it is held and live. */
    void holdAll() {
        held = item.count();
        heldBytes = item.bytes();
        liveBytes = item.bytes();
        gone = null;
        freed = null;
    }

    /** None of it is held; rows are taken one by one. */
    void holdNone() {
        isOpen = true;
        gone = new long[words()];
        Arrays.fill(gone, -1);
    }

    /** A row is held from now on. Only after {@link #holdNone}. */
    void hold(final int row, final boolean isFreed) {
        clear(gone, row);
        held++;
        heldBytes += length(row);
        if (isFreed) {
            markFreed(row);
        } else {
            liveBytes += length(row);
        }
    }

    /** Every row was taken that will be. */
    void settle() {
        isOpen = false;
        if (held == item.count()) {
            gone = null;
        }
    }

    /** The held row of that index, -1 if there is none. */
    int heldRow(final long index) {
        if (index < first || index > last) {
            return -1;
        }
        final int row = firstRow(index);
        return isHeld(row) && index(row) == index ? row : -1;
    }

    /** The first row whose index is at least that. */
    int firstRow(final long index) {
        if (isDense) {
            return (int) Math.min(item.count(), Math.max(0, index - first));
        }
        if (!isReadable()) {
            return item.count();                    // nobody knows which they are: as if none was there
        }
        if (index <= first) {
            return 0;
        }
        int low = 0;
        int high = item.count() - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            if (index(middle) < index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    boolean isHeld(final int row) {
        return row < item.count() && (gone == null || !isSet(gone, row));
    }

    boolean isLive(final int row) {
        return freed == null || !isSet(freed, row);
    }

    /** The highest index such that all from the given one, which is held, through it are held. */
    long heldThrough(final long index) {
        return isDense && gone == null ? last : index;
    }

    long index(final int row) {
        return isDense ? first + row : first + rows().getInt(item.table() + row * item.rowLength());
    }

    int offset(final int row) {
        return rows().getInt(item.table() + (row + 1) * item.rowLength() - 2 * Integer.BYTES);
    }

    /** About that if it can not be read: only what is counted depends on it, since nobody finds the entry then. */
    int length(final int row) {
        if (!isReadable()) {
            return (int) (item.bytes() / item.count());
        }
        return rows().getInt(item.table() + (row + 1) * item.rowLength() - Integer.BYTES);
    }

    void release(final int row) {
        final int length = length(row);
        if (isLive(row)) {
            liveBytes -= length;
        }
        if (gone == null) {
            gone = new long[words()];
        }
        set(gone, row);
        held--;
        heldBytes -= length;
    }

    void free(final int row) {
        liveBytes -= length(row);
        markFreed(row);
    }

    /** Nothing of it is held any more. */
    void releaseRest() {
        held = 0;
        heldBytes = 0;
        liveBytes = 0;
        if (isOpen) {
            Arrays.fill(gone, -1);
        }
    }

    /** Whether the places of its entries are known. */
    boolean isReadable() {
        if (!isChecked) {
            isReadable = segment.index.isReadable(item);
            isChecked = true;
        }
        return isReadable;
    }

    private ByteBuffer rows() {
        if (!isReadable()) {
            throw new StoreException.Corrupt("indexes " + first + ".." + last + " can not be found: " + segment.name
                    + " and its index are damaged; nothing was deleted");
        }
        return segment.index.bytes();
    }

    private int words() {
        return (item.count() + Long.SIZE - 1) / Long.SIZE;
    }

    private void markFreed(final int row) {
        if (freed == null) {
            freed = new long[words()];
        }
        set(freed, row);
    }

    private static boolean isSet(final long[] bits, final int row) {
        return (bits[row >> 6] & 1L << row) != 0;
    }

    private static void set(final long[] bits, final int row) {
        bits[row >> 6] |= 1L << row;
    }

    private static void clear(final long[] bits, final int row) {
        bits[row >> 6] &= ~(1L << row);
    }
}
