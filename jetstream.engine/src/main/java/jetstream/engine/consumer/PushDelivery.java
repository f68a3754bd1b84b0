package jetstream.engine.consumer;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import jetstream.engine.Outbox;

/**
 * The receiver of a push consumer: interest, flow control window, rate limit, heartbeats (spec/jetstream-api.md
 * section 7). Owner: the shard thread.
 */
final class PushDelivery implements Receivers {
    /** Widest flow control window in bytes; it starts at a sixteenth and doubles with each answer. */
    static final int WINDOW_MAX_BYTES = 32 << 20;
    private static final int WINDOW_START_BYTES = WINDOW_MAX_BYTES / 16;
    /** When a congested receiver is asked again. */
    private static final long CONGESTION_RETRY_NS = 2_000_000L;
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int FLOW_TOKEN_LENGTH = 4;

    private final PullRequest receiver = new PullRequest();
    private final Outbox outbox;
    private final StatusWriter status;
    private final PullDelivery.Progress progress;
    private final RandomGenerator random;
    private final byte[] flowReply;
    private final RateLimit rateLimit;
    private ConsumerRules rules;
    private boolean hasInterest;
    private int flowReplyLength;
    private long window = WINDOW_START_BYTES;
    private long outstandingBytes;
    private long inFlightBytes;
    private long requestedBytes;
    private long heartbeatDueNs = PullRequest.NEVER;
    private long retryNs = PullRequest.NEVER;

    PushDelivery(final Outbox outbox, final StatusWriter status, final PullDelivery.Progress progress,
            final RandomGenerator random, final String flowPrefix, final int messageBytesMax) {
        this.outbox = outbox;
        this.status = status;
        this.progress = progress;
        this.random = random;
        this.flowReply = StatusWriter.bytes(flowPrefix + "0000");
        this.rateLimit = new RateLimit(messageBytesMax);
    }

    void rules(final ConsumerRules newRules) {
        rules = newRules;
        final int inFlight = receiver.inFlight;
        receiver.open(newRules.deliverSubject, newRules.deliverSubject.length);
        receiver.inFlight = inFlight;
        receiver.remaining = Long.MAX_VALUE;
        rateLimit.bitsPerSecond(newRules.config.rateLimitBps());
    }

    /** Whether somebody subscribes to the deliver subject. */
    void onInterest(final boolean interest, final long nowNs) {
        hasInterest = interest;
        if (!interest) {
            flowReplyLength = 0;
            outstandingBytes = 0;
            requestedBytes = 0;
            window = WINDOW_START_BYTES;
            heartbeatDueNs = PullRequest.NEVER;
        } else if (rules.config.idleHeartbeatNs() > 0) {
            heartbeatDueNs = nowNs + rules.config.idleHeartbeatNs();
        }
    }

    /** The receiver answered a flow control request; false if it was not the last one. */
    boolean onFlowControl(final byte[] subject, final int length) {
        if (flowReplyLength == 0 || flowReplyLength != length || !isFlowReply(subject)) {
            return false;
        }
        window = Math.min(WINDOW_MAX_BYTES, window * 2);
        outstandingBytes = Math.max(0, outstandingBytes - requestedBytes);
        flowReplyLength = 0;
        requestedBytes = 0;
        return true;
    }

    private boolean isFlowReply(final byte[] subject) {
        for (int i = 0; i < flowReplyLength; i++) {
            if (subject[i] != flowReply[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void onCycle() {
        retryNs = PullRequest.NEVER;
    }

    @Override
    public boolean canTake(final long nowNs) {
        if (!hasInterest || rules.config.flowControl() && outstandingBytes + inFlightBytes > window) {
            return false;
        }
        if (outbox.isCongested(receiver.reply, receiver.replyLength)) {
            retryNs = nowNs + CONGESTION_RETRY_NS;
            return false;
        }
        return true;
    }

    @Override
    public PullRequest take(final int sizeBytes, final long nowNs) {
        if (!rateLimit.take(sizeBytes, nowNs)) {
            retryNs = rateLimit.readyNs(sizeBytes, nowNs);
            return null;
        }
        receiver.inFlight++;
        inFlightBytes += sizeBytes;
        return receiver;
    }

    @Override
    public void sent(final PullRequest to, final int sizeBytes, final long nowNs) {
        giveBack(to, sizeBytes);
        if (rules.config.idleHeartbeatNs() > 0) {
            heartbeatDueNs = nowNs + rules.config.idleHeartbeatNs();
        }
        if (!rules.config.flowControl()) {
            return;
        }
        outstandingBytes += sizeBytes;
        final boolean isAtMax = rules.flowAcked && progress.ackPending() >= rules.ackPendingMax;
        if (flowReplyLength == 0 && (isAtMax || outstandingBytes > window / 2)) {
            requestFlowControl();
        } else if (flowReplyLength > 0 && outstandingBytes - requestedBytes >= window) {
            requestedBytes += sizeBytes;
        }
    }

    private void requestFlowControl() {
        for (int i = 0; i < FLOW_TOKEN_LENGTH; i++) {
            flowReply[flowReply.length - 1 - i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        flowReplyLength = flowReply.length;
        requestedBytes = outstandingBytes;
        status.sendFlowControl(receiver, flowReply, flowReplyLength);
    }

    @Override
    public void giveBack(final PullRequest to, final int sizeBytes) {
        receiver.inFlight--;
        inFlightBytes -= sizeBytes;
    }

    @Override
    public void onTime(final long nowNs) {
        if (heartbeatDueNs != PullRequest.NEVER && nowNs - heartbeatDueNs >= 0) {
            status.sendHeartbeat(receiver, progress.lastConsumerSeq(), progress.lastStreamSeq(), flowReply,
                    flowReplyLength);
            heartbeatDueNs = nowNs + rules.config.idleHeartbeatNs();
            if (rules.flowAcked && flowReplyLength == 0 && progress.ackPending() > 0) {
                requestFlowControl();
            }
        }
    }

    @Override
    public void onEndOfStream(final long nowNs) {
        // A push consumer's receiver waits for ever.
    }

    @Override
    public long nextDeadlineNs() {
        return Math.min(heartbeatDueNs, retryNs);
    }

    @Override
    public boolean hasInterest() {
        return hasInterest;
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public void forEachWaiting(final Consumer<PullRequest> visitor) {
        // Push consumers have no requests.
    }
}
