package jetstream.engine.stream;

import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * What the index knows of up to {@value #LENGTH} neighbouring sequences: for each live one the raft index, time stamp,
 * subject, footprint and the distances to its neighbours on the same subject.
 *
 * <p>Dense form: the place in the columns is the sequence's slot. When few of a closed block are left it becomes
 * sparse: the columns hold only those, and {@code slots} says which. Everything here but the bitmap can be made anew by
 * reading the live records of the block. Owner: the shard thread.
 */
final class SequenceBlock {
    /** Sequences per block; a power of two. */
    static final int LENGTH = 4096;
    private static final int SHIFT = 12;
    private static final int WORDS = LENGTH / Long.SIZE;
    private static final int SMALLEST_CAPACITY = 16;
    private static final int SPARSE_DIVISOR = 4;

    private final long[] bitmap = new long[WORDS];
    private final Column index = new Column();
    private final Column time = new Column();
    private final Column subject = new Column();
    private final Column size = new Column();
    private final Column previous = new Column();
    private final Column following = new Column();
    private short[] slots;
    private int slotCount;
    private long number;
    private int live;
    private int capacity;
    private long newestEpochNs;

    /** Number of the block that a sequence lies in. */
    static long numberOf(final long seq) {
        return seq >>> SHIFT;
    }

    /**
     * Makes this the empty block of that number; a block before it lends its widths. Whether this one was used before
     * makes no difference but for the memory that it has.
     */
    void open(final long newNumber, final SequenceBlock before) {
        Invariant.check(live == 0, "block reused that has live sequences", number);
        number = newNumber;
        slots = null;
        slotCount = 0;
        newestEpochNs = Long.MIN_VALUE;
        capacity = before == null ? SMALLEST_CAPACITY : LENGTH;
        index.open(capacity, before == null ? 0 : before.index.width());
        time.open(capacity, before == null ? 0 : before.time.width());
        subject.open(capacity, before == null ? 0 : before.subject.width());
        size.open(capacity, before == null ? 0 : before.size.width());
        previous.open(capacity, before == null ? 0 : before.previous.width());
        following.open(capacity, before == null ? 0 : before.following.width());
    }

    long number() {
        return number;
    }

    long firstSeq() {
        return number << SHIFT;
    }

    int live() {
        return live;
    }

    /** No live message of the block is newer; it may be that none is as new. */
    long newestEpochNs() {
        return newestEpochNs;
    }

    /** Whether it has the memory of a whole block. */
    boolean isLarge() {
        return slots == null && capacity == LENGTH;
    }

    /** Adds the newest sequence of the whole index, without neighbours. */
    int append(final long seq, final long raftIndex, final long epochNs, final int subjectId, final int footprint) {
        final int slot = slot(seq);
        if (slot >= capacity) {
            growColumns(slot);
        }
        if (live == 0) {
            index.base(raftIndex - slot);
            time.base(epochNs);
        }
        bitmap[slot >>> 6] |= 1L << slot;
        live++;
        newestEpochNs = Math.max(newestEpochNs, epochNs);
        index.set(slot, raftIndex - slot);
        time.set(slot, epochNs);
        subject.set(slot, subjectId);
        size.set(slot, footprint);
        previous.set(slot, 0);
        following.set(slot, 0);
        return slot;
    }

    private void growColumns(final int slot) {
        Invariant.check(slots == null, "append to a sparse block", number);
        while (capacity <= slot) {
            capacity *= 2;
        }
        index.grow(capacity);
        time.grow(capacity);
        subject.grow(capacity);
        size.grow(capacity);
        previous.grow(capacity);
        following.grow(capacity);
    }

    /** Place of a live sequence in the columns; -1 if it is not live. */
    int placeOf(final long seq) {
        final int slot = slot(seq);
        if ((bitmap[slot >>> 6] & 1L << slot) == 0) {
            return -1;
        }
        return slots == null ? slot : sparsePlace(slot);
    }

    private int sparsePlace(final int slot) {
        int low = 0;
        int high = slotCount - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (slots[middle] < slot) {
                low = middle + 1;
            } else if (slots[middle] > slot) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        throw new IllegalStateException("live slot " + slot + " has no place in block " + number);
    }

    long indexAt(final int place) {
        return index.get(place) + (slots == null ? place : slots[place]);
    }

    long timeAt(final int place) {
        return time.get(place);
    }

    int subjectAt(final int place) {
        return (int) subject.get(place);
    }

    int sizeAt(final int place) {
        return (int) size.get(place);
    }

    /** Distance back to the live message before on the same subject; 0 if there is none. */
    long previousAt(final int place) {
        return previous.get(place);
    }

    /** Distance to the next live message on the same subject; 0 if there is none. */
    long followingAt(final int place) {
        return following.get(place);
    }

    void previousAt(final int place, final long distance) {
        previous.set(place, distance);
    }

    void followingAt(final int place, final long distance) {
        following.set(place, distance);
    }

    /** Takes a live sequence out. */
    void remove(final long seq) {
        final int slot = slot(seq);
        Invariant.check((bitmap[slot >>> 6] & 1L << slot) != 0, "sequence removed that is not live", seq);
        bitmap[slot >>> 6] &= ~(1L << slot);
        live--;
    }

    /** Whether few enough are left that {@link #compacted} saves memory. Only for blocks that are not appended to. */
    boolean isWasteful() {
        final int used = slots == null ? capacity : slotCount;
        return live > 0 && used > SMALLEST_CAPACITY && live <= used / SPARSE_DIVISOR;
    }

    /** The same content in sparse form. This block is empty afterwards and may be opened anew. */
    SequenceBlock compacted() {
        final SequenceBlock sparse = new SequenceBlock();
        sparse.number = number;
        sparse.newestEpochNs = newestEpochNs;
        sparse.slots = new short[live];
        sparse.capacity = live;
        int count = 0;
        for (int slot = nextSlot(0); slot >= 0; slot = nextSlot(slot + 1)) {
            sparse.slots[count++] = (short) slot;
        }
        sparse.slotCount = count;
        index.copyTo(sparse.index, this, sparse.slots);
        time.copyTo(sparse.time, this, sparse.slots);
        subject.copyTo(sparse.subject, this, sparse.slots);
        size.copyTo(sparse.size, this, sparse.slots);
        previous.copyTo(sparse.previous, this, sparse.slots);
        following.copyTo(sparse.following, this, sparse.slots);
        System.arraycopy(bitmap, 0, sparse.bitmap, 0, WORDS);
        sparse.live = live;
        Arrays.fill(bitmap, 0);
        live = 0;
        return sparse;
    }

    /** Place in the columns of a live slot. */
    int placeOfSlot(final int slot) {
        return slots == null ? slot : sparsePlace(slot);
    }

    /** First live slot at or after that one; -1 if there is none. */
    private int nextSlot(final int from) {
        if (from >= LENGTH) {
            return -1;
        }
        int word = from >>> 6;
        long bits = bitmap[word] & -1L << from;
        while (bits == 0) {
            if (++word == WORDS) {
                return -1;
            }
            bits = bitmap[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** First live sequence of the block at or after that one; 0 if there is none. */
    long nextLive(final long fromSeq) {
        final int slot = nextSlot(fromSeq <= firstSeq() ? 0 : slot(fromSeq));
        return slot < 0 ? 0 : firstSeq() + slot;
    }

    /** Last live sequence of the block at or before that one; 0 if there is none. */
    long previousLive(final long throughSeq) {
        final int from = throughSeq >= firstSeq() + LENGTH ? LENGTH - 1 : slot(throughSeq);
        int word = from >>> 6;
        long bits = bitmap[word] & -1L >>> (63 - (from & 63));
        while (bits == 0) {
            if (--word < 0) {
                return 0;
            }
            bits = bitmap[word];
        }
        return firstSeq() + (word << 6) + 63 - Long.numberOfLeadingZeros(bits);
    }

    /** Live sequences of the block at or after that one. */
    int countFrom(final long fromSeq) {
        if (fromSeq <= firstSeq()) {
            return live;
        }
        final int from = slot(fromSeq);
        int word = from >>> 6;
        int count = Long.bitCount(bitmap[word] & -1L << from);
        while (++word < WORDS) {
            count += Long.bitCount(bitmap[word]);
        }
        return count;
    }

    void write(final ImageWriter out) {
        out.number(number);
        out.number(live);
        out.fixed(newestEpochNs);
        out.number(capacity);
        for (final long word : bitmap) {
            out.fixed(word);
        }
        out.number(slotCount);
        for (int i = 0; i < slotCount; i++) {
            out.number(slots[i]);
        }
        index.write(out);
        time.write(out);
        subject.write(out);
        size.write(out);
        previous.write(out);
        following.write(out);
    }

    void read(final ImageReader in) {
        number = in.number();
        live = (int) in.number();
        newestEpochNs = in.fixed();
        capacity = (int) in.number();
        for (int i = 0; i < WORDS; i++) {
            bitmap[i] = in.fixed();
        }
        slotCount = (int) in.number();
        slots = slotCount == 0 ? null : new short[slotCount];
        for (int i = 0; i < slotCount; i++) {
            slots[i] = (short) in.number();
        }
        index.read(in);
        time.read(in);
        subject.read(in);
        size.read(in);
        previous.read(in);
        following.read(in);
    }

    private static int slot(final long seq) {
        return (int) seq & LENGTH - 1;
    }
}
