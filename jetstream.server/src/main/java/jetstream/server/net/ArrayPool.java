package jetstream.server.net;

import java.util.ArrayList;
import java.util.List;

/** Keeps byte arrays of a few sizes for reuse, powers of two from 1 KiB to 64 KiB. Owner: node thread. */
final class ArrayPool {
    static final int LENGTH_MIN = 1 << 10;
    static final int LENGTH_MAX = 1 << 16;
    private static final int KEPT_PER_SIZE = 64;
    private static final int SIZES = 7;

    private final List<ArrayList<byte[]>> free = new ArrayList<>();

    ArrayPool() {
        for (int i = 0; i < SIZES; i++) {
            free.add(new ArrayList<>());
        }
    }

    /** An array of at least that length; its content is arbitrary. */
    byte[] take(final int length) {
        if (length > LENGTH_MAX) {
            return new byte[length];
        }
        final int size = size(length);
        final ArrayList<byte[]> list = free.get(size);
        return list.isEmpty() ? new byte[LENGTH_MIN << size] : list.remove(list.size() - 1);
    }

    /** Takes an array back; one of an odd length is left to the garbage collector. */
    void give(final byte[] array) {
        if (array.length < LENGTH_MIN || array.length > LENGTH_MAX || Integer.bitCount(array.length) != 1) {
            return;
        }
        final ArrayList<byte[]> list = free.get(size(array.length));
        if (list.size() < KEPT_PER_SIZE) {
            list.add(array);
        }
    }

    private static int size(final int length) {
        return length <= LENGTH_MIN ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / LENGTH_MIN);
    }
}
