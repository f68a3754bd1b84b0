package jetstream.engine.consumer;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import jetstream.api.entry.EntryBatch;

/**
 * Takes the acks of clients on the leader: what they mean, the rows of the next ACKED entry, and the answers that
 * wait for it (spec/jetstream-api.md section 4). An ack counts for delivery at once and for everybody else when it is
 * applied. Owner: the shard thread.
 */
final class AckIntake {
    private static final byte[] ACK = StatusWriter.bytes("+ACK");
    private static final byte[] OK = StatusWriter.bytes("+OK");
    private static final byte[] NAK = StatusWriter.bytes("-NAK");
    private static final byte[] PROGRESS = StatusWriter.bytes("+WPI");
    private static final byte[] NEXT = StatusWriter.bytes("+NXT");
    private static final byte[] TERM = StatusWriter.bytes("+TERM");
    private static final byte[] LAST_STREAM = StatusWriter.bytes("\r\nNats-Last-Stream:");
    private static final byte[] LAST_CONSUMER = StatusWriter.bytes("\r\nNats-Last-Consumer:");

    private final AckDecoder subject;
    private final RowWriter rows = new RowWriter();
    private final AckReplies replies;
    private final Redelivery redelivery;
    private final ConsumerLedger ledger;
    private final ConsumerListener listener;
    private final RandomGenerator random;
    private ConsumerRules rules;
    private int samplePercent;
    private long ackedAllSeq;
    private long ackedAllConsumerSeq;
    private long entriesProposed;
    private long entriesApplied;

    AckIntake(final ConsumerPorts ports, final ConsumerLedger ledger, final Redelivery redelivery,
            final RandomGenerator random, final ConsumerRules rules) {
        this.replies = new AckReplies(ports.outbox());
        this.listener = ports.listener();
        this.subject = ports.buffers().ackSubject;
        this.ledger = ledger;
        this.redelivery = redelivery;
        this.random = random;
        rules(rules);
    }

    void rules(final ConsumerRules newRules) {
        rules = newRules;
        samplePercent = percent(newRules.config.sampleFreq());
    }

    private static int percent(final String frequency) {
        final byte[] digits = StatusWriter.bytes(frequency.trim());
        final int length = digits.length > 0 && digits[digits.length - 1] == '%' ? digits.length - 1 : digits.length;
        return (int) Math.min(100, Math.max(0, Decimal.parse(digits, 0, length)));
    }

    /**
     * Takes one ack.
     *
     * @param lastSeq largest stream sequence delivered so far
     * @return the position in the payload where a pull request starts ({@code +NXT}); -1 if there is none
     */
    int onAck(final ClientMessage message, final long lastSeq, final long nowNs, final long nowEpochNs) {
        if (!rules.tracked || rules.flowAcked || !subject.decode(message.subject(), message.subjectLength())) {
            return -1;
        }
        final int length = message.payloadLength();
        if (length == 0 || isExactly(message, ACK) || isExactly(message, OK)) {
            if (acknowledge(lastSeq, nowEpochNs, false)) {
                answerWhenApplied(message);
            }
            return -1;
        }
        if (message.payloadStartsWith(NEXT)) {
            acknowledge(lastSeq, nowEpochNs, false);
            return NEXT.length;
        }
        if (message.payloadStartsWith(TERM)) {
            if (terminate(message, lastSeq)) {
                answerWhenApplied(message);
            }
            return -1;
        }
        if (message.payloadStartsWith(NAK)) {
            nak(message, nowNs);
        } else if (isExactly(message, PROGRESS)) {
            redelivery.postpone(subject.streamSeq(), nowNs
                    + rules.ackWaitNs(Math.max(1, redelivery.deliveries(subject.streamSeq()))));
        }
        answerNow(message);
        return -1;
    }

    private static boolean isExactly(final ClientMessage message, final byte[] word) {
        return message.payloadLength() == word.length && message.payloadStartsWith(word);
    }

    /** False if the message was not delivered yet: such an ack is not answered. */
    private boolean acknowledge(final long lastSeq, final long nowEpochNs, final boolean isTerm) {
        final long seq = subject.streamSeq();
        if (seq <= 0 || seq > lastSeq || subject.consumerSeq() <= 0) {
            return false;
        }
        if (rules.ackAll) {
            acknowledgeAll(seq, subject.consumerSeq());
        } else if (redelivery.contains(seq)) {
            if (!isTerm) {
                sample(seq, nowEpochNs);
            }
            redelivery.remove(seq);
            rows.startRow(seq, isTerm ? ConsumerEntries.TERMINATED : ConsumerEntries.ACK,
                    ConsumerEntries.ACKED_KIND_BITS);
        } else if (ledger.exhausted().contains(seq)) {
            rows.startRow(seq, ConsumerEntries.ACK, ConsumerEntries.ACKED_KIND_BITS);
        }
        return true;
    }

    /** Takes the answer to a flow control request: its headers acknowledge everything before. */
    void onFlowAck(final ClientMessage message, final long lastSeq) {
        final long seq = message.headerNumber(LAST_STREAM);
        final long consumerSeq = message.headerNumber(LAST_CONSUMER);
        if (seq > 0 && seq <= lastSeq && consumerSeq > 0) {
            acknowledgeAll(seq, consumerSeq);
        }
    }

