package jetstream.api.entry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.Invariant;

/**
 * Whole entries of one group, back to back in one buffer that this batch owns and reuses. Written entry by entry
 * ({@link #begin}, bytes into {@link #buffer()}, {@link #end}), or filled by a log or a transport ({@link #append},
 * {@link #wrap}). Owner: one thread at a time.
 *
 * <p>The buffer grows to what was needed and is kept; {@link #clear} forgets the entries, not the memory.
 */
public final class EntryBatch {
    private static final int NONE = -1;

    private ByteBuffer own;
    private ByteBuffer buffer;
    private int offset;
    private int limit;
    private int count;
    private int openOffset = NONE;

    /** A batch with that many bytes to start with; direct memory, little endian. */
    public EntryBatch(final int initialCapacityBytes) {
        own = ByteBuffer.allocateDirect(initialCapacityBytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer = own;
    }

    /** Forgets all entries; writes go to the batch's own memory again. */
    public EntryBatch clear() {
        buffer = own;
        offset = 0;
        limit = 0;
        count = 0;
        openOffset = NONE;
        return this;
    }

    /**
     * Points the batch at entries in a foreign little-endian buffer, without copying. Valid as long as those bytes are.
     *
     * @param newCount how many entries stand in {@code [newOffset, newOffset + lengthBytes)}
     */
    public EntryBatch wrap(final ByteBuffer foreign, final int newOffset, final int lengthBytes, final int newCount) {
        buffer = foreign;
        offset = newOffset;
        limit = newOffset + lengthBytes;
        count = newCount;
        openOffset = NONE;
        return this;
    }

    /**
     * Starts an entry and reserves room for a body. Group, index, term and header checksum are filled in when the
     * leader appends ({@link #seal}).
     *
     * @param bodyLengthMax bytes that the body may take at the most
     * @return absolute position in {@link #buffer()} where the body starts; fetch the buffer after this call
     */
    public int begin(final byte type, final byte flags, final long timestampEpochNs, final int bodyLengthMax) {
        Invariant.check(openOffset == NONE, "entry begun inside an entry");
        Invariant.check(buffer == own, "entry begun in a wrapped batch");
        ensure(EntryLayout.HEADER_LENGTH + bodyLengthMax);
        openOffset = limit;
        buffer.put(limit + EntryLayout.TYPE_OFFSET, type);
        buffer.put(limit + EntryLayout.FLAGS_OFFSET, flags);
        buffer.putShort(limit + EntryLayout.VERSION_OFFSET, (short) 1);
        buffer.putLong(limit + EntryLayout.TIMESTAMP_OFFSET, timestampEpochNs);
        return limit + EntryLayout.HEADER_LENGTH;
    }

    /** Ends the entry that was begun: its body has that many bytes. Computes the body's checksum. */
    public void end(final int bodyLength) {
        Invariant.check(openOffset != NONE, "entry ended that was not begun");
        buffer.putInt(openOffset + EntryLayout.BODY_LENGTH_OFFSET, bodyLength);
        buffer.putInt(openOffset + EntryLayout.BODY_CHECKSUM_OFFSET,
                EntryLayout.checksum(buffer, openOffset + EntryLayout.HEADER_LENGTH, bodyLength));
        limit = openOffset + EntryLayout.HEADER_LENGTH + bodyLength;
        openOffset = NONE;
        count++;
    }

    /**
     * Gives the entries, in order, that group and term and the indexes from {@code firstIndex} on; final after this.
     */
    public void seal(final long group, final long firstIndex, final long term) {
        long index = firstIndex;
        for (int at = offset; at < limit; at += EntryLayout.entryLength(buffer, at)) {
            EntryLayout.seal(buffer, at, group, index++, term);
        }
    }

    /** Copies one whole entry behind those that are there. */
    public void append(final ByteBuffer source, final int sourceOffset, final int lengthBytes) {
        Invariant.check(buffer == own, "append to a wrapped batch");
        ensure(lengthBytes);
        buffer.put(limit, source, sourceOffset, lengthBytes);
        limit += lengthBytes;
        count++;
    }

    /**
     * The bytes; absolute positions {@link #offset()} to {@link #limit()}. May be another object after the batch grew.
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where the first entry starts. */
    public int offset() {
        return offset;
    }

    /** One past the last byte of the last entry. */
    public int limit() {
        return limit;
    }

    /** Bytes of all entries. */
    public int length() {
        return limit - offset;
    }

    /** Number of whole entries. */
    public int count() {
        return count;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Index of the first entry; the batch must not be empty. */
    public long firstIndex() {
        Invariant.check(count > 0, "first index of an empty batch");
        return EntryLayout.index(buffer, offset);
    }

    private void ensure(final int bytes) {
        final long needed = (long) limit + bytes;
        if (needed > own.capacity()) {
            final long doubled = Math.max(needed, 2L * own.capacity());
            Invariant.check(needed <= Integer.MAX_VALUE - 8, "entry batch too large", needed);
            final ByteBuffer grown = ByteBuffer.allocateDirect((int) Math.min(doubled, Integer.MAX_VALUE - 8))
                    .order(ByteOrder.LITTLE_ENDIAN);
            grown.put(0, own, 0, limit);
            own = grown;
            buffer = grown;
        }
    }
}
