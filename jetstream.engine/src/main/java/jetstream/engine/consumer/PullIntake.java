package jetstream.engine.consumer;

import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.PriorityPolicy;

/**
 * Decides what becomes of a pull request: a place in the queue, or a status (spec/consumers.md sections 7 and 8).
 * Owner: the shard thread.
 */
final class PullIntake {
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;
    private static final int PRIORITY_MAX = 9;

    private final PullRequestDecoder fields;
    private final StatusWriter status;

    PullIntake(final StatusWriter status, final PullRequestDecoder fields) {
        this.fields = fields;
        this.status = status;
    }

    /** Takes a request whose body starts at a position of the payload; replies go to the message's reply subject. */
    void onRequest(final ClientMessage message, final int bodyStart, final ConsumerLeader leader, final long nowNs) {
        if (message.replyLength() == 0) {
            return;
        }
        final ConsumerRules rules = leader.rules();
        if (!rules.pull) {
            refuse(message, StatusWriter.PUSH_BASED);
            return;
        }
        leader.active(nowNs);
        if (!fields.decode(message, bodyStart)) {
            refuse(message, BAD_REQUEST, "Bad Request - " + fields.error());
            return;
        }
        if (isWithinLimits(message, rules.config) && isPriorityRight(message, rules)
                && isPinRight(message, rules, leader.pinned(), nowNs)
                && hasRoom(message, leader, nowNs)) {
            leader.pull().add(message.reply(), message.replyLength(), fields, nowNs);
        }
    }

    private boolean isWithinLimits(final ClientMessage message, final ConsumerConfig config) {
        if (config.maxRequestBatch() > 0 && fields.batch > config.maxRequestBatch()) {
            return refuse(message, CONFLICT, "Exceeded MaxRequestBatch of " + config.maxRequestBatch());
        }
        if (config.maxRequestExpiresNs() > 0 && fields.expiresNs > config.maxRequestExpiresNs()) {
            return refuse(message, CONFLICT,
                    "Exceeded MaxRequestExpires of " + GoDuration.format(config.maxRequestExpiresNs()));
        }
        if (config.maxRequestMaxBytes() > 0 && fields.maxBytes > config.maxRequestMaxBytes()) {
            return refuse(message, CONFLICT, "Exceeded MaxRequestMaxBytes of " + config.maxRequestMaxBytes());
        }
        return true;
    }

    private boolean isPriorityRight(final ClientMessage message, final ConsumerRules rules) {
        if (!fields.isJson) {
            return true;
        }
        final PriorityPolicy policy = rules.priorityPolicy;
        if ((fields.minPending != 0 || fields.minAckPending != 0) && policy != PriorityPolicy.OVERFLOW) {
            return refuse(message, BAD_REQUEST, "Bad Request - Not a Overflow Priority consumer");
        }
        if (!fields.id.isEmpty() && policy != PriorityPolicy.PINNED_CLIENT) {
            return refuse(message, BAD_REQUEST, "Bad Request - Not a Pinned Client Priority consumer");
        }
        if (fields.priority < 0 || fields.priority > PRIORITY_MAX) {
            return refuse(message, BAD_REQUEST, "Bad Request - Priority must be between 0 and 9");
        }
        if (policy == PriorityPolicy.NONE) {
            return true;
        }
        if (fields.group.isEmpty()) {
            return refuse(message, BAD_REQUEST, "Bad Request - Priority Group missing");
        }
        if (!rules.config.priorityGroups().contains(fields.group)) {
            return refuse(message, BAD_REQUEST, "Bad Request - Invalid Priority Group");
        }
        return true;
    }

    private boolean isPinRight(final ClientMessage message, final ConsumerRules rules, final PinnedClient pinned,
            final long nowNs) {
        if (rules.priorityPolicy != PriorityPolicy.PINNED_CLIENT || fields.id.isEmpty()) {
            return true;
        }
        if (!fields.id.equals(pinned.id())) {
            return refuse(message, StatusWriter.PIN_MISMATCH);
        }
        pinned.onPull(nowNs);
        return true;
    }

    private boolean hasRoom(final ClientMessage message, final ConsumerLeader leader, final long nowNs) {
        final PullDelivery pull = leader.pull();
        final boolean isFull = pull.isFull(nowNs);
        if (fields.isNoWait && leader.isPositioned()) {
            final long available = leader.pending() + leader.redelivery().queued();
            if (available == 0 && fields.expiresNs <= 0) {
                return refuse(message, StatusWriter.NO_MESSAGES);
            }
            if (available > 0 && available < pull.wanted()) {
                return refuse(message, StatusWriter.REQUESTS_PENDING);
            }
        }
        if (isFull) {
            // A client that has asked for heartbeats notices by itself that there are none.
            return fields.heartbeatNs <= 0 && refuse(message, StatusWriter.MAX_WAITING);
        }
        return true;
    }

    private boolean refuse(final ClientMessage message, final byte[] statusLine) {
        status.send(message.reply(), message.replyLength(), statusLine);
        return false;
    }

    private boolean refuse(final ClientMessage message, final int code, final String text) {
        status.send(message.reply(), message.replyLength(), code, text);
        return false;
    }
}
