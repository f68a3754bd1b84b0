package jetstream.engine.consumer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the reply subject of a delivered message (spec/jetstream-api.md section 4) into its own memory. No garbage.
 * Owner: the shard thread.
 *
 * <pre>
 *   v1  $JS.ACK.STREAM.CONSUMER.deliveries.stream seq.consumer seq.time ns.pending
 *   v2  $JS.ACK.DOMAIN.ACCOUNT HASH.STREAM.CONSUMER.… as v1; DOMAIN is _ if there is none
 * </pre>
 */
final class AckSubjectWriter {
    private static final int NUMBERS_LENGTH_MAX = 5 * 20;

    private final byte[] bytes;
    private final int prefixLength;
    private int length;

    AckSubjectWriter(final ConsumerIdentity identity, final ConsumerSettings settings) {
        final String domain = settings.domain().isEmpty() ? "_" : settings.domain();
        final String version = settings.isAckSubjectV2() ? domain + '.' + settings.accountHash() + '.' : "";
        final byte[] prefix = ("$JS.ACK." + version + identity.stream() + '.' + identity.consumer() + '.')
                .getBytes(StandardCharsets.UTF_8);
        prefixLength = prefix.length;
        bytes = Arrays.copyOf(prefix, prefixLength + NUMBERS_LENGTH_MAX);
    }

    /** The bytes; valid from 0 to {@link #length} until the next {@link #write}. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Writes the subject of one delivery. */
    void write(final int deliveries, final long streamSeq, final long consumerSeq, final long epochNs,
            final long pending) {
        int at = Decimal.write(deliveries, bytes, prefixLength);
        bytes[at++] = '.';
        at = Decimal.write(streamSeq, bytes, at);
        bytes[at++] = '.';
        at = Decimal.write(consumerSeq, bytes, at);
        bytes[at++] = '.';
        at = Decimal.write(epochNs, bytes, at);
        bytes[at++] = '.';
        length = Decimal.write(pending, bytes, at);
    }
}
