package jetstream.engine.stream;

import java.nio.ByteBuffer;
import jetstream.api.entry.EntryView;

/**
 * Flyweight over one stored message: views into its log record (DESIGN D1). Valid until the next call on the stream's
 * log. Owner: the shard thread.
 */
public final class MessageView {
    private final EntryView entry = new EntryView();
    private long seq;

    /** A view on nothing yet. */
    public MessageView() {
    }

    /** Points this view at the message that the wrapped entry holds. */
    public MessageView wrap(final long newSeq) {
        seq = newSeq;
        return this;
    }

    /** The entry underneath; a reader of a log points it. */
    public EntryView entry() {
        return entry;
    }

    /** Stream sequence. */
    public long seq() {
        return seq;
    }

    /** Time of storing, epoch nanoseconds. */
    public long timestampEpochNs() {
        return PublishLayout.timestampEpochNs(entry);
    }

    /** Buffer of all ranges below; absolute positions only. */
    public ByteBuffer buffer() {
        return entry.buffer();
    }

    /** Where the subject starts. */
    public int subjectOffset() {
        return PublishLayout.subjectOffset(entry);
    }

    /** Subject length in bytes. */
    public int subjectLength() {
        return PublishLayout.subjectLength(entry);
    }

    /** Where the header block starts. */
    public int headersOffset() {
        return subjectOffset() + subjectLength();
    }

    /** Length of the header block in bytes; 0 if there is none. */
    public int headersLength() {
        return PublishLayout.headersLength(entry);
    }

    /** Where the payload starts. */
    public int payloadOffset() {
        return headersOffset() + headersLength();
    }

    /** Payload length in bytes. */
    public int payloadLength() {
        return entry.bodyOffset() + entry.bodyLength() - payloadOffset();
    }
}
