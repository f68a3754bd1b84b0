package jetstream.server.admin;

import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.shard.ConsumerReplica;

/** Requests that the consumer's leader answers. Owner: the node thread. */
final class ConsumerLeaderApi {
    static final String INFO = "consumer_info_response";
    private static final String STEPDOWN = "consumer_leader_stepdown_response";
    private static final String UNPIN = "consumer_unpin_response";

    private final AdminContext context;
    private final ApiReplies replies;
    private final InfoJson info;

    ConsumerLeaderApi(final AdminContext context, final ApiReplies replies, final InfoJson info) {
        this.context = context;
        this.replies = replies;
        this.info = info;
    }

    void info(final ApiRequest request, final ConsumerReplica consumer) {
        if (request.isEmpty()) {
            replies.ok(request, INFO, t -> info.consumer(t, consumer));
        } else {
            replies.fail(request, INFO, ApiError.NOT_EMPTY_REQUEST.failure());
        }
    }

    void stepDown(final ApiRequest request, final ConsumerReplica consumer) {
        Stepdown.answer(context, replies, request, STEPDOWN, consumer.group(), consumer.assignment().peers());
    }

    void unpin(final ApiRequest request, final ConsumerReplica consumer) {
        try {
            final JsonObject body = request.object();
            final String group = body.string("group", "");
            final ApiFailure failure = unpinFailure(consumer, group);
            if (failure != null) {
                replies.fail(request, UNPIN, failure);
                return;
            }
            consumer.engine().unpin();
            consumer.wake();
            replies.ok(request, UNPIN, t -> {});
        } catch (final JsonException e) {
            replies.fail(request, UNPIN, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private static ApiFailure unpinFailure(final ConsumerReplica consumer, final String group) {
        if (group.isEmpty()) {
            return ApiError.INVALID_JSON.with("consumer group not specified");
        }
        if (group.length() > 16) {
            return ApiError.CONSUMER_INVALID_GROUP_NAME.failure();
        }
        return consumer.assignment().config().priorityGroups().contains(group) ? null
                : ApiError.CONSUMER_INVALID_PRIORITY_GROUP.failure();
    }
}
