package jetstream.engine.consumer;

import java.util.Arrays;

/**
 * An open pull request and what it still allows; for a push consumer the one receiver that has no end. Pooled: no
 * object per request. Owner: the shard thread.
 */
final class PullRequest {
    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    /** What is sent when everything in flight for a closed request has left. */
    enum Closing {
        /** Still open. */
        OPEN,
        /** Nothing: fulfilled, or nobody listens. */
        SILENT,
        /** {@code 409 Batch Completed}. */
        BATCH_COMPLETED,
        /** {@code 409 Message Size Exceeds MaxBytes}. */
        MESSAGE_SIZE,
        /** {@code 408 Request Timeout}. */
        TIMEOUT,
        /** {@code 404 No Messages}. */
        NO_MESSAGES,
        /** {@code 423 Nats-Wrong-Pin-Id}. */
        WRONG_PIN
    }

    byte[] reply = new byte[64];
    int replyLength;
    long remaining;
    long delivered;
    long bytesLeft;
    boolean isByteLimited;
    boolean isNoWait;
    long expiresNs;
    long heartbeatNs;
    long heartbeatDueNs;
    long minPending;
    long minAckPending;
    int priority;
    String pinId;
    int inFlight;
    Closing closing;
    /** Number in the replicated register; 0 if it is not there. */
    long number;
    boolean isCongested;
    long checkedCycle;
    long receivedNs;
    PullRequest previous;
    PullRequest next;

    /** Takes a reply subject and forgets everything else. */
    PullRequest open(final byte[] newReply, final int length) {
        if (reply.length < length) {
            reply = new byte[Math.max(length, reply.length * 2)];
        }
        System.arraycopy(newReply, 0, reply, 0, length);
        replyLength = length;
        remaining = 1;
        delivered = 0;
        bytesLeft = 0;
        isByteLimited = false;
        isNoWait = false;
        expiresNs = NEVER;
        heartbeatNs = 0;
        heartbeatDueNs = NEVER;
        minPending = 0;
        minAckPending = 0;
        priority = 0;
        pinId = "";
        inFlight = 0;
        closing = Closing.OPEN;
        number = 0;
        isCongested = false;
        checkedCycle = -1;
        return this;
    }

    boolean isOpen() {
        return closing == Closing.OPEN;
    }

    boolean hasReply(final byte[] subject, final int length) {
        return Arrays.equals(reply, 0, replyLength, subject, 0, length);
    }
}
