package jetstream.engine.consumer;

import java.util.SplittableRandom;
import jetstream.api.config.DeliverPolicy;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.StreamReader;

/**
 * What only the leader of a consumer does: picks the next message and its receiver, proposes the deliveries, sends
 * them when they may leave, and keeps the time. Made anew for each leadership from the ledger, so that nothing that
 * was proposed and lost can survive. Owner: the shard thread.
 *
 * <p>Invariants: D1 a tracked message of a replicated consumer leaves only after its DELIVERED entry was applied. D2
 * consumer sequences are proposed without gaps, in the order in which messages leave. D3 a message is skipped only if
 * it does not match or is no longer stored.
 */
final class ConsumerLeader implements PullDelivery.Progress {
    /** Most messages per call: keeps the duty cycle short. */
    private static final int MESSAGES_PER_CALL = 512;
    /** Most bytes per call. */
    private static final int BYTES_PER_CALL = 1 << 20;
    /** Most waits that end per call. */
    private static final int EXPIRIES_PER_CALL = 4096;
    /** So many sequences without a match are worth an entry, which saves a next leader the scan. */
    private static final long SCAN_PROGRESS_MIN = 65_536;

    /** Pull consumers of many clients must not all go at the same moment. */
    private static final long INACTIVE_JITTER_MIN_NS = 100_000_000L;
    private static final long INACTIVE_JITTER_SPAN_NS = 900_000_000L;

    private ConsumerSettings settings;
    private final ConsumerLedger ledger;
    private final StreamReader stream;
    private final MessageView view = new MessageView();
    private final DeliveryCursor cursor;
    private final Redelivery redelivery = new Redelivery();
    private final ReplayPace pace = new ReplayPace();
    private final InFlight inFlight = new InFlight();
    private final RowWriter rows = new RowWriter();
    private final AckSubjectWriter ackSubject;
    private final MessageSender sender;
    private final AckIntake acks;
    private final PinnedClient pinned;
    private final StatusWriter status;
    private final PullIntake pullIntake;
    private final PullDelivery pull;
    private final PushDelivery push;
    private final Receivers receivers;
    private final SplittableRandom random;
    private final long inactiveJitterNs;

    private ConsumerRules rules;
    private boolean isTakenOver;
    private boolean isStartProposed;
    private boolean isPositioned;
    private boolean isRedelivery;
    private long nextConsumerSeq;
    private long lastSentConsumerSeq;
    private long lastSentStreamSeq;
    private long lastDeliveredSeq;
    private long scanProposedSeq;
    private long activeNs;
    private long cycleNs;
    private int callBytes;

    ConsumerLeader(final ConsumerIdentity identity, final ConsumerPorts ports, final ConsumerSettings settings,
            final ConsumerLedger ledger, final ConsumerRules rules) {
        this.settings = settings;
        this.ledger = ledger;
        this.rules = rules;
        stream = ports.stream();
        random = new SplittableRandom(settings.seed());
        inactiveJitterNs = INACTIVE_JITTER_MIN_NS + random.nextLong(INACTIVE_JITTER_SPAN_NS);
        cursor = new DeliveryCursor(stream);
        ackSubject = new AckSubjectWriter(identity, settings);
        sender = new MessageSender(ports.outbox(), ackSubject, ports.buffers());
        acks = new AckIntake(ports, ledger, redelivery, random, rules);
        pinned = new PinnedClient(ports.listener(), random, rules);
        status = new StatusWriter(ports.outbox(), ports.buffers());
        pullIntake = new PullIntake(status, ports.buffers().pullRequest);
        pull = new PullDelivery(ports.outbox(), status, this, pinned, rules);
        push = new PushDelivery(ports.outbox(), status, this, random, flowPrefix(identity, settings),
                settings.messageBytesMax());
        push.rules(rules);
        receivers = rules.pull ? pull : push;
    }

    private static String flowPrefix(final ConsumerIdentity identity, final ConsumerSettings settings) {
        final String domain = settings.domain().isEmpty() ? "_" : settings.domain();
        final String version = settings.isAckSubjectV2() ? domain + '.' + settings.accountHash() + '.' : "";
        return "$JS.FC." + version + identity.stream() + '.' + identity.consumer() + '.';
    }

    PullDelivery pull() {
        return pull;
    }

