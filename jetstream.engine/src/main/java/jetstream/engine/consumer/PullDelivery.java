package jetstream.engine.consumer;

import java.util.function.Consumer;
import jetstream.api.config.PriorityPolicy;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.Outbox;

/**
 * The pull requests of a consumer (spec/consumers.md sections 7 and 8): who is served next, who has waited too long,
 * who has gone. A request that is done while messages of it are in flight gets its last status behind them. Owner:
 * the shard thread.
 */
final class PullDelivery implements Receivers {
    /** When a congested requester, or one whose subscription is not known yet, is asked again. */
    private static final long RETRY_NS = 2_000_000L;
    /** A request may arrive before the news of its subscription, if both come from another server on different ways. */
    private static final long INTEREST_GRACE_NS = 250_000_000L;

    private final PullQueue queue = new PullQueue();
    private final Outbox outbox;
    private final StatusWriter status;
    private final Progress progress;
    private final PinnedClient pinned;
    private ConsumerRules rules;
    private long deadlineNs = PullRequest.NEVER;
    private long retryNs = PullRequest.NEVER;
    private long cycle;
    private final RowWriter rows = new RowWriter();
    private boolean hasUnproposed;
    private long lastNumber;

    PullDelivery(final Outbox outbox, final StatusWriter status, final Progress progress, final PinnedClient pinned,
            final ConsumerRules rules) {
        this.outbox = outbox;
        this.status = status;
        this.progress = progress;
        this.pinned = pinned;
        this.rules = rules;
    }

    /** What the requests must know of the delivery. */
    interface Progress {
        /** Consumer sequence of the last message that was sent. */
        long lastConsumerSeq();

        /** Stream sequence of the last message that was sent. */
        long lastStreamSeq();

        /** Messages still to deliver for the first time. */
        long pending();

        /** Messages that wait for an ack. */
        long ackPending();
    }

    void rules(final ConsumerRules newRules) {
        rules = newRules;
    }

    @Override
    public void onCycle() {
        cycle++;
        retryNs = PullRequest.NEVER;
    }

    /** Adds a request that passed all checks. */
    void add(final byte[] reply, final int replyLength, final PullRequestDecoder fields, final long nowNs) {
        final PullRequest request = queue.claim().open(reply, replyLength);
        request.receivedNs = nowNs;
        request.remaining = fields.batch;
        request.bytesLeft = Math.max(0, fields.maxBytes);
        request.isByteLimited = fields.maxBytes > 0;
        request.isNoWait = fields.isNoWait;
        request.minPending = fields.minPending;
        request.minAckPending = fields.minAckPending;
        request.priority = rules.priorityPolicy == PriorityPolicy.PRIORITIZED ? (int) fields.priority : 0;
        request.pinId = fields.id;
        if (fields.expiresNs > 0) {
            request.expiresNs = nowNs + fields.expiresNs;
        }
        if (fields.heartbeatNs > 0) {
            request.heartbeatNs = fields.heartbeatNs;
            request.heartbeatDueNs = nowNs + fields.heartbeatNs;
        }
        deadlineNs = Math.min(deadlineNs, Math.min(request.expiresNs, request.heartbeatDueNs));
        queue.add(request);
        hasUnproposed = true;
    }

    /** Requests of earlier leaders are over. */
    void clearReplicated() {
        rows.rowNumber(OpenRequests.CLEARED);
    }

    /** Proposes which requests wait now: those that were served within one cycle never show up. */
    void propose(final long nowEpochNs, final EntryBatch proposals) {
        if (hasUnproposed) {
            hasUnproposed = false;
            for (PullRequest request = queue.first(); request != null; request = queue.after(request)) {
                if (request.number == 0) {
                    request.number = ++lastNumber;
                    rows.rowNumber(request.number << OpenRequests.KIND_BITS | OpenRequests.ADDED);
                    rows.bytes(request.reply, request.replyLength);
                }
            }
        }
        if (!rows.isEmpty()) {
            rows.flush(ConsumerEntries.REQUESTS, (byte) 0, nowEpochNs, 0, proposals);
        }
    }

    private void leaveQueue(final PullRequest request) {
        queue.remove(request);
        if (request.number != 0) {
            rows.rowNumber(request.number << OpenRequests.KIND_BITS | OpenRequests.GONE);
            request.number = 0;
        }
    }