    private void acknowledgeAll(final long seq, final long consumerSeq) {
        if (seq <= ledger.floorStreamSeq()) {
            return;
        }
        while (redelivery.firstSeq() <= seq) {
            redelivery.remove(redelivery.firstSeq());
        }
        rows.startRow(seq, ConsumerEntries.ACK_ALL, ConsumerEntries.ACKED_KIND_BITS);
        rows.number(consumerSeq);
        ackedAllSeq = seq;
        ackedAllConsumerSeq = consumerSeq;
    }

    private void sample(final long seq, final long nowEpochNs) {
        if (samplePercent == 0 || samplePercent < 100 && random.nextInt(100) >= samplePercent) {
            return;
        }
        final int position = ledger.pending().find(seq);
        final long sentEpochNs = position < 0 ? nowEpochNs : ledger.pending().stampAt(position);
        listener.onAckSampled(subject.consumerSeq(), seq, (int) subject.deliveries(),
                Math.max(0, nowEpochNs - sentEpochNs));
    }

    private boolean terminate(final ClientMessage message, final long lastSeq) {
        final long seq = subject.streamSeq();
        final boolean wasPending = redelivery.contains(seq);
        if (!acknowledge(lastSeq, 0, true)) {
            return false;
        }
        if (wasPending) {
            final String reason = new String(message.copyPayload(TERM.length), StandardCharsets.UTF_8).strip();
            listener.onTerminated(subject.consumerSeq(), seq, (int) subject.deliveries(), reason);
        }
        return true;
    }

    private void nak(final ClientMessage message, final long nowNs) {
        final long seq = subject.streamSeq();
        if (!redelivery.contains(seq)) {
            return;
        }
        final long delayNs = message.payloadLength() == NAK.length ? 0 : delayNs(message);
        listener.onNak(subject.consumerSeq(), seq, (int) subject.deliveries());
        if (delayNs > 0) {
            redelivery.postpone(seq, nowNs + delayNs);
        } else {
            makeDue(seq);
        }
    }

    /** Delay of {@code -NAK}: a duration, or JSON with {@code delay} in nanoseconds; 0 if it is neither. */
    private static long delayNs(final ClientMessage message) {
        final String text = new String(message.copyPayload(NAK.length), StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            return NakDelay.parse(text);
        }
        return Math.max(0, GoDuration.parse(text));
    }

    /** A message is due: queues it, or gives it up if it was delivered often enough. */
    void makeDue(final long seq) {
        if (redelivery.deliveries(seq) >= rules.deliveriesMax) {
            redelivery.remove(seq);
            rows.startRow(seq, ConsumerEntries.EXHAUSTED, ConsumerEntries.ACKED_KIND_BITS);
        } else {
            redelivery.queue(seq);
        }
    }

    /** A message that waited is gone from the stream. */
    void messageGone(final long seq, final String reason) {
        if (redelivery.contains(seq)) {
            listener.onTerminated(redelivery.consumerSeq(seq), seq, redelivery.deliveries(seq), reason);
            redelivery.remove(seq);
            rows.startRow(seq, ConsumerEntries.TERMINATED, ConsumerEntries.ACKED_KIND_BITS);
        } else if (ledger.exhausted().contains(seq)) {
            rows.startRow(seq, ConsumerEntries.TERMINATED, ConsumerEntries.ACKED_KIND_BITS);
        }
    }

    private void answerWhenApplied(final ClientMessage message) {
        if (message.replyLength() == 0) {
            return;
        }
        final long ordinal = rows.isEmpty() ? entriesProposed : entriesProposed + 1;
        if (ordinal <= entriesApplied) {
            replies.send(message.reply(), message.replyLength());
        } else {
            replies.add(message.reply(), message.replyLength(), ordinal);
        }
    }

    private void answerNow(final ClientMessage message) {
        if (message.replyLength() > 0) {
            replies.send(message.reply(), message.replyLength());
        }
    }

    /** Puts the collected rows into an entry. */
    void flush(final long nowEpochNs, final EntryBatch proposals) {
        if (!rows.isEmpty()) {
            rows.flush(ConsumerEntries.ACKED, (byte) 0, nowEpochNs, 0, proposals);
            entriesProposed++;
        }
    }

    /** Whether every ack that was taken is applied. */
    boolean isSettled() {
        return rows.isEmpty() && entriesApplied == entriesProposed;
    }

    /** Largest stream sequence that an ack of everything before has reached, applied or not. */
    long ackedAllSeq() {
        return ackedAllSeq;
    }

    /** Consumer sequence that came with {@link #ackedAllSeq}. */
    long ackedAllConsumerSeq() {
        return ackedAllConsumerSeq;
    }

    /** An ACKED entry of this leader was applied: its answers may leave. */
    void onApplied() {
        entriesApplied++;
    }

    /** Sends the answers that wait for nothing any more. */
    void sendReplies() {
        replies.sendUpTo(entriesApplied);
    }
}
