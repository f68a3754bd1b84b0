package jetstream.engine;

import java.nio.ByteBuffer;

/**
 * Where the engine puts what leaves it as a NATS message. Calls copy the bytes before they return and never block.
 * Owner: the shard thread. One outbox per account.
 */
public interface Outbox {
    /** No bytes. */
    ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * Publishes a message. All arrays are used from 0; {@code replyLength} 0 means no reply.
     *
     * @param headers the header block, from {@code NATS/1.0} to the blank line, or {@link #EMPTY}; absolute range
     *     {@code headersOffset} to {@code headersOffset + headersLength}
     * @param payload the payload; absolute range {@code payloadOffset} to {@code payloadOffset + payloadLength}
     * @return false if nobody was interested
     */
    boolean publish(byte[] subject, int subjectLength, byte[] reply, int replyLength, ByteBuffer headers,
            int headersOffset, int headersLength, ByteBuffer payload, int payloadOffset, int payloadLength);

    /**
     * Delivers a stored message: to subscribers of {@code deliverSubject}, who see the message under {@code subject},
     * its stored one. Otherwise as {@link #publish}.
     */
    boolean deliver(byte[] deliverSubject, int deliverSubjectLength, byte[] subject, int subjectLength, byte[] reply,
            int replyLength, ByteBuffer headers, int headersOffset, int headersLength, ByteBuffer payload,
            int payloadOffset, int payloadLength);

    /** Whether anybody, here or on another server, subscribes to a literal subject. */
    boolean hasInterest(byte[] subject, int length);

    /** Whether the bytes waiting for the receivers of this subject are so many that delivery should pause. */
    boolean isCongested(byte[] subject, int length);
}
