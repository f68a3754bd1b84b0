package jetstream.engine.meta;

import java.util.Objects;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/** Which changes of a consumer's configuration are allowed (spec/consumers.md section 2). Pure. */
public final class ConsumerUpdateCheck {
    private ConsumerUpdateCheck() {
    }

    /** The error that stands in the way of the change; null if it may be made. Both configurations are checked ones. */
    public static ApiFailure failure(final ConsumerConfig before, final ConsumerConfig now) {
        final String what = refusal(before, now);
        return what == null ? null : ApiError.CONSUMER_CREATE.with(what);
    }

    private static String refusal(final ConsumerConfig before, final ConsumerConfig now) {
        if (before.deliverPolicy() != now.deliverPolicy()) {
            return "deliver policy can not be updated";
        }
        if (before.memStorage() != now.memStorage()) {
            return "storage type can not be updated";
        }
        if (before.direct() != now.direct()) {
            return "direct can not be updated";
        }
        if (before.optStartSeq() != now.optStartSeq()) {
            return "start sequence can not be updated";
        }
        if (!Objects.equals(before.optStartTime(), now.optStartTime())) {
            return "start time can not be updated";
        }
        if (before.ackPolicy() != now.ackPolicy()) {
            return "ack policy can not be updated";
        }
        return deliveryRefusal(before, now);
    }

    private static String deliveryRefusal(final ConsumerConfig before, final ConsumerConfig now) {
        if (before.replayPolicy() != now.replayPolicy()) {
            return "replay policy can not be updated";
        }
        if (before.idleHeartbeatNs() != now.idleHeartbeatNs()) {
            return "heart beats can not be updated";
        }
        if (before.flowControl() != now.flowControl()) {
            return "flow control can not be updated";
        }
        if (before.isPull() != now.isPull()) {
            return before.isPull() ? "can not update pull consumer to push based"
                    : "can not update push consumer to pull based";
        }
        return before.maxWaiting() != now.maxWaiting() ? "max waiting can not be updated" : null;
    }
}
