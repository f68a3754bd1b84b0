package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.Retention;
import jetstream.api.config.Storage;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.Checked;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.ConsumerConfigCheck;
import jetstream.engine.meta.ConsumerPeers;
import jetstream.engine.meta.ConsumerUpdateCheck;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.meta.Subjects;

/** Consumers are made, changed and removed: requests that the meta leader decides. Owner: the node thread. */
final class ConsumerApi {
    static final String CREATE = "consumer_create_response";
    static final String DELETE = "consumer_delete_response";
    static final String PAUSE = "consumer_pause_response";

    private static final String NAME_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int NAME_LENGTH = 8;

    private final AdminContext context;
    private final ApiReplies replies;
    private final StreamApi.AccountBounds bounds;
    private final ConsumerConfigCheck check;

    ConsumerApi(final AdminContext context, final ApiReplies replies, final StreamApi.AccountBounds bounds) {
        this.context = context;
        this.replies = replies;
        this.bounds = bounds;
        check = new ConsumerConfigCheck(context.limits());
    }

    private MetaState state() {
        return context.shard().meta().state();
    }

    /**
     * What a create request asks for.
     *
     * @param stream stream name in the subject
     * @param config configuration in the body
     * @param action create, update, or empty for either
     * @param pedantic whether the server must not correct anything
     */
    private record Wanted(String stream, ConsumerConfig config, String action, boolean pedantic) {
    }

    /** {@code CONSUMER.CREATE.<stream>[.<name>[.<filter…>]]}. */
    void create(final ApiRequest request) {
        final boolean named = request.tokens().length > 3;
        createWith(request, request.token(2), wanted -> named
                ? named(request.token(3), request.tail(4), wanted.config()) : unnamed(wanted.config()));
    }

    /** {@code CONSUMER.DURABLE.CREATE.<stream>.<name>}. */
    void createDurable(final ApiRequest request) {
        createWith(request, request.token(3), wanted -> {
            if (wanted.config().durableName().isEmpty()) {
                return ApiError.CONSUMER_DURABLE_NAME_NOT_SET.failure();
            }
            return wanted.config().durableName().equals(request.token(4)) ? null
                    : ApiError.CONSUMER_DURABLE_NAME_NOT_MATCH_SUBJECT.failure();
        });
    }

    @FunctionalInterface
    private interface SubjectRule {
        ApiFailure failure(Wanted wanted);
    }

    private static ApiFailure named(final String name, final String filter, final ConsumerConfig config) {
        if (!config.name().isEmpty() && !config.name().equals(name)
                || config.isDurable() && !config.durableName().equals(name)) {
            return ApiError.CONSUMER_DURABLE_NAME_NOT_MATCH_SUBJECT.failure();
        }
        if (!filter.isEmpty() && !config.filterSubjects().isEmpty()) {
            return ApiError.CONSUMER_MULTIPLE_FILTERS_NOT_ALLOWED.failure();
        }
        return !filter.isEmpty() && !filter.equals(config.filterSubject())
                ? ApiError.CONSUMER_CREATE_FILTER_SUBJECT_MISMATCH.failure() : null;
    }

    private static ApiFailure unnamed(final ConsumerConfig config) {
        return config.isDurable() ? ApiError.CONSUMER_EPHEMERAL_WITH_DURABLE_NAME.failure() : null;
    }

