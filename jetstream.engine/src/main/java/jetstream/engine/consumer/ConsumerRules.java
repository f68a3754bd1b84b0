package jetstream.engine.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.PriorityPolicy;
import jetstream.api.config.ReplayPolicy;
import jetstream.engine.subject.FilterSet;

/** A configuration in the form that delivery needs: numbers with their defaults. Immutable. */
final class ConsumerRules {
    private static final long ACK_WAIT_DEFAULT_NS = 30_000_000_000L;
    private static final long PRIORITY_TIMEOUT_DEFAULT_NS = 120_000_000_000L;
    private static final int MAX_WAITING_DEFAULT = 512;

    final ConsumerConfig config;
    final FilterSet filter;
    /** Whether delivered messages wait for an ack. */
    final boolean tracked;
    /** Whether an ack covers everything before. */
    final boolean ackAll;
    /** Whether acks come as answers to flow control: sent without waiting for a commit, never due again by time. */
    final boolean flowAcked;
    final boolean pull;
    final int deliveriesMax;
    final int ackPendingMax;
    final int waitingMax;
    final boolean headersOnly;
    final boolean replayOriginal;
    final byte[] deliverSubject;
    final PriorityPolicy priorityPolicy;
    final long priorityTimeoutNs;
    private final long[] waitsNs;

    ConsumerRules(final ConsumerConfig config) {
        this.config = config;
        filter = FilterSet.of(config.filters());
        tracked = config.ackPolicy() != AckPolicy.NONE;
        flowAcked = config.ackPolicy() == AckPolicy.FLOW_CONTROL;
        ackAll = config.ackPolicy() == AckPolicy.ALL || flowAcked;
        pull = config.isPull();
        deliveriesMax = config.maxDeliver() > 0 ? config.maxDeliver() : Integer.MAX_VALUE;
        ackPendingMax = tracked && config.maxAckPending() > 0 ? config.maxAckPending() : Integer.MAX_VALUE;
        waitingMax = config.maxWaiting() > 0 ? config.maxWaiting() : MAX_WAITING_DEFAULT;
        headersOnly = config.headersOnly();
        replayOriginal = config.replayPolicy() == ReplayPolicy.ORIGINAL;
        deliverSubject = config.deliverSubject().getBytes(StandardCharsets.UTF_8);
        priorityPolicy = config.priorityPolicy();
        priorityTimeoutNs =
                config.priorityTimeoutNs() > 0 ? config.priorityTimeoutNs() : PRIORITY_TIMEOUT_DEFAULT_NS;
        if (config.backoffNs().isEmpty()) {
            waitsNs = new long[] {config.ackWaitNs() > 0 ? config.ackWaitNs() : ACK_WAIT_DEFAULT_NS};
        } else {
            waitsNs = config.backoffNs().stream().mapToLong(Long::longValue).toArray();
        }
    }

    /** When a message sent now is due again after that many deliveries. */
    long deadlineNs(final long nowNs, final int deliveries) {
        return flowAcked ? Redelivery.UNTIMED : nowNs + ackWaitNs(deliveries);
    }

    /** How long to wait for an ack after that many deliveries. */
    long ackWaitNs(final int deliveries) {
        return waitsNs[Math.min(deliveries, waitsNs.length) - 1];
    }

    /** When the configured pause ends, epoch nanoseconds; 0 if there is none. */
    long pauseUntilEpochNs() {
        final Instant until = config.pauseUntil();
        return until == null ? 0 : Math.max(0, until.getEpochSecond() * 1_000_000_000L + until.getNano());
    }
}
