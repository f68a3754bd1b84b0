package jetstream.engine.stream;

import java.nio.charset.StandardCharsets;

/** The message headers that a stream understands (spec/streams.md section 3.1). Names are compared byte by byte. */
public enum HeaderField {
    /** Identity of the message, for dedupe. */
    MSG_ID("Nats-Msg-Id"),
    /** Name that the stream must have. */
    EXPECTED_STREAM("Nats-Expected-Stream"),
    /** Last sequence that the stream must have. */
    EXPECTED_LAST_SEQUENCE("Nats-Expected-Last-Sequence"),
    /** Last sequence that the subject must have. */
    EXPECTED_LAST_SUBJECT_SEQUENCE("Nats-Expected-Last-Subject-Sequence"),
    /** The subject, or pattern, that is meant by it. */
    EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT("Nats-Expected-Last-Subject-Sequence-Subject"),
    /** Message id that the last stored message must have. */
    EXPECTED_LAST_MSG_ID("Nats-Expected-Last-Msg-Id"),
    /** What the message replaces: {@code sub} or {@code all}. */
    ROLLUP("Nats-Rollup"),
    /** Time to live. */
    TTL("Nats-TTL"),
    /** Counter increment. */
    INCREMENT("Nats-Incr"),
    /** Values of a counter's sources. */
    COUNTER_SOURCES("Nats-Counter-Sources"),
    /** Where a copied message comes from. */
    STREAM_SOURCE("Nats-Stream-Source"),
    /** Why a delete marker stands there. */
    MARKER_REASON("Nats-Marker-Reason"),
    /** Batch that the message belongs to. */
    BATCH_ID("Nats-Batch-Id"),
    /** Place in the batch. */
    BATCH_SEQUENCE("Nats-Batch-Sequence"),
    /** End of the batch. */
    BATCH_COMMIT("Nats-Batch-Commit"),
    /** Schedule pattern. */
    SCHEDULE("Nats-Schedule"),
    /** Schedule that made the message. */
    SCHEDULER("Nats-Scheduler"),
    /** When that schedule fires next. */
    SCHEDULE_NEXT("Nats-Schedule-Next"),
    /** API level that the message needs. */
    REQUIRED_API_LEVEL("Nats-Required-Api-Level"),
    /** Deletion or purge of a key. */
    KV_OPERATION("KV-Operation");

    private final String text;
    private final byte[] bytes;

    HeaderField(final String text) {
        this.text = text;
        bytes = text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Its name in a header block. */
    public String text() {
        return text;
    }

    byte[] bytes() {
        return bytes;
    }
}
