package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.config.Republish;
import jetstream.api.config.SubjectTransform;
import jetstream.engine.Outbox;
import org.junit.jupiter.api.Test;

/** Renaming on the way in, and publishing again (spec/streams.md section 8). */
class RepublisherTest {
    private final List<String> published = new ArrayList<>();
    private final Outbox outbox = new Outbox() {
        @Override
        public boolean publish(final byte[] subject, final int subjectLength, final byte[] reply, final int replyLength,
                final ByteBuffer headers, final int headersOffset, final int headersLength, final ByteBuffer payload,
                final int payloadOffset, final int payloadLength) {
            published.add(new String(subject, 0, subjectLength, StandardCharsets.UTF_8) + '|'
                    + StreamFixture.text(headers, headersOffset, headersLength) + '|'
                    + StreamFixture.text(payload, payloadOffset, payloadLength));
            return true;
        }

        @Override
        public boolean deliver(final byte[] deliverSubject, final int deliverSubjectLength, final byte[] subject,
                final int subjectLength, final byte[] reply, final int replyLength, final ByteBuffer headers,
                final int headersOffset, final int headersLength, final ByteBuffer payload, final int payloadOffset,
                final int payloadLength) {
            throw new UnsupportedOperationException("nothing is delivered here");
        }

        @Override
        public boolean hasInterest(final byte[] subject, final int length) {
            return true;
        }

        @Override
        public boolean isCongested(final byte[] subject, final int length) {
            return false;
        }
    };

    private String republish(final StreamFixture stream, final long seq) {
        published.clear();
        final MessageView message = new MessageView();
        stream.engine.message(seq, message);
        new Republisher(stream.engine, outbox).onStored(message);
        return String.join("\n", published);
    }

    @Test
    void messageIsStoredUnderItsNewSubject() {
        final StreamFixture stream = new StreamFixture(
                StreamFixture.config().subjectTransform(new SubjectTransform("in.*", "out.$1.x")).build());

        assertEquals("stored 1", stream.publish("in.a", "1"));
        assertEquals("stored 2", stream.publish("other", "2"));
        assertEquals("out.a.x=1", stream.read(1));
        assertEquals("other=2", stream.read(2));
    }

    @Test
    void storedMessageIsPublishedAgainWithItsPlace() {
        final StreamFixture stream = new StreamFixture(
                StreamFixture.config().republish(new Republish("a.>", "again.>", false)).build());
        stream.publish("a.b", "1");
        stream.publish("c", "2");
        stream.nowNs += 120_000_000L;
        stream.publish("a.b", "3", "K: v");

        assertEquals("again.b|NATS/1.0\r\nNats-Stream: S\r\nNats-Subject: a.b\r\nNats-Sequence: 1\r\n"
                + "Nats-Time-Stamp: 2023-11-14T22:13:20Z\r\nNats-Last-Sequence: 0\r\n\r\n|1", republish(stream, 1));
        assertEquals("", republish(stream, 2));
        assertEquals("again.b|NATS/1.0\r\nK: v\r\nNats-Stream: S\r\nNats-Subject: a.b\r\nNats-Sequence: 3\r\n"
                + "Nats-Time-Stamp: 2023-11-14T22:13:20.12Z\r\nNats-Last-Sequence: 1\r\n\r\n|3", republish(stream, 3));
    }

    @Test
    void headersAloneSayHowLargeTheMessageIs() {
        final StreamFixture stream = new StreamFixture(
                StreamFixture.config().republish(new Republish("", "again.>", true)).build());
        stream.publish("a", "12345");

        assertEquals("again.a|NATS/1.0\r\nNats-Stream: S\r\nNats-Subject: a\r\nNats-Sequence: 1\r\n"
                + "Nats-Time-Stamp: 2023-11-14T22:13:20Z\r\nNats-Last-Sequence: 0\r\nNats-Msg-Size: 5\r\n\r\n|",
                republish(stream, 1));
    }
}