    PushDelivery push() {
        return push;
    }

    PinnedClient pinned() {
        return pinned;
    }

    Receivers receivers() {
        return receivers;
    }

    DeliveryCursor cursor() {
        return cursor;
    }

    Redelivery redelivery() {
        return redelivery;
    }

    AckIntake acks() {
        return acks;
    }

    ConsumerRules rules() {
        return rules;
    }

    void settings(final ConsumerSettings newSettings) {
        Invariant.check(isDrained(), "what is under way would be sent twice or never", nextConsumerSeq);
        settings = newSettings;
    }

    /** Whether no delivery waits for its entry. */
    boolean isDrained() {
        return inFlight.isEmpty();
    }

    /** Stands where the ledger stands; everything only proposed is forgotten. */
    void position(final long nowNs, final long nowEpochNs) {
        isPositioned = true;
        cursor.start(ledger, rules.filter);
        redelivery.start(ledger, rules, nowNs, nowEpochNs);
        pace.start(rules.replayOriginal, stream.lastSeq());
        nextConsumerSeq = ledger.deliveredConsumerSeq() + 1;
        lastSentConsumerSeq = ledger.deliveredConsumerSeq();
        lastSentStreamSeq = ledger.deliveredStreamSeq();
        lastDeliveredSeq = ledger.deliveredStreamSeq();
        scanProposedSeq = cursor.nextSeq();
    }

    /** Where delivery starts is decided: the answer to the create request may count from there. */
    void onStarted() {
        if (!isPositioned) {
            position(cycleNs, 0); // nothing is pending at a start, so that no deadline is computed from this time
        }
    }

    /** The ledger was reset: what is on the way belongs to a past that is no more. */
    void onReset() {
        while (!inFlight.isEmpty()) {
            receivers.giveBack(inFlight.request(), inFlight.size());
            inFlight.removeFirst();
        }
        // Nothing is pending after a reset, so that no deadline is computed from this time.
        isPositioned = false;
        if (ledger.isStarted()) {
            position(cycleNs, 0);
        }
    }

    void rules(final ConsumerRules newRules) {
        rules = newRules;
        acks.rules(newRules);
        pinned.rules(newRules);
        pull.rules(newRules);
        push.rules(newRules);
        if (isPositioned) {
            cursor.filter(newRules.filter);
        }
    }

    /** Whether the starting point is known and taken. */
    boolean isPositioned() {
        return isPositioned;
    }

    /** Largest stream sequence delivered, proposals included. */
    long lastDeliveredSeq() {
        return lastDeliveredSeq;
    }

    /** When there last was a sign of life of a client. */
    long activeNs() {
        return activeNs;
    }

    void active(final long nowNs) {
        activeNs = nowNs;
    }

    /** One duty cycle; true if there is more to do at once. */
    boolean deliver(final long nowNs, final long nowEpochNs, final boolean isPaused, final EntryBatch proposals) {
        cycleNs = nowNs;
        receivers.onCycle();
        pinned.onCycle(nowEpochNs);
        pace.onCycle();
        acks.sendReplies();
        takeOver();
        if (!ledger.isStarted()) {
            proposeStart(nowEpochNs, proposals);
            return false;
        }
        sendCommitted(nowNs);
        if (!isPositioned) {
            position(nowNs, nowEpochNs);
        }
        final boolean hasMoreExpiries = expireWaits(nowNs);
        pinned.onTime(nowNs);
        receivers.onTime(nowNs);
        boolean hasMore = hasMoreExpiries;
        if (isPaused) {
            receivers.onEndOfStream(nowNs);
        } else {
            hasMore |= deliverMessages(nowNs);
        }
        propose(nowEpochNs, proposals);
        return hasMore;
    }

    /** Tells the clients that waited at the leader before to ask again. */
    private void takeOver() {
        if (isTakenOver) {
            return;
        }
        isTakenOver = true;
        final OpenRequests orphans = ledger.requests();
        for (int i = 0; i < orphans.size(); i++) {
            status.send(orphans.reply(i), orphans.reply(i).length, StatusWriter.LEADERSHIP_CHANGE);
        }
        if (orphans.size() > 0) {
            pull.clearReplicated();
        }
    }

