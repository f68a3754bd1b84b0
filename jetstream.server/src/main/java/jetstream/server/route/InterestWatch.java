package jetstream.server.route;

import java.util.Arrays;

/** A subject whose interest somebody wants to be told of. Owner: node thread. */
public final class InterestWatch {
    private final Account account;
    private final byte[] subject;
    private final byte[] queue;
    private final InterestListener listener;
    private boolean hasInterest;

    InterestWatch(final Account account, final byte[] subject, final byte[] queue, final InterestListener listener) {
        this.account = account;
        this.subject = subject;
        this.queue = queue;
        this.listener = listener;
        this.hasInterest = look();
    }

    /** Whether somebody takes messages of the subject now. */
    public boolean hasInterest() {
        return hasInterest;
    }

    /** Stops watching. Idempotent. */
    public void cancel() {
        account.watches().remove(this);
    }

    byte[] subject() {
        return subject;
    }

    /** Looks again after a change of a pattern that covers the subject. */
    void refresh() {
        final boolean now = look();
        if (now != hasInterest) {
            hasInterest = now;
            listener.onInterest(now);
        }
    }

    private boolean look() {
        final Match match = account.interest().match(subject, subject.length);
        if (queue == null) {
            return !match.isEmpty();
        }
        for (int i = 0; i < match.groupCount(); i++) {
            if (Arrays.equals(match.group(i).name(), queue)) {
                return true;
            }
        }
        return false;
    }
}
