package jetstream.engine.consumer;

/**
 * Keeps the gaps between stored messages until delivery has caught up ({@code replay_policy: original}). Owner: the
 * shard thread.
 */
final class ReplayPace {
    private boolean isActive;
    private long endSeq;
    private long lastEpochNs;
    private long lastSentNs;
    private long dueNs = Long.MAX_VALUE;

    /** Starts; messages up to {@code newEndSeq} are replayed at their pace. */
    void start(final boolean active, final long newEndSeq) {
        isActive = active;
        endSeq = newEndSeq;
        lastEpochNs = 0;
        dueNs = Long.MAX_VALUE;
    }

    /** A duty cycle starts: nothing waits until a message is tried. */
    void onCycle() {
        dueNs = Long.MAX_VALUE;
    }

    /** Whether a message stored at that time may leave now. */
    boolean isDue(final long seq, final long epochNs, final long nowNs) {
        dueNs = Long.MAX_VALUE;
        if (!isActive) {
            return true;
        }
        if (seq > endSeq) {
            isActive = false;
            return true;
        }
        if (lastEpochNs == 0) {
            return true;
        }
        final long due = lastSentNs + Math.max(0, epochNs - lastEpochNs);
        if (nowNs - due < 0) {
            dueNs = due;
            return false;
        }
        return true;
    }

    /** A message stored at that time leaves now. */
    void sent(final long epochNs, final long nowNs) {
        lastEpochNs = epochNs;
        lastSentNs = nowNs;
    }

    /** When the next message is due; {@link Long#MAX_VALUE} if none waits for its time. */
    long dueNs() {
        return dueNs;
    }
}