    private void proposeStart(final long nowEpochNs, final EntryBatch proposals) {
        if (isStartProposed) {
            return;
        }
        isStartProposed = true;
        final boolean isLastPerSubject = rules.config.deliverPolicy() == DeliverPolicy.LAST_PER_SUBJECT;
        final long[] seqs = isLastPerSubject ? stream.lastPerSubject(rules.filter) : new long[0];
        final long first = seqs.length > 0 ? seqs[0] : StartPosition.firstSeq(rules, stream);
        final RowWriter body = new RowWriter();
        body.number(seqs.length > 0 ? stream.lastSeq() + 1 : 0);
        body.number(seqs.length);
        for (final long seq : seqs) {
            body.startRow(seq, 0, 0);
        }
        body.flush(ConsumerEntries.START, (byte) 0, nowEpochNs, first, proposals);
    }

    private boolean expireWaits(final long nowNs) {
        final int count = redelivery.expire(nowNs, EXPIRIES_PER_CALL);
        for (int i = 0; i < count; i++) {
            acks.makeDue(redelivery.dueSeq(i));
        }
        return count == EXPIRIES_PER_CALL;
    }

    private boolean deliverMessages(final long nowNs) {
        callBytes = 0;
        int count = 0;
        while (receivers.canTake(nowNs)) {
            if (count++ == MESSAGES_PER_CALL || callBytes >= BYTES_PER_CALL) {
                return true;
            }
            if (inFlight.isFull()) {
                return false;
            }
            // Counted before the view is set: counting may read the log, which ends the life of a view.
            final long pending = cursor.pending();
            final long seq = candidate();
            if (seq == 0) {
                return endOfMessages(nowNs);
            }
            if (!isRedelivery && !pace.isDue(seq, view.timestampEpochNs(), nowNs) || !serve(seq, pending, nowNs)) {
                return false;
            }
        }
        return false;
    }

    private boolean endOfMessages(final long nowNs) {
        if (cursor.isScanCut()) {
            return true;
        }
        if (!isAtAckPendingMax()) {
            receivers.onEndOfStream(nowNs);
        }
        return false;
    }

    private boolean isAtAckPendingMax() {
        return rules.tracked && redelivery.size() >= rules.ackPendingMax;
    }

    /** The next message to deliver, with the view on it; 0 if there is none now. */
    private long candidate() {
        for (long seq = redelivery.peek(); seq != 0; seq = redelivery.peek()) {
            if (seq > stream.lastSeq()) {
                // This member has not applied that much of the stream yet: the message is late, not gone.
                return 0;
            }
            if (stream.message(seq, view)) {
                isRedelivery = true;
                return seq;
            }
            if (!stream.isReadable()) {
                return 0;                           // damaged, not gone: again when it is whole
            }
            acks.messageGone(seq, ConsumerEngine.DELETED_REASON);
        }
        isRedelivery = false;
        if (isAtAckPendingMax()) {
            return 0;
        }
        for (long seq = cursor.peek(); seq != 0; seq = cursor.peek()) {
            if (stream.message(seq, view)) {
                return seq;
            }
            if (!stream.isReadable()) {
                return 0;
            }
            cursor.pass();
        }
        return 0;
    }

    /** Finds a receiver for the candidate and delivers it; false if nobody takes it. */
    private boolean serve(final long seq, final long pendingBefore, final long nowNs) {
        final int deliveries = isRedelivery ? redelivery.deliveries(seq) + 1 : 1;
        final long pending = pendingBefore - (isRedelivery ? 0 : 1);
        ackSubject.write(deliveries, seq, nextConsumerSeq, view.timestampEpochNs(), pending);
        final int size = sender.size(view, rules.headersOnly);
        final PullRequest receiver = receivers.take(size, nowNs);
        if (receiver == null) {
            return false;
        }
        callBytes += size;
        final long consumerSeq = nextConsumerSeq++;
        rows.startRow(seq, isRedelivery ? 1 : 0, ConsumerEntries.DELIVERED_KIND_BITS);
        if (isRedelivery) {
            rows.number(deliveries);
        }
        final boolean waitsForCommit = waitsForCommit();
        final long deadlineNs = waitsForCommit ? Redelivery.IN_FLIGHT : rules.deadlineNs(nowNs, deliveries);
        if (isRedelivery) {
            redelivery.redelivered(seq, deliveries, deadlineNs);
        } else {
            pace.sent(view.timestampEpochNs(), nowNs);
            cursor.take();
            lastDeliveredSeq = seq;
            if (rules.tracked) {
                redelivery.delivered(seq, consumerSeq, deadlineNs);
            }
        }
        if (waitsForCommit) {
            inFlight.add(receiver, seq, consumerSeq, deliveries, pending, size);
        } else {
            send(receiver, size, seq, consumerSeq, nowNs);
        }
        return true;
    }

