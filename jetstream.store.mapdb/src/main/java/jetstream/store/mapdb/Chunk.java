package jetstream.store.mapdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.GroupId;

/**
 * Places of the held entries of {@value #LENGTH} neighbouring indexes, and their row: one row per chunk, because a row
 * costs MapDB much more than the bytes in it. A slot is held if it has a record, or is {@link #LOST}. Whether an entry
 * is freed is not in the row. Owner: the shard thread. Little endian:
 *
 * <pre>
 *   0  int   CRC32C of the rest
 *   4  int   slots that follow
 *   8  long  group
 *  16  long  number of the chunk
 *  24  per slot: int slot, int length of the entry, long record, long term
 * </pre>
 */
final class Chunk {
    static final int SHIFT = 6;
    static final int LENGTH = 1 << SHIFT;
    /** Record of an entry that was damaged and could not be saved. */
    static final long LOST = -1;

    private static final int HEAD_LENGTH = 24;
    private static final int SLOT_LENGTH = 24;

    final long number;
    final long[] records = new long[LENGTH];
    final long[] terms = new long[LENGTH];
    final int[] lengths = new int[LENGTH];
    boolean isDirty;
    private long freed;
    private int held;

    Chunk(final long number) {
        this.number = number;
    }

    static int slotOf(final long index) {
        return (int) (index & LENGTH - 1);
    }

    static long numberOf(final long index) {
        return index >> SHIFT;
    }

    long firstIndex() {
        return number << SHIFT;
    }

    boolean isHeld(final int slot) {
        return records[slot] != 0;
    }

    boolean isLive(final int slot) {
        return records[slot] != 0 && (freed & 1L << slot) == 0;
    }

    boolean isEmpty() {
        return held == 0;
    }

    int held() {
        return held;
    }

    void set(final int slot, final long record, final int length, final long term) {
        records[slot] = record;
        lengths[slot] = length;
        terms[slot] = term;
        freed &= ~(1L << slot);
        held++;
    }

    void markFreed(final int slot) {
        freed |= 1L << slot;
    }

    void remove(final int slot) {
        records[slot] = 0;
        freed &= ~(1L << slot);
        held--;
    }

    byte[] row(final long group) {
        final byte[] row = new byte[HEAD_LENGTH + held * SLOT_LENGTH];
        final ByteBuffer to = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(0).putInt(held).putLong(group).putLong(number);
        for (int slot = 0; slot < LENGTH; slot++) {
            if (isHeld(slot)) {
                to.putInt(slot).putInt(lengths[slot]).putLong(records[slot]).putLong(terms[slot]);
            }
        }
        to.putInt(0, GroupState.checksum(row, 4, row.length - 4));
        return row;
    }

    /**
     * Reads a row.
     *
     * @throws PageDamaged if it is not whole
     */
    static Chunk of(final long group, final long number, final byte[] row) {
        final ByteBuffer from = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
        final boolean isIntact = row.length >= HEAD_LENGTH
                && from.getInt(0) == GroupState.checksum(row, 4, row.length - 4)
                && row.length == HEAD_LENGTH + from.getInt(4) * SLOT_LENGTH && from.getLong(8) == group
                && from.getLong(16) == number;
        if (!isIntact) {
            throw new PageDamaged("the row of entries " + (number << SHIFT) + " and following of group "
                    + new GroupId(group) + " is damaged");
        }
        final Chunk chunk = new Chunk(number);
        from.position(HEAD_LENGTH);
        while (from.hasRemaining()) {
            final int slot = from.getInt();
            final int length = from.getInt();
            final long record = from.getLong();
            chunk.set(slot, record, length, from.getLong());
        }
        return chunk;
    }
}
