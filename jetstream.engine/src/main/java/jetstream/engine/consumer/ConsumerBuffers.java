package jetstream.engine.consumer;

import java.nio.ByteBuffer;

/**
 * Memory that a consumer needs only during a call. One for all consumers of a shard: with tens of thousands of them,
 * two kilobytes each would count. Owner: the shard thread.
 */
public final class ConsumerBuffers {
    private static final int STATUS_LENGTH_MAX = 1024;

    /** A status message's header block. */
    final byte[] status = new byte[STATUS_LENGTH_MAX];
    /** View on {@link #status}. */
    final ByteBuffer statusView = ByteBuffer.wrap(status);
    /** The body of a pull request, decoded. */
    final PullRequestDecoder pullRequest = new PullRequestDecoder();
    /** The subject of an ack, decoded. */
    final AckDecoder ackSubject = new AckDecoder();

    private byte[] subject = new byte[256];
    private byte[] headers = new byte[1024];
    private ByteBuffer headersView = ByteBuffer.wrap(headers);

    /** Buffers for the consumers of one shard. */
    public ConsumerBuffers() {
    }

    /** Room for a subject. */
    byte[] subject(final int length) {
        if (subject.length < length) {
            subject = new byte[length];
        }
        return subject;
    }

    /** Room for a rewritten header block; its view is {@link #headersView}. */
    byte[] headers(final int length) {
        if (headers.length < length) {
            headers = new byte[length];
            headersView = ByteBuffer.wrap(headers);
        }
        return headers;
    }

    /** View on what {@link #headers} gave last. */
    ByteBuffer headersView() {
        return headersView;
    }
}
