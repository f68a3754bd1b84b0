package jetstream.engine.consumer;

import java.util.random.RandomGenerator;
import jetstream.api.config.PriorityPolicy;

/**
 * Which client of a {@code pinned_client} consumer is served, and for how long. Lost on leader change. Owner: the
 * shard thread.
 */
final class PinnedClient {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 22;

    private final ConsumerListener listener;
    private final RandomGenerator random;
    private ConsumerRules rules;
    private String id = "";
    private long pinnedEpochNs;
    private long deadlineNs;
    private long nowEpochNs;

    PinnedClient(final ConsumerListener listener, final RandomGenerator random, final ConsumerRules rules) {
        this.listener = listener;
        this.random = random;
        this.rules = rules;
    }

    void rules(final ConsumerRules newRules) {
        rules = newRules;
        if (rules.priorityPolicy != PriorityPolicy.PINNED_CLIENT) {
            id = "";
        }
    }

    /** The id; empty if nobody is pinned. */
    String id() {
        return id;
    }

    /** When the client was pinned. */
    long pinnedEpochNs() {
        return pinnedEpochNs;
    }

    boolean isPinned() {
        return !id.isEmpty();
    }

    /** Wall clock, told once per cycle. */
    void onCycle(final long newNowEpochNs) {
        nowEpochNs = newNowEpochNs;
    }

    /** Pins a client; its new id. */
    String pin(final long nowNs) {
        final StringBuilder text = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        id = text.toString();
        pinnedEpochNs = nowEpochNs;
        deadlineNs = nowNs + rules.priorityTimeoutNs;
        listener.onPinned(group(), id);
        return id;
    }

    /** The pinned client has pulled. */
    void onPull(final long nowNs) {
        deadlineNs = nowNs + rules.priorityTimeoutNs;
    }

    /** Unpins for a reason; false if nobody was pinned. */
    boolean unpin(final String reason) {
        if (!isPinned()) {
            return false;
        }
        id = "";
        listener.onUnpinned(group(), reason);
        return true;
    }

    /** Unpins a client that has not pulled for too long. */
    void onTime(final long nowNs) {
        if (isPinned() && nowNs - deadlineNs >= 0) {
            unpin("timeout");
        }
    }

    long nextDeadlineNs() {
        return isPinned() ? deadlineNs : Long.MAX_VALUE;
    }

    private String group() {
        return rules.config.priorityGroups().isEmpty() ? "" : rules.config.priorityGroups().getFirst();
    }
}