    private void send(final PullRequest receiver, final int size, final long seq, final long consumerSeq,
            final long nowNs) {
        sender.send(receiver, view, rules.headersOnly, receiver.pinId);
        lastSentConsumerSeq = consumerSeq;
        lastSentStreamSeq = seq;
        activeNs = nowNs;
        receivers.sent(receiver, size, nowNs);
    }

    /** Sends what was proposed and is committed now (D1). */
    private void sendCommitted(final long nowNs) {
        while (inFlight.isReady()) {
            final long seq = inFlight.seq();
            final PullRequest receiver = inFlight.request();
            if (inFlight.count() > 1 && !redelivery.contains(seq)) {
                // Acknowledged while it was on the way again: a client that has its answer must not see it once more.
                receivers.giveBack(receiver, inFlight.size());
            } else if (stream.message(seq, view)) {
                ackSubject.write(inFlight.count(), seq, inFlight.consumerSeq(), view.timestampEpochNs(),
                        inFlight.pending());
                redelivery.sent(seq, rules.deadlineNs(nowNs, inFlight.count()));
                send(receiver, inFlight.size(), seq, inFlight.consumerSeq(), nowNs);
            } else if (!stream.isReadable()) {
                return;                             // damaged, not gone: again when it is whole
            } else {
                receivers.giveBack(receiver, inFlight.size());
                acks.messageGone(seq, ConsumerEngine.DELETED_REASON);
            }
            inFlight.removeFirst();
        }
    }

    private void propose(final long nowEpochNs, final EntryBatch proposals) {
        acks.flush(nowEpochNs, proposals);
        if (settings.replicated() && rules.pull) {
            pull.propose(nowEpochNs, proposals);
        }
        if (!rows.isEmpty()) {
            final long firstConsumerSeq = nextConsumerSeq - rows.rows();
            rows.flush(ConsumerEntries.DELIVERED, ConsumerEntries.flags(rules.tracked, ledger.generation()), nowEpochNs,
                    firstConsumerSeq, proposals);
            scanProposedSeq = Math.max(scanProposedSeq, cursor.nextSeq());
        } else if (cursor.nextSeq() - scanProposedSeq >= SCAN_PROGRESS_MIN) {
            scanProposedSeq = cursor.nextSeq();
            rows.flush(ConsumerEntries.SCANNED, (byte) 0, nowEpochNs, scanProposedSeq, proposals);
        }
    }

    /** A DELIVERED entry of this leader with so many rows was applied. */
    void onDeliveredApplied(final int count) {
        if (waitsForCommit()) {
            inFlight.commit(count);
        }
    }

    /** Whether a message leaves only when its delivery is committed. */
    private boolean waitsForCommit() {
        return rules.tracked && !rules.flowAcked && settings.replicated();
    }

    /** A client answers a flow control request. */
    void onFlowControl(final ClientMessage message) {
        if (push.onFlowControl(message.subject(), message.subjectLength()) && rules.flowAcked) {
            acks.onFlowAck(message, lastDeliveredSeq);
        }
    }

    /** A message is gone from the stream; terminates it if it waits. */
    void onRemoved(final long seq, final String reason) {
        cursor.onRemoved(seq);
        acks.messageGone(seq, reason);
    }

    /** All messages below a sequence are gone from the stream; terminates those that wait. */
    void onRemovedBelow(final long seq, final String reason) {
        cursor.onRemoved(seq - 1);
        while (redelivery.firstSeq() < seq) {
            acks.messageGone(redelivery.firstSeq(), reason);
        }
        final ExhaustedMessages exhausted = ledger.exhausted();
        for (int i = 0; i < exhausted.size() && exhausted.seqAt(i) < seq; i++) {
            acks.messageGone(exhausted.seqAt(i), reason);
        }
    }

