package jetstream.engine.consumer;

/**
 * Reads the subject on which a client acknowledges: both versions, from raw bytes. A number that is none reads as -1.
 * Reused; no garbage. Owner: the shard thread.
 */
final class AckDecoder {
    private static final int TOKENS_V1 = 9;
    private static final int TOKENS_V2_MIN = 11;
    private static final int FIRST_NUMBER_V1 = 4;
    private static final int FIRST_NUMBER_V2 = 6;

    private final int[] starts = new int[TOKENS_V2_MIN + 1];
    private long deliveries;
    private long streamSeq;
    private long consumerSeq;
    private long epochNs;

    /** Reads a subject; false if it is not an ack's. */
    boolean decode(final byte[] subject, final int length) {
        int tokens = 1;
        starts[0] = 0;
        for (int at = 0; at < length; at++) {
            if (subject[at] == '.') {
                if (tokens < starts.length) {
                    starts[tokens] = at + 1;
                }
                tokens++;
            }
        }
        if (tokens < starts.length) {
            starts[tokens] = length + 1;
        }
        if (tokens != TOKENS_V1 && tokens < TOKENS_V2_MIN) {
            return false;
        }
        final int first = tokens == TOKENS_V1 ? FIRST_NUMBER_V1 : FIRST_NUMBER_V2;
        deliveries = number(subject, first);
        streamSeq = number(subject, first + 1);
        consumerSeq = number(subject, first + 2);
        epochNs = number(subject, first + 3);
        return true;
    }

    /** How often the message had been delivered. */
    long deliveries() {
        return deliveries;
    }

    long streamSeq() {
        return streamSeq;
    }

    long consumerSeq() {
        return consumerSeq;
    }

    /** When the message was stored. */
    long epochNs() {
        return epochNs;
    }

    private long number(final byte[] subject, final int token) {
        return Decimal.parse(subject, starts[token], starts[token + 1] - 1);
    }
}
