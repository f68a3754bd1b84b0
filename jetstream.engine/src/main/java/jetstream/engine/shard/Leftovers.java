package jetstream.engine.shard;

import jetstream.api.config.Retention;
import jetstream.engine.stream.StreamEngine;
import jetstream.engine.subject.FilterSet;

/**
 * Messages of a stream that keeps them only until its consumers are done, and that nobody told its leader to remove:
 * they were acknowledged before this member led, or while their acks came here with an image, or the proposal that
 * removes them was lost with a leader. Looked for once after each of these, a part per turn. Owner: the shard thread.
 */
final class Leftovers {
    private static final int LOOKUPS_PER_TURN_MAX = 4_096;

    private final StreamEngine engine;
    private final StreamReplica stream;
    private long nextSeq;

    Leftovers(final StreamReplica stream) {
        this.stream = stream;
        engine = stream.engine();
    }

    /** Something may have been missed: the whole stream is looked at again. */
    void suspect() {
        nextSeq = 1;
    }

    /** Whether there is something to look at. */
    boolean isSuspected() {
        return nextSeq != 0;
    }

    /** Goes on looking; all consumers are open and know where delivery starts. */
    void doWork() {
        if (nextSeq == 0) {
            return;
        }
        if (engine.config().retention() == Retention.LIMITS) {
            nextSeq = 0;
            return;
        }
        for (int i = 0; i < LOOKUPS_PER_TURN_MAX && nextSeq > 0; i++) {
            final long seq = engine.next(FilterSet.ALL, nextSeq);
            if (seq > 0 && isDone(seq)) {
                stream.removeDone(seq);
            }
            nextSeq = seq > 0 ? seq + 1 : -seq;         // 0 at the end, negative: go on there
        }
    }

    private boolean isDone(final long seq) {
        boolean wasDelivered = false;
        for (final ConsumerReplica consumer : stream.consumers()) {
            if (consumer.concerns(seq)) {
                if (consumer.needs(seq)) {
                    return false;
                }
                wasDelivered = true;
            }
        }
        return wasDelivered || engine.config().retention() == Retention.INTEREST;
    }
}
