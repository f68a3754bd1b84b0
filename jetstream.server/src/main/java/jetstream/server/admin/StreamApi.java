package jetstream.server.admin;

import java.util.List;
import java.util.function.Function;
import jetstream.api.NodeId;
import jetstream.api.config.Retention;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import jetstream.api.config.StreamSource;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.StreamConfigJson;
import jetstream.engine.meta.Checked;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.PlacementPlanner;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.meta.StreamConfigCheck;
import jetstream.engine.meta.StreamUpdateCheck;
import jetstream.server.conf.AccountJetStreamConfig;

/** Streams are made, changed and removed: requests that the meta leader decides. Owner: the node thread. */
final class StreamApi {
    static final String CREATE = "stream_create_response";
    static final String UPDATE = "stream_update_response";
    static final String DELETE = "stream_delete_response";

    private final AdminContext context;
    private final ApiReplies replies;
    private final AccountBounds bounds;
    private final StreamConfigCheck check;
    private final StreamPeers peers;

    StreamApi(final AdminContext context, final ApiReplies replies, final AccountBounds bounds,
            final StreamPeers peers) {
        this.context = context;
        this.replies = replies;
        this.bounds = bounds;
        check = new StreamConfigCheck(context.limits());
        this.peers = peers;
    }

    private MetaState state() {
        return context.shard().meta().state();
    }

    void create(final ApiRequest request) {
        final Checked<StreamConfig> read = read(request, true);
        if (read.failure() != null) {
            replies.fail(request, CREATE, read.failure());
            return;
        }
        final StreamConfig config = likeOrigin(request.account().name(), read.config());
        final StreamAssignment existing = state().stream(request.account().name(), config.name());
        if (existing != null) {
            if (existing.config().equals(config)) {
                propose(request, CREATE, config, existing.peers(), 0);
            } else {
                replies.fail(request, CREATE, ApiError.STREAM_NAME_EXIST.failure());
            }
            return;
        }
        final ApiFailure bound = bounds.stream(request.account().name(), config, null);
        final ApiFailure origin = bound != null ? bound : originFailure(request.account().name(), config);
        if (origin != null) {
            replies.fail(request, CREATE, origin);
            return;
        }
        if (state().overlaps(request.account().name(), config)) {
            replies.fail(request, CREATE, ApiError.STREAM_SUBJECT_OVERLAP.failure());
            return;
        }
        final PlacementPlanner.Choice choice = peers.create(config);
        if (choice.failure() != null) {
            replies.fail(request, CREATE, choice.failure());
            return;
        }
        propose(request, CREATE, config, choice.peers(), 0);
    }

    /** A mirror whose origin is of this account answers direct gets as that one does. */
    private StreamConfig likeOrigin(final String account, final StreamConfig config) {
        final StreamAssignment origin = config.mirror() == null || config.mirror().external() != null
                ? null
                : state().stream(account, config.mirror().name());
        return origin == null ? config : config.toBuilder().mirrorDirect(origin.config().allowDirect()).build();
    }

    /** Why origins of this account that are there already do not fit; null if they do. */
    private ApiFailure originFailure(final String account, final StreamConfig config) {
        final List<StreamSource> origins = config.isMirror() ? List.of(config.mirror()) : config.sources();
        for (final StreamSource source : origins) {
            final StreamAssignment origin = source.external() == null ? state().stream(account, source.name()) : null;
            if (origin == null) {
                continue;
            }
            final int size = origin.config().maxMsgSize();
            if (config.maxMsgSize() > 0 && (size <= 0 || size > config.maxMsgSize())) {
                return (config.isMirror() ? ApiError.MIRROR_MAX_MESSAGE_SIZE_TOO_BIG
                        : ApiError.SOURCE_MAX_MESSAGE_SIZE_TOO_BIG).failure();
            }
            if (origin.config().retention() != Retention.LIMITS) {
                return ApiError.STREAM_INVALID_CONFIG.with("copying from stream \"" + source.name() + "\" of "
                        + "interest or work queue retention is not supported by this server yet");
            }
        }
        return null;
    }

    void update(final ApiRequest request) {
        final Checked<StreamConfig> read = read(request, false);
        if (read.failure() != null) {
            replies.fail(request, UPDATE, read.failure());
            return;
        }
        final StreamConfig config = likeOrigin(request.account().name(), read.config());
        final StreamAssignment existing = state().stream(request.account().name(), config.name());
        if (existing == null) {
            replies.fail(request, UPDATE, ApiError.STREAM_NOT_FOUND.failure());
            return;
        }
        final ApiFailure failure = updateFailure(request.account().name(), existing, config);
        if (failure != null) {
            replies.fail(request, UPDATE, failure);
            return;
        }
        final PlacementPlanner.Choice choice = peers.update(existing, config);
        if (choice.failure() != null) {
            replies.fail(request, UPDATE, choice.failure());
            return;
        }
        propose(request, UPDATE, config, choice.peers(), existing.revision());
    }

