package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jetstream.api.config.Republish;
import jetstream.api.config.StreamConfig;
import jetstream.engine.Outbox;
import jetstream.engine.json.JsonText;
import jetstream.engine.subject.SubjectMapping;

/**
 * Publishes stored messages again under another subject (spec/streams.md section 8). Called by the leader from {@link
 * StreamListener#onStored}, before older messages make room. Owner: the shard thread.
 */
public final class Republisher {
    private static final byte[] NONE = new byte[0];
    private static final byte[] VERSION = "NATS/1.0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SMALLEST = 512;

    private final StreamEngine engine;
    private final Outbox outbox;
    private StreamConfig config;
    private SubjectMapping mapping;
    private byte[] subject = NONE;
    private ByteBuffer block;

    /** Publishes again what that stream stores. */
    public Republisher(final StreamEngine engine, final Outbox outbox) {
        this.engine = engine;
        this.outbox = outbox;
    }

    /** Publishes a message that was just stored, if the stream is configured so and the subject is meant. */
    public void onStored(final MessageView message) {
        final Republish republish = engine.config().republish();
        if (engine.config() != config) {
            config = engine.config();
            mapping = republish == null ? null : SubjectMapping.of(republish.src(), republish.dest());
        }
        if (mapping == null) {
            return;
        }
        final int subjectLength = message.subjectLength();
        if (subject.length < subjectLength) {
            subject = new byte[subjectLength * 2];
        }
        message.buffer().get(message.subjectOffset(), subject, 0, subjectLength);
        final int length = mapping.apply(subject, subjectLength, message.seq());
        if (length > 0) {
            writeBlock(message, republish.headersOnly());
            final int payloadLength = republish.headersOnly() ? 0 : message.payloadLength();
            outbox.publish(mapping.result(), length, NONE, 0, block, 0, block.position(), message.buffer(),
                    message.payloadOffset(), payloadLength);
        }
    }

    private void writeBlock(final MessageView message, final boolean headersOnly) {
        block = block == null ? ByteBuffer.allocate(SMALLEST) : block.clear();
        final int headersLength = message.headersLength();
        if (headersLength > 2) {
            room(headersLength);
            block.put(0, message.buffer(), message.headersOffset(), headersLength - 2).position(headersLength - 2);
        } else {
            put(VERSION);
        }
        header("Nats-Stream", config.name());
        put("Nats-Subject: ".getBytes(StandardCharsets.US_ASCII));
        put(Arrays.copyOf(subject, message.subjectLength()));
        put("\r\n".getBytes(StandardCharsets.US_ASCII));
        header("Nats-Sequence", Long.toString(message.seq()));
        header("Nats-Time-Stamp", JsonText.time(message.timestampEpochNs()));
        header("Nats-Last-Sequence", Long.toString(engine.previousOnSubject(message.seq())));
        if (headersOnly) {
            header("Nats-Msg-Size", Integer.toString(message.payloadLength()));
        }
        put("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void header(final String name, final String value) {
        put((name + ": " + value + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void put(final byte[] bytes) {
        room(bytes.length);
        block.put(bytes);
    }

    private void room(final int length) {
        if (block.remaining() < length) {
            block = ByteBuffer.allocate((block.position() + length) * 2).put(0, block, 0, block.position())
                    .position(block.position());
        }
    }
}
