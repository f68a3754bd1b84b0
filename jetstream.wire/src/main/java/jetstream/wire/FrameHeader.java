package jetstream.wire;

import jetstream.wire.codec.HelloDecoder;
import jetstream.wire.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * Flyweight over a frame's first eight bytes. Checks all that later reads rely on: after {@link #wrap} returned {@link
 * Refusal#NONE}, header and root block lie inside the frame. Owner: one thread.
 */
public final class FrameHeader {
    /** Length of the header in bytes. */
    public static final int LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;

    private static final int FIRST_LINK_TEMPLATE = HelloDecoder.TEMPLATE_ID;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private int blockLength;
    private int templateId;
    private int version;
    private int blockOffset;
    private int limit;

    /** A header over nothing yet. */
    public FrameHeader() {
    }

    /** Reads the header of the frame in {@code [offset, offset + length)}. */
    public Refusal wrap(final DirectBuffer buffer, final int offset, final int length) {
        if (length < LENGTH) {
            return Refusal.TOO_SHORT;
        }
        header.wrap(buffer, offset);
        blockLength = header.blockLength();
        templateId = header.templateId();
        version = header.version();
        blockOffset = offset + LENGTH;
        limit = offset + length;
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            return Refusal.FOREIGN_SCHEMA;
        }
        return blockLength > length - LENGTH ? Refusal.TOO_SHORT : Refusal.NONE;
    }

    /** Kind of the frame. */
    public int templateId() {
        return templateId;
    }

    /**
     * Whether transports say this to each other (see {@link LinkFrame}); false: a frame of {@code jetstream.api.frame}.
     */
    public boolean isLinkFrame() {
        return templateId >= FIRST_LINK_TEMPLATE;
    }

    /** Schema version of the writer. */
    public int version() {
        return version;
    }

    /** Length of the root block in bytes, as its writer knew it. */
    public int blockLength() {
        return blockLength;
    }

    /** Where the root block starts. */
    public int blockOffset() {
        return blockOffset;
    }

    /** Where the payload, or the first group, starts: behind every field of the block, known or not. */
    public int payloadOffset() {
        return blockOffset + blockLength;
    }

    /** Bytes from {@link #payloadOffset} to the frame's end. */
    public int payloadLength() {
        return limit - payloadOffset();
    }
}