    private ApiFailure updateFailure(final String account, final StreamAssignment existing, final StreamConfig config) {
        final ApiFailure refused = StreamUpdateCheck.failure(existing.config(), config);
        if (refused != null) {
            return refused;
        }
        final ApiFailure bound = bounds.stream(account, config, existing.config());
        final ApiFailure origin = bound != null ? bound : originFailure(account, config);
        if (origin != null) {
            return origin;
        }
        return state().overlaps(account, config) ? ApiError.STREAM_SUBJECT_OVERLAP.failure()
                : bounds.consumersOf(existing, config);
    }

    private Checked<StreamConfig> read(final ApiRequest request, final boolean create) {
        if (request.isEmpty()) {
            return new Checked<>(null, ApiError.BAD_REQUEST.failure());
        }
        final String name = request.token(2);
        try {
            final JsonObject body = request.object();
            final StreamConfig config = StreamConfigJson.read(body);
            final boolean pedantic = body.bool("pedantic", false);
            if (context.config().jetStream().strict()) {
                body.rejectUnknown();
            }
            if (config.name().indexOf('/') >= 0 || config.name().indexOf('\\') >= 0) {
                return new Checked<>(null, ApiError.STREAM_NAME_CONTAINS_PATH_SEPARATORS.failure());
            }
            if (!name.equals(config.name())) {
                return new Checked<>(null, ApiError.STREAM_MISMATCH.failure());
            }
            return create ? check.create(config, pedantic) : check.check(config, pedantic);
        } catch (final JsonException e) {
            return new Checked<>(null, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private void propose(final ApiRequest request, final String type, final StreamConfig config,
            final List<NodeId> nodes, final long revision) {
        final Origin origin = request.origin(type);
        context.shard().meta().propose(batch -> MetaEntries.assignStream(batch, InfoJson.now(),
                request.account().name(), config, new MetaEntries.Change(nodes, revision, origin)));
    }

    void delete(final ApiRequest request) {
        final String name = request.token(2);
        if (!request.isEmpty()) {
            replies.fail(request, DELETE, ApiError.NOT_EMPTY_REQUEST.failure());
        } else if (state().stream(request.account().name(), name) == null) {
            replies.fail(request, DELETE, ApiError.STREAM_NOT_FOUND.failure());
        } else {
            context.shard().meta().propose(batch -> MetaEntries.removeStream(batch, InfoJson.now(),
                    request.account().name(), name, request.origin(DELETE)));
        }
    }

    /** Bounds that the configuration sets for an account. */
    static final class AccountBounds {
        private final AdminContext context;
        private final Function<String, AccountJetStreamConfig> limitsOf;

        AccountBounds(final AdminContext context,
                final Function<String, AccountJetStreamConfig> limitsOf) {
            this.context = context;
            this.limitsOf = limitsOf;
        }

        AccountJetStreamConfig limits(final String account) {
            return limitsOf.apply(account);
        }

        ApiFailure stream(final String account, final StreamConfig config, final StreamConfig before) {
            final AccountJetStreamConfig limits = limitsOf.apply(account);
            final MetaState state = context.shard().meta().state();
            if (before == null && limits.maxStreams() > 0 && state.streamCount(account) >= limits.maxStreams()) {
                return ApiError.MAXIMUM_STREAMS_LIMIT.failure();
            }
            if (limits.streams().maxBytesRequired() && config.maxBytes() <= 0) {
                return ApiError.STREAM_MAX_BYTES_REQUIRED.failure();
            }
            final boolean memory = config.storage() == Storage.MEMORY;
            final long largest =
                    memory ? limits.streams().memoryMaxStreamBytes() : limits.streams().diskMaxStreamBytes();
            if (largest > 0 && config.maxBytes() > largest) {
                return ApiError.STREAM_MAX_STREAM_BYTES_EXCEEDED.failure();
            }
            final long ofOthers = state.reservedBytes(account, config.storage())
                    - (before != null && before.storage() == config.storage() ? before.reservedBytes() : 0);
            final long reserved = ofOthers + config.reservedBytes();
            final long ofServer = memory ? context.config().jetStream().storage().maxMemoryBytes()
                    : context.config().jetStream().storage().maxFileBytes();
            final long ofAccount = memory ? limits.maxMemoryBytes() : limits.maxStoreBytes();
            if (ofAccount >= 0 && reserved > ofAccount || ofServer >= 0 && config.maxBytes() > ofServer) {
                return memory ? ApiError.MEMORY_RESOURCES_EXCEEDED.failure()
                        : ApiError.STORAGE_RESOURCES_EXCEEDED.failure();
            }
            return null;
        }

        /** Consumers that a lowered limit of the stream would violate. */
        ApiFailure consumersOf(final StreamAssignment stream, final StreamConfig now) {
            final int pending = now.consumerLimits().maxAckPending();
            final long threshold = now.consumerLimits().inactiveThresholdNs();
            final List<String> violated =
                    context.shard().meta().state().consumers(stream.account(), stream.name()).stream()
                            .filter(c -> pending > 0 && c.config().maxAckPending() > pending
                                    || threshold > 0 && c.config().inactiveThresholdNs() > threshold)
                            .map(c -> c.name()).toList();
            return violated.isEmpty() ? null
                    : ApiError.STREAM_UPDATE
                            .with("change to limits violates consumers: " + String.join(", ", violated));
        }
    }
}
