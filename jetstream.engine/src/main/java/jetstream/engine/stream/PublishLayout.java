package jetstream.engine.stream;

import jetstream.api.entry.EntryView;

/**
 * Body of a publish entry, little endian:
 *
 * <pre>
 *   0  short subject length
 *   2  int   header block length, 0 if none
 *   6  subject · header block · payload (the rest)
 * </pre>
 */
public final class PublishLayout {
    /** Bytes before the subject. */
    public static final int FIXED_LENGTH = 6;

    private PublishLayout() {
    }

    /** Body length of such a message. */
    public static int bodyLength(final int subjectLength, final int headersLength, final int payloadLength) {
        return FIXED_LENGTH + subjectLength + headersLength + payloadLength;
    }

    static int subjectOffset(final EntryView entry) {
        return entry.bodyOffset() + FIXED_LENGTH;
    }

    static int subjectLength(final EntryView entry) {
        return entry.buffer().getShort(entry.bodyOffset()) & 0xffff;
    }

    static int headersLength(final EntryView entry) {
        return entry.buffer().getInt(entry.bodyOffset() + 2);
    }
}
