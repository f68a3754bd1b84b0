package jetstream.engine.meta;

import jetstream.api.config.Retention;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/** Which changes of a stream's configuration are allowed (spec/streams.md section 1, column "Update"). Pure. */
public final class StreamUpdateCheck {
    private StreamUpdateCheck() {
    }

    /** The error that stands in the way of the change; null if it may be made. Both configurations are checked ones. */
    public static ApiFailure failure(final StreamConfig before, final StreamConfig now) {
        // A mirror may become an ordinary stream, and that is all.
        if (now.mirror() != null && !now.mirror().equals(before.mirror())) {
            return ApiError.STREAM_MIRROR_NOT_UPDATABLE.failure();
        }
        final String text = refusal(before, now);
        return text == null ? null : ApiError.STREAM_INVALID_CONFIG.with(text);
    }

    private static String refusal(final StreamConfig before, final StreamConfig now) {
        if (!before.name().equals(now.name())) {
            return "stream configuration name must match original";
        }
        if (before.storage() != now.storage()) {
            return "stream configuration update can not change storage type";
        }
        if (before.retention() != now.retention()
                && (before.retention() == Retention.WORKQUEUE || now.retention() == Retention.WORKQUEUE)) {
            return "stream configuration update can not change retention policy to/from workqueue";
        }
        if (before.persistMode() != now.persistMode()) {
            return "stream configuration update can not change persist mode";
        }
        if (before.allowMsgCounter() != now.allowMsgCounter()) {
            return "stream configuration update can not change message counter setting";
        }
        return oneWay(before, now);
    }

    private static String oneWay(final StreamConfig before, final StreamConfig now) {
        if (before.sealed() && !now.sealed()) {
            return "stream configuration update can not unseal a sealed stream";
        }
        if (before.denyDelete() && !now.denyDelete()) {
            return "stream configuration update can not cancel deny message deletes";
        }
        if (before.denyPurge() && !now.denyPurge()) {
            return "stream configuration update can not cancel deny purge";
        }
        if (before.allowMsgTtl() && !now.allowMsgTtl()) {
            return "message TTL status can not be disabled";
        }
        return null;
    }
}
