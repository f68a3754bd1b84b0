package jetstream.server.admin;

import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import jetstream.api.NodeId;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;

/**
 * Requests that the leader of a stream's or a consumer's group answers. A member that does not lead holds them for a
 * moment, see {@link HeldRequests}; the meta leader answers for what is not there. Owner: the node thread.
 */
final class LeaderRequests {
    /** Answered late by a new leader, even if the old one has answered too. */
    private static final Set<String> READS =
            Set.of(MessageApi.INFO, MessageApi.MSG_GET, ConsumerLeaderApi.INFO);

    private final AdminContext context;
    private final ApiReplies replies;
    private final Function<ApiRequest, ApiFailure> refusal;
    private final BooleanSupplier isMetaLeaderless;
    private final HeldRequests held;

    /**
     * @param refusal why nothing of the request's account is answered; null if nothing is against it
     * @param isMetaLeaderless whether the meta group has had no leader for long
     */
    LeaderRequests(final AdminContext context, final ApiReplies replies, final HeldRequests held,
            final Function<ApiRequest, ApiFailure> refusal, final BooleanSupplier isMetaLeaderless) {
        this.context = context;
        this.replies = replies;
        this.held = held;
        this.refusal = refusal;
        this.isMetaLeaderless = isMetaLeaderless;
    }

    @FunctionalInterface
    interface StreamHandler {
        void handle(ApiRequest request, StreamReplica stream);
    }

    @FunctionalInterface
    interface ConsumerHandler {
        void handle(ApiRequest request, ConsumerReplica consumer);
    }

    /** Has the leader of the stream that the last token names answer. */
    void stream(final ApiRequest request, final int tokens, final String type,
            final StreamHandler then) {
        if (request.tokens().length != tokens) {
            return;
        }
        final String account = request.account().name();
        final String name = request.token(tokens - 1);
        final StreamReplica stream = context.shard().stream(account, name);
        if (stream != null && stream.isLeader()) {
            serve(request, type, stream, then);
            return;
        }
        if (stream != null) {
            hold(request, type, () -> context.shard().stream(account, name), StreamReplica::isLeader,
                    StreamReplica::leader, s -> serve(request, type, s, then));
        }
        if (context.shard().meta().isLeader()) {
            final StreamAssignment assignment = context.shard().meta().state().stream(account, name);
            if (assignment == null) {
                final ApiFailure failure = refusal.apply(request);
                replies.fail(request, type, failure != null ? failure : ApiError.STREAM_NOT_FOUND.failure());
            } else if (assignment.peers().stream().noneMatch(context.isOnline())) {
                replies.fail(request, type, ApiError.STREAM_OFFLINE.failure());
            }
        } else if (isMetaLeaderless.getAsBoolean() && stream == null) {
            replies.fail(request, type, ApiError.CLUSTER_NOT_AVAIL.failure());
        }
    }

    private void serve(final ApiRequest request, final String type, final StreamReplica stream,
            final StreamHandler then) {
        final ApiFailure failure = refusal.apply(request);
        if (failure != null) {
            replies.fail(request, type, failure);
        } else {
            then.handle(request, stream);
        }
    }

    /** Has the leader of the consumer answer whose stream is named at that place, the consumer behind it. */
    void consumer(final ApiRequest request, final int streamPlace, final String type,
            final ConsumerHandler then) {
        if (request.tokens().length != streamPlace + 2 && !request.token(1).equals("LEADER")) {
            return;
        }
        final int at = request.token(1).equals("LEADER") ? 3 : streamPlace;
        final ConsumerReplica consumer = consumer(request, at);
        if (consumer != null && consumer.isLeader()) {
            then.handle(request, consumer);
            return;
        }
        if (consumer != null) {
            hold(request, type, () -> consumer(request, at), ConsumerReplica::isLeader, ConsumerReplica::leader,
                    c -> then.handle(request, c));
        }
        if (context.shard().meta().isLeader()) {
            onMissingConsumer(request, type, request.token(at), request.token(at + 1));
        } else if (isMetaLeaderless.getAsBoolean() && consumer == null) {
            replies.fail(request, type, ApiError.CLUSTER_NOT_AVAIL.failure());
        }
    }

    private ConsumerReplica consumer(final ApiRequest request, final int at) {
        final StreamReplica stream = context.shard().stream(request.account().name(), request.token(at));
        return stream == null ? null : stream.consumer(request.token(at + 1));
    }

    private void onMissingConsumer(final ApiRequest request, final String type, final String stream,
            final String consumer) {
        final String account = request.account().name();
        final ApiFailure failure = refusal.apply(request);
        if (failure != null) {
            replies.fail(request, type, failure);
        } else if (context.shard().meta().state().stream(account, stream) == null) {
            replies.fail(request, type, ApiError.STREAM_NOT_FOUND.failure());
        } else {
            final var assignment = context.shard().meta().state().consumer(account, stream, consumer);
            if (assignment == null) {
                replies.fail(request, type, ApiError.CONSUMER_NOT_FOUND.failure());
            } else if (assignment.peers().stream().noneMatch(context.isOnline())) {
                replies.fail(request, type, ApiError.CONSUMER_OFFLINE.failure());
            }
        }
    }

    private <R> void hold(final ApiRequest request, final String type, final Supplier<R> replica,
            final Predicate<R> leads, final Function<R, NodeId> leader, final Consumer<R> serve) {
        final boolean read = READS.contains(type);
        final NodeId known = leader.apply(replica.get());
        if (!read && !isUnknown(known)) {
            return;
        }
        held.add(new HeldRequests.Hold() {
            @Override
            public boolean isServable() {
                final R now = replica.get();
                return read && now != null && leads.test(now);
            }

            @Override
            public boolean isLeaderless() {
                final R now = replica.get();
                return now != null && !leads.test(now) && isUnknown(leader.apply(now));
            }

            @Override
            public void serve() {
                serve.accept(replica.get());
            }

            @Override
            public void refuse() {
                replies.fail(request, type, ApiError.CLUSTER_NOT_AVAIL.failure());
            }
        }, System.nanoTime());
    }

    /** Whether a member that does not lead knows nobody who does; one that is about to lead knows itself. */
    private boolean isUnknown(final NodeId leader) {
        return leader == null || leader.equals(context.node());
    }
}