    /**
     * The numbers of consumer info as the leader knows them. While acks are on the way to the log their effect is shown
     * already: a client that acknowledges and then asks would be surprised otherwise.
     */
    ConsumerState state(final ConsumerState applied) {
        final long consumerSeq = isPositioned ? nextConsumerSeq - 1 : applied.deliveredConsumerSeq();
        final long streamSeq = isPositioned ? lastDeliveredSeq : applied.deliveredStreamSeq();
        long floorConsumerSeq = applied.floorConsumerSeq();
        long floorStreamSeq = applied.floorStreamSeq();
        if (!rules.tracked) {
            floorConsumerSeq = consumerSeq;
            floorStreamSeq = streamSeq;
        } else if (!acks.isSettled()) {
            final boolean isEmpty = redelivery.size() == 0;
            final long seq = isEmpty ? streamSeq : redelivery.firstSeq() - 1;
            final long floor = isEmpty ? consumerSeq : redelivery.firstConsumerSeq() - 1;
            floorStreamSeq = Math.max(floorStreamSeq, rules.ackAll ? Math.min(seq, acks.ackedAllSeq()) : seq);
            floorConsumerSeq =
                    Math.max(floorConsumerSeq, rules.ackAll ? Math.min(floor, acks.ackedAllConsumerSeq()) : floor);
        }
        final int ackPending = isPositioned ? redelivery.size() : applied.ackPending();
        final int redelivered =
                rules.deliveriesMax == 1 ? 0 : redelivery.redelivered() + ledger.exhausted().size();
        return new ConsumerState(consumerSeq, streamSeq, applied.deliveredEpochNs(), floorConsumerSeq, floorStreamSeq,
                applied.ackedEpochNs(), ackPending, redelivered, waiting(), pending(),
                !rules.pull && receivers.hasInterest(), applied.pausedUntilEpochNs(), pinned.id(),
                pinned.pinnedEpochNs());
    }

    /** Number of live pull requests. */
    int waiting() {
        pull.dropUninterested(cycleNs);
        return receivers.waiting();
    }

    /** When {@link #deliver} has something to do without any other event. */
    long nextDeadlineNs() {
        final long waits = Math.min(redelivery.nextDeadlineNs(), pace.dueNs());
        final long inactiveNs = inactiveDeadlineNs();
        // Once it is over only the caller can act; it must not wake us for that again and again.
        final long inactive = inactiveNs - cycleNs > 0 ? inactiveNs : Long.MAX_VALUE;
        return Math.min(Math.min(waits, inactive), Math.min(pinned.nextDeadlineNs(), receivers.nextDeadlineNs()));
    }

    /** A client asks for messages; the request starts at a position of the payload. */
    void onPullRequest(final ClientMessage message, final int bodyStart, final long nowNs) {
        pullIntake.onRequest(message, bodyStart, this, nowNs);
    }

    /**
     * When nobody will have used the consumer for its inactive threshold; {@link Long#MAX_VALUE} if that can not be
     * now.
     */
    private long inactiveDeadlineNs() {
        final long thresholdNs = rules.config.inactiveThresholdNs();
        if (thresholdNs <= 0 || receivers.hasInterest()) {
            return Long.MAX_VALUE;
        }
        if (!rules.pull) {
            return activeNs + thresholdNs;
        }
        final long ackWaitNs = redelivery.size() > 0 ? rules.ackWaitNs(1) : 0;
        return activeNs + Math.max(thresholdNs, ackWaitNs) + inactiveJitterNs;
    }

    /** Whether nobody used the consumer for its inactive threshold. */
    boolean isInactive(final long nowNs) {
        if (rules.pull && rules.config.inactiveThresholdNs() > 0
                && nowNs - activeNs >= rules.config.inactiveThresholdNs()) {
            pull.dropUninterested(nowNs);
        }
        final long deadlineNs = inactiveDeadlineNs();
        return deadlineNs != Long.MAX_VALUE && nowNs - deadlineNs >= 0;
    }

    @Override
    public long lastConsumerSeq() {
        return lastSentConsumerSeq;
    }

    @Override
    public long lastStreamSeq() {
        return lastSentStreamSeq;
    }

    @Override
    public long pending() {
        return isPositioned ? cursor.pending() : 0;
    }

    @Override
    public long ackPending() {
        return redelivery.size();
    }
}
