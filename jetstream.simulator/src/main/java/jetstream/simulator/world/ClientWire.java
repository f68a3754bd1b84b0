package jetstream.simulator.world;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import jetstream.engine.Outbox;
import jetstream.testkit.simulation.SimulatedClock;

/**
 * Between clients and nodes: requests and answers take time, are lost at times, and may come late. Clients reach every
 * node that runs, also those that do not reach each other (FAULTS section 2: clients reach what peers do not).
 */
public final class ClientWire {
    private static final String PREFIX = "_R.";
    private static final long DELAY_MIN_NS = 100_000;
    private static final long DELAY_MAX_NS = 1_500_000;
    private static final long LATE_MAX_NS = 3_000_000_000L;

    private final SimulatedClock clock;
    private final SplittableRandom random;
    private final Map<Long, Consumer<Mail>> inboxes = new HashMap<>();
    private long lastInbox;
    private double lossRate;
    private double lateRate;

    ClientWire(final SimulatedClock clock, final SplittableRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Shares, 0 to 1, of requests and answers that are lost, or come very late. */
    public void rates(final double loss, final double late) {
        lossRate = loss;
        lateRate = late;
    }

    /** A new reply subject; what arrives there goes to the reader until it is closed. */
    public String open(final Consumer<Mail> reader) {
        inboxes.put(++lastInbox, reader);
        return PREFIX + lastInbox;
    }

    /** Nobody reads that subject any more. */
    public void close(final String inbox) {
        inboxes.remove(number(inbox));
    }

    /** A client sends a request to a node; it is handled in a duty cycle of whatever process runs there then. */
    public void send(final WholeNode node, final Consumer<NodeProcess> request) {
        if (!isLost()) {
            clock.after(delayNs(), () -> node.onRequest(request));
        }
    }

    Outbox outbox(final WholeNode node) {
        return new WireOutbox(node);
    }

    private boolean isLost() {
        return lossRate > 0 && random.nextDouble() < lossRate;
    }

    private long delayNs() {
        final boolean isLate = lateRate > 0 && random.nextDouble() < lateRate;
        return random.nextLong(DELAY_MIN_NS, isLate ? LATE_MAX_NS : DELAY_MAX_NS);
    }

    private static long number(final String inbox) {
        return Long.parseLong(inbox.substring(PREFIX.length()));
    }

    private boolean carry(final String inbox, final Mail mail) {
        if (!inbox.startsWith(PREFIX) || !inboxes.containsKey(number(inbox))) {
            return false;
        }
        if (!isLost()) {
            clock.after(delayNs(), () -> {
                final Consumer<Mail> reader = inboxes.get(number(inbox));
                if (reader != null) {
                    reader.accept(mail);
                }
            });
        }
        return true;
    }

    private final class WireOutbox implements Outbox {
        private final WholeNode node;

        WireOutbox(final WholeNode node) {
            this.node = node;
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
            final String inbox = text(deliverSubject, deliverSubjectLength);
            if (!inbox.startsWith(PREFIX)) {
                return false;                       // advisories and the like: nobody listens
            }
            return carry(inbox, new Mail(node, clock.nowNs(), text(subject, subjectLength), text(reply, replyLength),
                    new String(Mail.bytes(headers, headersOffset, headersLength), StandardCharsets.UTF_8),
                    Mail.bytes(payload, payloadOffset, payloadLength)));
        }

        @Override
        public boolean hasInterest(final byte[] subject, final int length) {
            final String inbox = text(subject, length);
            return inbox.startsWith(PREFIX) && inboxes.containsKey(number(inbox));
        }

        @Override
        public boolean isCongested(final byte[] subject, final int length) {
            return false;
        }

        private static String text(final byte[] bytes, final int length) {
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }
}