    private void createWith(final ApiRequest request, final String stream, final SubjectRule rule) {
        if (request.isEmpty()) {
            replies.fail(request, CREATE, ApiError.BAD_REQUEST.failure());
            return;
        }
        try {
            final JsonObject body = request.object();
            final JsonObject inner = body.object("config");
            final ConsumerConfig config =
                    inner == null ? ConsumerConfig.builder().build() : ConsumerConfigJson.read(inner);
            final Wanted wanted = new Wanted(stream, config, body.string("action", ""), body.bool("pedantic", false));
            final String named = body.string("stream_name", "");
            if (context.config().jetStream().strict()) {
                body.rejectUnknown();
            }
            final ApiFailure failure =
                    !named.equals(stream) ? ApiError.STREAM_MISMATCH.failure() : rule.failure(wanted);
            if (failure != null) {
                replies.fail(request, CREATE, failure);
            } else {
                decide(request, wanted);
            }
        } catch (final JsonException e) {
            replies.fail(request, CREATE, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private void decide(final ApiRequest request, final Wanted wanted) {
        final StreamAssignment stream = state().stream(request.account().name(), wanted.stream());
        if (stream == null) {
            replies.fail(request, CREATE, ApiError.STREAM_NOT_FOUND.failure());
            return;
        }
        final Checked<ConsumerConfig> checked = check.check(wanted.config(), stream.config(), wanted.pedantic());
        if (checked.failure() != null) {
            replies.fail(request, CREATE, checked.failure());
            return;
        }
        final String inSubject = request.token(1).equals("CREATE") ? request.token(3) : request.token(4);
        final ConsumerConfig config = withName(checked.config(), inSubject);
        final String name = !inSubject.isEmpty() ? inSubject : !config.name().isEmpty() ? config.name() : randomName();
        final ConsumerAssignment existing = state().consumer(stream.account(), stream.name(), name);
        final ApiFailure failure = existing == null ? createFailure(stream, config, wanted.action())
                : updateFailure(stream, existing, config, wanted.action());
        if (failure != null) {
            replies.fail(request, CREATE, failure);
            return;
        }
        assign(request, stream, existing, name, config);
    }

    /** A configuration tells the name that was chosen for it; a random one stays out of it. */
    private static ConsumerConfig withName(final ConsumerConfig config, final String inSubject) {
        final String name = config.isDurable() ? config.durableName() : inSubject;
        return config.name().isEmpty() && !name.isEmpty() ? config.toBuilder().name(name).build() : config;
    }

    private ApiFailure createFailure(final StreamAssignment stream, final ConsumerConfig config, final String action) {
        if (action.equals("update")) {
            return ApiError.CONSUMER_DOES_NOT_EXIST.failure();
        }
        final int limit = stream.config().maxConsumers() > 0 ? stream.config().maxConsumers()
                : context.limits().maxConsumersDefault();
        final int ofAccount = bounds.limits(stream.account()).maxConsumers();
        final int count = state().consumerCount(stream.account(), stream.name());
        if (!config.direct() && (limit > 0 && count >= limit
                || ofAccount > 0 && countOf(stream.account()) >= ofAccount)) {
            return ApiError.MAXIMUM_CONSUMERS_LIMIT.failure();
        }
        final int pending = bounds.limits(stream.account()).streams().maxAckPending();
        if (pending > 0 && config.maxAckPending() > pending) {
            return ApiError.CONSUMER_MAX_PENDING_ACK_EXCESS.with(pending);
        }
        return workQueueFailure(stream, config, "");
    }

    private int countOf(final String account) {
        return state().streams(account).stream().mapToInt(s -> state().consumerCount(account, s.name())).sum();
    }

    private ApiFailure workQueueFailure(final StreamAssignment stream, final ConsumerConfig config,
            final String except) {
        if (stream.config().retention() != Retention.WORKQUEUE) {
            return null;
        }
        for (final ConsumerAssignment other : state().consumers(stream.account(), stream.name())) {
            if (other.name().equals(except)) {
                continue;
            }
            if (other.config().filters().isEmpty() || config.filters().isEmpty()) {
                return ApiError.CONSUMER_WQ_MULTIPLE_UNFILTERED.failure();
            }
            if (Subjects.anyOverlap(other.config().filters(), config.filters())) {
                return ApiError.CONSUMER_WQ_CONSUMER_NOT_UNIQUE.failure();
            }
        }
        return null;
    }

    private ApiFailure updateFailure(final StreamAssignment stream, final ConsumerAssignment existing,
            final ConsumerConfig config, final String action) {
        if (action.equals("create")) {
            return existing.config().equals(config) ? null : ApiError.CONSUMER_ALREADY_EXISTS.failure();
        }
        if (!config.isPull() && !config.deliverSubject().equals(existing.config().deliverSubject())
                && context.router().hasInterest(context.router().account(stream.account()),
                        existing.config().deliverSubject().getBytes(StandardCharsets.UTF_8),
                        existing.config().deliverSubject().length())) {
            return ApiError.CONSUMER_NAME_EXIST.failure();
        }
        final ApiFailure failure = ConsumerUpdateCheck.failure(existing.config(), config);
        return failure != null ? failure : workQueueFailure(stream, config, existing.name());
    }

    private void assign(final ApiRequest request, final StreamAssignment stream, final ConsumerAssignment existing,
            final String name, final ConsumerConfig config) {
        final MetaEntries.ConsumerKey key = new MetaEntries.ConsumerKey(stream.account(), stream.name(), name);
        // A pause set on creation stays; later only PAUSE changes it.
        final ConsumerConfig kept = existing == null ? config
                : config.toBuilder().pauseUntil(existing.config().pauseUntil()).build();
        final boolean same = existing != null && existing.config().equals(kept);
        final List<NodeId> peers =
                existing == null ? peers(stream, kept, stream.peers()) : peers(stream, kept, existing.peers());
        final boolean memory = kept.memStorage() || stream.config().storage() == Storage.MEMORY;
        final MetaEntries.Change change = new MetaEntries.Change(peers,
                existing == null || same ? 0 : existing.revision(), request.origin(CREATE));
        context.shard().meta()
                .propose(batch -> MetaEntries.assignConsumer(batch, InfoJson.now(), key, kept, memory, change));
    }

    /**
     * Members of a consumer: of the preferred nodes the stream's present leader first, so that deliveries need no hop,
     * or its own if it has one; then those that can be reached.
     */
    private List<NodeId> peers(final StreamAssignment stream, final ConsumerConfig config,
            final List<NodeId> preferred) {
        final NodeId leader = context.leaderOf().apply(stream.group());
        final List<NodeId> ordered = new ArrayList<>(preferred);
        ordered.sort(Comparator.comparing((NodeId node) -> !context.isOnline().test(node))
                .thenComparing(node -> !node.equals(leader)));
        return ConsumerPeers.chosen(config, stream.config(), stream.peers(), ordered);
    }

    private static String randomName() {
        final StringBuilder name = new StringBuilder(NAME_LENGTH);
        for (int i = 0; i < NAME_LENGTH; i++) {
            name.append(NAME_CHARS.charAt(ThreadLocalRandom.current().nextInt(NAME_CHARS.length())));
        }
        return name.toString();
    }

    void delete(final ApiRequest request) {
        final ConsumerAssignment existing =
                state().consumer(request.account().name(), request.token(2), request.token(3));
        if (!request.isEmpty()) {
            replies.fail(request, DELETE, ApiError.NOT_EMPTY_REQUEST.failure());
        } else if (state().stream(request.account().name(), request.token(2)) == null) {
            replies.fail(request, DELETE, ApiError.STREAM_NOT_FOUND.failure());
        } else if (existing == null) {
            replies.fail(request, DELETE, ApiError.CONSUMER_NOT_FOUND.failure());
        } else {
            final MetaEntries.ConsumerKey key = new MetaEntries.ConsumerKey(existing.account(), existing.stream(),
                    existing.name());
            context.shard().meta().propose(batch -> MetaEntries.removeConsumer(batch, InfoJson.now(), key,
                    request.origin(DELETE)));
        }
    }

    void pause(final ApiRequest request) {
        final ConsumerAssignment existing =
                state().consumer(request.account().name(), request.token(2), request.token(3));
        if (existing == null) {
            replies.fail(request, PAUSE, ApiError.CONSUMER_NOT_FOUND.failure());
            return;
        }
        try {
            final Instant until = request.optional().time("pause_until");
            final ConsumerConfig config = existing.config().toBuilder().pauseUntil(until).build();
            final MetaEntries.ConsumerKey key = new MetaEntries.ConsumerKey(existing.account(), existing.stream(),
                    existing.name());
            final MetaEntries.Change change = new MetaEntries.Change(existing.peers(), existing.revision(),
                    request.origin(PAUSE));
            context.shard().meta().propose(batch -> MetaEntries.assignConsumer(batch, InfoJson.now(), key, config,
                    existing.memory(), change));
        } catch (final JsonException e) {
            replies.fail(request, PAUSE, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    /** Members of the answer to a pause. */
    static void paused(final JsonText t, final ConsumerConfig config) {
        final long untilNs = config.pauseUntil() == null ? 0
                : config.pauseUntil().getEpochSecond() * 1_000_000_000L + config.pauseUntil().getNano();
        final long leftNs = untilNs - InfoJson.now();
        t.put("paused", untilNs > 0 && leftNs > 0).put("pause_until", JsonText.time(config.pauseUntil()));
        t.opt("pause_remaining", Math.max(0, untilNs == 0 ? 0 : leftNs));
    }
}
