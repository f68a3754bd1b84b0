package jetstream.engine.shard;

import jetstream.engine.consumer.ConsumerListener;

/** Hands a consumer's events to its replica where they concern it, and on to the server. Owner: the shard thread. */
final class ConsumerEvents implements ConsumerListener {
    private final ConsumerReplica replica;
    private final ConsumerListener next;

    ConsumerEvents(final ConsumerReplica replica, final ConsumerListener next) {
        this.replica = replica;
        this.next = next;
    }

    @Override
    public void onAcked(final long streamSeq) {
        replica.stream().onConsumerDone(streamSeq);
        next.onAcked(streamSeq);
    }

    @Override
    public void onMaxDeliveries(final long streamSeq, final int deliveries) {
        next.onMaxDeliveries(streamSeq, deliveries);
    }

    @Override
    public void onNak(final long consumerSeq, final long streamSeq, final int deliveries) {
        next.onNak(consumerSeq, streamSeq, deliveries);
    }

    @Override
    public void onTerminated(final long consumerSeq, final long streamSeq, final int deliveries, final String reason) {
        next.onTerminated(consumerSeq, streamSeq, deliveries, reason);
    }

    @Override
    public void onAckSampled(final long consumerSeq, final long streamSeq, final int deliveries, final long ackTimeNs) {
        next.onAckSampled(consumerSeq, streamSeq, deliveries, ackTimeNs);
    }

    @Override
    public void onPinned(final String group, final String pinnedId) {
        next.onPinned(group, pinnedId);
    }

    @Override
    public void onUnpinned(final String group, final String reason) {
        next.onUnpinned(group, reason);
    }

    @Override
    public void onPause(final boolean paused, final long untilEpochNs) {
        replica.onPauseApplied();
        next.onPause(paused, untilEpochNs);
    }

    @Override
    public void onReset(final long resetSeq) {
        replica.onResetApplied(resetSeq);
        next.onReset(resetSeq);
    }

    @Override
    public void onConfig() {
        replica.onConfigApplied();
        next.onConfig();
    }
}
