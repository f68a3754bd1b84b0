package jetstream.engine.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Longs that lie close together, kept as distances from a base in as few bytes each (0, 1, 2, 4 or 8) as the widest one
 * needs. A million messages whose indexes count up and whose sizes are alike cost a few bytes each, not forty.
 *
 * <p>A column widens by itself when a value does not fit. {@link #open} keeps the memory, so that a stream that is
 * full, and reuses its blocks, makes no garbage. Its bytes are a function of what was done with it since then. Owner:
 * the shard thread.
 */
final class Column {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NONE = new byte[0];
    private static final int WIDEST = 8;

    private byte[] data = NONE;
    private int capacity;
    private int width;
    private long base;

    /** Forgets all values: so many places of that width, all bytes 0. */
    void open(final int newCapacity, final int newWidth) {
        capacity = newCapacity;
        width = newWidth;
        if (data.length < capacity * width) {
            data = new byte[capacity * width];
        } else {
            Arrays.fill(data, (byte) 0);
        }
    }

    /** Sets what the smallest value will be, as far as is known; there must be no values. */
    void base(final long newBase) {
        base = newBase;
    }

    /** Makes room for that many values; those that are there stay. */
    void grow(final int newCapacity) {
        if (newCapacity > capacity) {
            capacity = newCapacity;
            data = Arrays.copyOf(data, capacity * width);
        }
    }

    /** Bytes that each value takes. */
    int width() {
        return width;
    }

    long get(final int at) {
        return switch (width) {
            case 0 -> base;
            case 1 -> base + (data[at] & 0xff);
            case 2 -> base + ((short) SHORTS.get(data, at << 1) & 0xffff);
            case 4 -> base + ((int) INTS.get(data, at << 2) & 0xffffffffL);
            default -> base + (long) LONGS.get(data, at << 3);
        };
    }

    void set(final int at, final long value) {
        final long distance = value - base;
        if (!fits(distance, width)) {
            widen(distance);
        }
        put(data, width, at, distance);
    }

    /** Fills another, empty column with the values of these slots of a block. */
    void copyTo(final Column target, final SequenceBlock block, final short[] slots) {
        target.open(slots.length, width);
        target.base(base);
        for (int i = 0; i < slots.length; i++) {
            target.set(i, get(block.placeOfSlot(slots[i])));
        }
    }

    private void widen(final long distance) {
        int wider = Math.max(1, width * 2);
        while (!fits(distance, wider)) {
            wider *= 2;
        }
        final byte[] widened = new byte[capacity * wider];
        for (int i = 0; i < capacity; i++) {
            put(widened, wider, i, get(i) - base);
        }
        data = widened;
        width = wider;
    }

    void write(final ImageWriter out) {
        out.number(capacity);
        out.number(width);
        out.fixed(base);
        out.raw(data, capacity * width);
    }

    void read(final ImageReader in) {
        final int newCapacity = (int) in.number();
        open(newCapacity, (int) in.number());
        base = in.fixed();
        in.raw(data, capacity * width);
    }

    private static boolean fits(final long distance, final int width) {
        return width == WIDEST || distance >>> (width << 3) == 0;
    }

    private static void put(final byte[] target, final int width, final int at, final long distance) {
        switch (width) {
            case 0 -> {
                return;
            }
            case 1 -> target[at] = (byte) distance;
            case 2 -> SHORTS.set(target, at << 1, (short) distance);
            case 4 -> INTS.set(target, at << 2, (int) distance);
            default -> LONGS.set(target, at << 3, distance);
        }
    }
}
