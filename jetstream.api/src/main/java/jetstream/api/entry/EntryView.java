package jetstream.api.entry;

import java.nio.ByteBuffer;

/**
 * Flyweight over one entry inside somebody's buffer. Only valid during the call that handed it out; the bytes are
 * read-only by contract. Owner: the thread that wraps it.
 */
public final class EntryView {
    private ByteBuffer buffer;
    private int offset;

    /** A view on nothing yet. */
    public EntryView() {
    }

    /** Points this view at the entry that starts at {@code offset} (absolute) of a little-endian buffer. */
    public EntryView wrap(final ByteBuffer newBuffer, final int newOffset) {
        buffer = newBuffer;
        offset = newOffset;
        return this;
    }

    /** The buffer underneath; use absolute positions only. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Absolute position of the entry's header in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** Absolute position of the body in {@link #buffer()}. */
    public int bodyOffset() {
        return offset + EntryLayout.HEADER_LENGTH;
    }

    /** Body length in bytes. */
    public int bodyLength() {
        return EntryLayout.bodyLength(buffer, offset);
    }

    /** Header and body, in bytes. */
    public int length() {
        return EntryLayout.entryLength(buffer, offset);
    }

    /** See {@link EntryType}. */
    public byte type() {
        return buffer.get(offset + EntryLayout.TYPE_OFFSET);
    }

    /** Flags of the state machine. */
    public byte flags() {
        return buffer.get(offset + EntryLayout.FLAGS_OFFSET);
    }

    /** Engine version that wrote the entry. */
    public short version() {
        return buffer.getShort(offset + EntryLayout.VERSION_OFFSET);
    }

    /** Group, as {@link jetstream.api.GroupId#value()}. */
    public long group() {
        return EntryLayout.group(buffer, offset);
    }

    /** RAFT index, from 1. */
    public long index() {
        return EntryLayout.index(buffer, offset);
    }

    /** RAFT term. */
    public long term() {
        return EntryLayout.term(buffer, offset);
    }

    /** Leader's clock when the entry was proposed, epoch nanoseconds. */
    public long timestampEpochNs() {
        return EntryLayout.timestampEpochNs(buffer, offset);
    }
}
