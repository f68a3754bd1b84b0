package jetstream.engine.meta;

import java.time.Duration;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/** Rules of the ack policy {@code flow_control} (spec/consumers.md section 5). Pure. */
final class FlowControlCheck {
    private static final long HEARTBEAT_NS = Duration.ofSeconds(1).toNanos();

    private FlowControlCheck() {
    }

    static ApiFailure failure(final ConsumerConfig c, final boolean pedantic) {
        if (c.ackPolicy() != AckPolicy.FLOW_CONTROL) {
            return null;
        }
        if (c.isPull()) {
            return ApiError.CONSUMER_ACK_FC_REQUIRES_PUSH.failure();
        }
        if (pedantic && !c.flowControl()) {
            return ApiError.CONSUMER_ACK_FC_REQUIRES_FC.failure();
        }
        if (c.maxAckPending() < 0) {
            return ApiError.CONSUMER_ACK_FC_REQUIRES_MAX_ACK_PENDING.failure();
        }
        if (c.ackWaitNs() > 0 || !c.backoffNs().isEmpty()) {
            return ApiError.CONSUMER_ACK_FC_REQUIRES_NO_ACK_WAIT.failure();
        }
        return c.maxDeliver() > 0 ? ApiError.CONSUMER_ACK_FC_REQUIRES_NO_MAX_DELIVER.failure() : null;
    }

    /** Flow control and a heartbeat are switched on with the policy. */
    static ConsumerConfig filled(final ConsumerConfig c) {
        if (c.ackPolicy() != AckPolicy.FLOW_CONTROL) {
            return c;
        }
        return c.toBuilder().flowControl(true)
                .idleHeartbeatNs(c.idleHeartbeatNs() == 0 ? HEARTBEAT_NS : c.idleHeartbeatNs()).build();
    }
}