    /** Whether no further request may wait; those that are over or gone make room first. */
    boolean isFull(final long nowNs) {
        if (queue.size() >= rules.waitingMax) {
            expire(nowNs);
            dropUninterested(nowNs);
        }
        return queue.size() >= rules.waitingMax;
    }

    /** How many messages the waiting requests want together. */
    long wanted() {
        long wanted = 0;
        for (PullRequest request = queue.first(); request != null; request = queue.after(request)) {
            wanted += request.remaining;
        }
        return wanted;
    }

    @Override
    public boolean canTake(final long nowNs) {
        return queue.size() > 0;
    }

    @Override
    public PullRequest take(final int sizeBytes, final long nowNs) {
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (isServable(request, nowNs)) {
                if (!request.isByteLimited || sizeBytes <= request.bytesLeft) {
                    use(request, sizeBytes);
                    return request;
                }
                close(request, PullRequest.Closing.MESSAGE_SIZE);
            }
            request = next;
        }
        return null;
    }

    /** Whether a request may have the next message; closes it if it may have none any more. */
    private boolean isServable(final PullRequest request, final long nowNs) {
        if (request.expiresNs != PullRequest.NEVER && nowNs - request.expiresNs >= 0) {
            close(request, PullRequest.Closing.TIMEOUT);
            return false;
        }
        if (request.checkedCycle != cycle) {
            request.checkedCycle = cycle;
            final boolean hasInterest = outbox.hasInterest(request.reply, request.replyLength);
            if (!hasInterest && nowNs - request.receivedNs >= INTEREST_GRACE_NS) {
                close(request, PullRequest.Closing.SILENT);
                return false;
            }
            request.isCongested = !hasInterest || outbox.isCongested(request.reply, request.replyLength);
        }
        if (request.isCongested) {
            retryNs = nowNs + RETRY_NS;
        }
        return !request.isCongested && mayServe(request, nowNs);
    }

    private boolean mayServe(final PullRequest request, final long nowNs) {
        return switch (rules.priorityPolicy) {
            case NONE, PRIORITIZED -> true;
            case OVERFLOW -> request.minPending == 0 && request.minAckPending == 0
                    || request.minPending > 0 && progress.pending() >= request.minPending
                    || request.minAckPending > 0 && progress.ackPending() >= request.minAckPending;
            case PINNED_CLIENT -> isPinned(request, nowNs);
        };
    }

    private boolean isPinned(final PullRequest request, final long nowNs) {
        if (request.pinId.isEmpty()) {
            if (pinned.isPinned()) {
                return false;
            }
            request.pinId = pinned.pin(nowNs);
            return true;
        }
        if (!request.pinId.equals(pinned.id())) {
            close(request, PullRequest.Closing.WRONG_PIN);
            return false;
        }
        return true;
    }

    private void use(final PullRequest request, final int sizeBytes) {
        request.remaining--;
        request.delivered++;
        request.inFlight++;
        if (request.isByteLimited) {
            request.bytesLeft -= sizeBytes;
        }
        if (request.remaining > 0 && request.isByteLimited && request.bytesLeft == 0) {
            request.remaining = 0;
        }
        if (request.remaining == 0) {
            leaveQueue(request);
            request.closing = request.bytesLeft > 0 ? PullRequest.Closing.BATCH_COMPLETED : PullRequest.Closing.SILENT;
        } else {
            queue.remove(request);
            queue.add(request);
        }
    }

    @Override
    public void sent(final PullRequest to, final int sizeBytes, final long nowNs) {
        if (to.heartbeatNs > 0) {
            to.heartbeatDueNs = nowNs + to.heartbeatNs;
        }
        landed(to);
    }

    @Override
    public void giveBack(final PullRequest to, final int sizeBytes) {
        to.delivered--;
        final boolean wasFulfilled = to.remaining == 0;
        to.remaining++;
        if (to.isByteLimited) {
            to.bytesLeft += sizeBytes;
        }
        if (wasFulfilled && !to.isOpen()) {
            to.closing = PullRequest.Closing.OPEN;
            queue.add(to);
            hasUnproposed = true;
            deadlineNs = Math.min(deadlineNs, Math.min(to.expiresNs, to.heartbeatDueNs));
        }
        landed(to);
    }

    private void landed(final PullRequest request) {
        request.inFlight--;
        if (request.inFlight == 0 && !request.isOpen()) {
            finish(request);
        }
    }

    private void close(final PullRequest request, final PullRequest.Closing how) {
        leaveQueue(request);
        request.closing = how;
        if (request.inFlight == 0) {
            finish(request);
        }
    }

    private void finish(final PullRequest request) {
        switch (request.closing) {
            case OPEN, SILENT -> {}
            case BATCH_COMPLETED -> status.sendWithRemainder(request, StatusWriter.BATCH_COMPLETED);
            case MESSAGE_SIZE -> status.sendWithRemainder(request, StatusWriter.MESSAGE_SIZE);
            case TIMEOUT -> status.sendWithRemainder(request, StatusWriter.REQUEST_TIMEOUT);
            case NO_MESSAGES -> status.send(request.reply, request.replyLength, StatusWriter.NO_MESSAGES);
            case WRONG_PIN -> status.sendWithRemainder(request, StatusWriter.WRONG_PIN);
        }
        queue.release(request);
    }

    @Override
    public void onTime(final long nowNs) {
        if (deadlineNs != PullRequest.NEVER && nowNs - deadlineNs >= 0) {
            expire(nowNs);
            sendHeartbeats(nowNs);
            findDeadline();
        }
    }

    private void expire(final long nowNs) {
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (request.expiresNs != PullRequest.NEVER && nowNs - request.expiresNs >= 0) {
                close(request, PullRequest.Closing.TIMEOUT);
            }
            request = next;
        }
    }

    private void sendHeartbeats(final long nowNs) {
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (request.heartbeatNs > 0 && nowNs - request.heartbeatDueNs >= 0) {
                request.heartbeatDueNs = nowNs + request.heartbeatNs;
                if (outbox.hasInterest(request.reply, request.replyLength)) {
                    status.sendHeartbeat(request, progress.lastConsumerSeq(), progress.lastStreamSeq(),
                            request.reply, 0);
                } else {
                    close(request, PullRequest.Closing.SILENT);
                }
            }
            request = next;
        }
    }

    private void findDeadline() {
        deadlineNs = PullRequest.NEVER;
        for (PullRequest request = queue.first(); request != null; request = queue.after(request)) {
            deadlineNs = Math.min(deadlineNs, Math.min(request.expiresNs, request.heartbeatDueNs));
        }
    }

    /** Requests that do not wait end here, unless they have time and have got nothing yet. */
    @Override
    public void onEndOfStream(final long nowNs) {
        if (queue.noWaits() == 0) {
            return;
        }
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (request.isNoWait && (request.expiresNs == PullRequest.NEVER || request.delivered > 0)) {
                close(request, PullRequest.Closing.NO_MESSAGES);
            }
            request = next;
        }
    }

    /** Ends the requests that nobody listens for any more. */
    void dropUninterested(final long nowNs) {
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (nowNs - request.receivedNs >= INTEREST_GRACE_NS
                    && !outbox.hasInterest(request.reply, request.replyLength)) {
                close(request, PullRequest.Closing.SILENT);
            }
            request = next;
        }
    }

    /** Nobody listens on that reply subject any more. */
    void onRequesterGone(final byte[] reply, final int length) {
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (request.hasReply(reply, length)) {
                close(request, PullRequest.Closing.SILENT);
            }
            request = next;
        }
    }

    /** Ends all requests that wait with a status. */
    void endAll(final byte[] statusLine, final boolean withRemainder) {
        PullRequest request = queue.first();
        while (request != null) {
            final PullRequest next = queue.after(request);
            if (withRemainder) {
                status.sendWithRemainder(request, statusLine);
            } else {
                status.send(request.reply, request.replyLength, statusLine);
            }
            close(request, PullRequest.Closing.SILENT);
            request = next;
        }
    }

    @Override
    public long nextDeadlineNs() {
        return Math.min(deadlineNs, retryNs);
    }

    @Override
    public boolean hasInterest() {
        return queue.size() > 0;
    }

    @Override
    public int waiting() {
        return queue.size();
    }

    @Override
    public void forEachWaiting(final Consumer<PullRequest> visitor) {
        for (PullRequest request = queue.first(); request != null; request = queue.after(request)) {
            visitor.accept(request);
        }
    }
}
