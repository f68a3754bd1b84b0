package jetstream.engine.stream;

import jetstream.api.entry.EntryView;

/**
 * Body of a publish entry, little endian:
 *
 * <pre>
 *   0  prefix, as long as the entry's flags say:
 *        IF_LAST  long  store only if this is the last sequence of the subject (0: it has none)
 *        COUNTER  long  last sequence of the subject that the total counts on, -1 for a message in flight;
 *                 long  hash of that one's payload
 *        BATCH    long  place in the batch, from 1, and long number of its messages
 *        COPY     long  sequence and long time stamp (epoch nanoseconds) that the message has in its origin
 *   p  short subject length
 *   +2 int   header block length, 0 if none
 *   +6 subject · header block · payload (the rest)
 * </pre>
 *
 * Flags are set by the leader when it proposes; what they say is then the same on every replica (DESIGN D2).
 */
public final class PublishLayout {
    /** Bytes before the subject, without a prefix. */
    public static final int FIXED_LENGTH = 6;
    /** Flag: nobody was interested; the sequence is used up, the message is not stored. */
    public static final byte NO_INTEREST = 1;
    /** Flag: the body starts with the sequence that must be the subject's last one. */
    public static final byte IF_LAST = 2;
    /** Flag: made by the server itself (delete marker, copy): the rules for clients' headers do not apply. */
    public static final byte TRUSTED = 4;

    /** Flag: copied by a mirror; the body starts with the origin's sequence and time stamp. Not with IF_LAST. */
    public static final byte COPY = 8;

    /** Flag: a counter's new total; the body starts with what it counts on. Alone. */
    public static final byte COUNTER = 16;

    /** Flag: of an atomic batch; the body starts with its place in it. With NO_INTEREST at the most. */
    public static final byte BATCH = 32;

    private PublishLayout() {
    }

    /** Body length of such a message. */
    public static int bodyLength(final int subjectLength, final int headersLength, final int payloadLength) {
        return FIXED_LENGTH + subjectLength + headersLength + payloadLength;
    }

    /** Bytes that stand before the fixed part. */
    static int prefixLength(final byte flags) {
        return (flags & IF_LAST) != 0 ? Long.BYTES : (flags & (COPY | COUNTER | BATCH)) != 0 ? 2 * Long.BYTES : 0;
    }

    /** Place in its batch, from 1; the entry must be of one. */
    public static long batchPosition(final EntryView entry) {
        return entry.buffer().getLong(entry.bodyOffset());
    }

    /** Number of the messages of its batch; the entry must be of one. */
    public static long batchCount(final EntryView entry) {
        return entry.buffer().getLong(entry.bodyOffset() + Long.BYTES);
    }

    /** Sequence that a total counts on; -1 if on a message that was in flight; the entry must be a counter's. */
    static long countedOnSeq(final EntryView entry) {
        return entry.buffer().getLong(entry.bodyOffset());
    }

    /** Hash of the payload that a total counts on; the entry must be a counter's. */
    static long countedOnHash(final EntryView entry) {
        return entry.buffer().getLong(entry.bodyOffset() + Long.BYTES);
    }

    /** Sequence in the origin; the entry must be a copy. */
    static long originSeq(final EntryView entry) {
        return entry.buffer().getLong(entry.bodyOffset());
    }

    /** Time stamp of the message: the origin's for a copy, else the entry's. */
    static long timestampEpochNs(final EntryView entry) {
        return (entry.flags() & COPY) == 0 ? entry.timestampEpochNs()
                : entry.buffer().getLong(entry.bodyOffset() + Long.BYTES);
    }

    /** The sequence that must be the subject's last; the entry must have the flag. */
    static long ifLast(final EntryView entry) {
        return entry.buffer().getLong(entry.bodyOffset());
    }

    static int subjectOffset(final EntryView entry) {
        return entry.bodyOffset() + prefixLength(entry.flags()) + FIXED_LENGTH;
    }

    static int subjectLength(final EntryView entry) {
        return entry.buffer().getShort(entry.bodyOffset() + prefixLength(entry.flags())) & 0xffff;
    }

    static int headersLength(final EntryView entry) {
        return entry.buffer().getInt(entry.bodyOffset() + prefixLength(entry.flags()) + 2);
    }
}
