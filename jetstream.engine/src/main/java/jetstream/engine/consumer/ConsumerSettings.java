package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.util.function.Function;
import jetstream.api.config.ConsumerConfig;

/**
 * What does not come from the consumer's configuration.
 *
 * @param replicated whether the group has more than one member: deliveries then wait for their entry to be committed
 * @param seed for pin ids, flow control subjects, sampling and jitter
 * @param domain JetStream domain; empty if none
 * @param accountHash eight characters for ack subjects of version 2; empty for version 1 (spec/jetstream-api.md
 *     section 4)
 * @param messageBytesMax largest message that may be stored: the burst of a rate limit
 * @param configDecoder reads the bytes of a CONFIG entry; must give the same on every member
 */
public record ConsumerSettings(boolean replicated, long seed, String domain, String accountHash, int messageBytesMax,
        Function<ByteBuffer, ConsumerConfig> configDecoder) {
    /** The same with more than one member, or with one. */
    ConsumerSettings replicated(final boolean isReplicated) {
        return new ConsumerSettings(isReplicated, seed, domain, accountHash, messageBytesMax, configDecoder);
    }

    /** Whether delivered messages carry ack subjects of version 2. */
    public boolean isAckSubjectV2() {
        return !accountHash.isEmpty();
    }
}
