package jetstream.server.net;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps byte arrays for reuse: many of small sizes, powers of two from 1 KiB to 64 KiB, and two large ones for messages
 * of up to 2 MiB. Owner: node thread.
 */
final class ArrayPool {
    static final int LENGTH_MIN = 1 << 10;
    static final int LENGTH_MAX = 1 << 16;
    private static final int LARGE_MAX = 1 << 21;
    private static final int LARGE_KEPT = 2;
    private static final int KEPT_PER_SIZE = 64;
    private static final int SIZES = 7;

    private final List<ArrayList<byte[]>> free = new ArrayList<>();
    private final ArrayList<byte[]> large = new ArrayList<>();

    ArrayPool() {
        for (int i = 0; i < SIZES; i++) {
            free.add(new ArrayList<>());
        }
    }

    /** An array of at least that length; its content is arbitrary. */
    byte[] take(final int length) {
        if (length > LENGTH_MAX) {
            return takeLarge(length);
        }
        final int size = size(length);
        final ArrayList<byte[]> list = free.get(size);
        return list.isEmpty() ? new byte[LENGTH_MIN << size] : list.remove(list.size() - 1);
    }

    private byte[] takeLarge(final int length) {
        for (int i = large.size() - 1; i >= 0; i--) {
            if (large.get(i).length >= length) {
                return large.remove(i);
            }
        }
        return new byte[length > LARGE_MAX ? length : Integer.highestOneBit(length - 1) << 1];
    }

    /** Takes an array back; one that is not worth keeping is left to the garbage collector. */
    void give(final byte[] array) {
        if (array.length < LENGTH_MIN || array.length > LARGE_MAX || Integer.bitCount(array.length) != 1) {
            return;
        }
        final boolean isLarge = array.length > LENGTH_MAX;
        final ArrayList<byte[]> list = isLarge ? large : free.get(size(array.length));
        if (list.size() < (isLarge ? LARGE_KEPT : KEPT_PER_SIZE)) {
            list.add(array);
        }
    }

    private static int size(final int length) {
        return length <= LENGTH_MIN ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / LENGTH_MIN);
    }
}
