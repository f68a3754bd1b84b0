package jetstream.engine.consumer;

import jetstream.engine.Outbox;
import jetstream.engine.stream.StreamReader;

/**
 * What a consumer is connected to on its node.
 *
 * @param stream the stream's messages, as this member has applied them
 * @param outbox where messages leave; used only while this member leads
 * @param listener who wants to know
 * @param buffers shared by all consumers of the shard
 */
public record ConsumerPorts(StreamReader stream, Outbox outbox, ConsumerListener listener, ConsumerBuffers buffers) {
    /** Ports of a consumer with buffers of its own. */
    public ConsumerPorts(final StreamReader stream, final Outbox outbox, final ConsumerListener listener) {
        this(stream, outbox, listener, new ConsumerBuffers());
    }
}
