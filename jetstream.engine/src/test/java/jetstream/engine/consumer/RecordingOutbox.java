package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jetstream.engine.Outbox;

/** Keeps what leaves as text. */
final class RecordingOutbox implements Outbox {
    /** A message that left. */
    record Sent(String to, String subject, String reply, String headers, String payload) {
        /** The first line of the header block, without the protocol's name. */
        String status() {
            return headers.startsWith("NATS/1.0 ") ? headers.substring(9, headers.indexOf('\r')) : "";
        }

        /** A number of the ack subject, counted from 0 at the deliveries. */
        long token(final int at) {
            return Long.parseLong(reply.split("\\.")[4 + at]);
        }

        long deliveries() {
            return token(0);
        }

        long streamSeq() {
            return token(1);
        }

        long consumerSeq() {
            return token(2);
        }

        long pending() {
            return token(4);
        }
    }

    final Set<String> gone = new HashSet<>();
    final Set<String> congested = new HashSet<>();
    private final List<Sent> sent = new ArrayList<>();

    /** Everything since the last call. */
    List<Sent> take() {
        final List<Sent> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    @Override
    public boolean publish(final byte[] subject, final int subjectLength, final byte[] reply, final int replyLength,
            final ByteBuffer headers, final int headersOffset, final int headersLength, final ByteBuffer payload,
            final int payloadOffset, final int payloadLength) {
        return deliver(subject, subjectLength, subject, subjectLength, reply, replyLength, headers, headersOffset,
                headersLength, payload, payloadOffset, payloadLength);
    }

    @Override
    public boolean deliver(final byte[] deliverSubject, final int deliverSubjectLength, final byte[] subject,
            final int subjectLength, final byte[] reply, final int replyLength, final ByteBuffer headers,
            final int headersOffset, final int headersLength, final ByteBuffer payload, final int payloadOffset,
            final int payloadLength) {
        sent.add(new Sent(text(deliverSubject, deliverSubjectLength), text(subject, subjectLength),
                text(reply, replyLength), text(headers, headersOffset, headersLength),
                text(payload, payloadOffset, payloadLength)));
        return hasInterest(deliverSubject, deliverSubjectLength);
    }

    @Override
    public boolean hasInterest(final byte[] subject, final int length) {
        return !gone.contains(text(subject, length));
    }

    @Override
    public boolean isCongested(final byte[] subject, final int length) {
        return congested.contains(text(subject, length));
    }

    private static String text(final byte[] bytes, final int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static String text(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
