package jetstream.engine.meta;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.DeliverPolicy;
import jetstream.api.config.PriorityPolicy;
import jetstream.api.config.Retention;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/**
 * Checks a consumer's configuration against its stream and fills in its defaults (spec/consumers.md section 1). Pure.
 */
public final class ConsumerConfigCheck {
    private static final int NAME_LENGTH_MAX = 255;
    private static final int DESCRIPTION_LENGTH_MAX = 4096;
    private static final int METADATA_LENGTH_MAX = 128 << 10;
    private static final int MAX_ACK_PENDING = 1000;
    private static final int MAX_WAITING = 512;
    private static final int GROUP_NAME_LENGTH_MAX = 16;
    private static final long ACK_WAIT_NS = Duration.ofSeconds(30).toNanos();
    private static final long INACTIVE_THRESHOLD_NS = Duration.ofSeconds(5).toNanos();
    private static final long HEARTBEAT_MIN_NS = Duration.ofMillis(100).toNanos();
    private static final long PIN_TTL_NS = Duration.ofMinutes(2).toNanos();

    private final AssetLimits limits;

    /** A check under those bounds. */
    public ConsumerConfigCheck(final AssetLimits limits) {
        this.limits = limits;
    }

    /** Checks a configuration, new or changed, against its stream. */
    public Checked<ConsumerConfig> check(final ConsumerConfig asked, final StreamConfig stream,
            final boolean pedantic) {
        final ApiFailure early = first(() -> names(asked), () -> numbers(asked), () -> PriorityCheck.failure(asked));
        if (early != null) {
            return Checked.failed(early);
        }
        final ApiFailure answered = FlowControlCheck.failure(asked, pedantic);
        if (answered != null) {
            return Checked.failed(answered);
        }
        final ConsumerConfig config = defaults(FlowControlCheck.filled(asked), stream);
        final ApiFailure failure = first(() -> config.isPull() ? pull(config) : push(config, stream),
                () -> backoff(config), () -> filters(config), () -> start(config), () -> replicas(config, stream),
                () -> bounds(config, stream), () -> workQueue(config, stream));
        return failure != null ? Checked.failed(failure) : Checked.ok(config);
    }

    @SafeVarargs
    private static ApiFailure first(final Supplier<ApiFailure>... rules) {
        for (final Supplier<ApiFailure> rule : rules) {
            final ApiFailure failure = rule.get();
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private static ApiFailure names(final ConsumerConfig c) {
        if (c.durableName().chars().anyMatch(ch -> ".*> \t\r\n\f".indexOf(ch) >= 0)) {
            return ApiError.CONSUMER_BAD_DURABLE_NAME.failure();
        }
        if (!c.durableName().isEmpty() && !c.name().isEmpty() && !c.name().equals(c.durableName())) {
            return ApiError.CONSUMER_CREATE_DURABLE_AND_NAME_MISMATCH.failure();
        }
        final String name = c.name().isEmpty() ? c.durableName() : c.name();
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            return ApiError.CONSUMER_NAME_CONTAINS_PATH_SEPARATORS.failure();
        }
        if (name.length() > NAME_LENGTH_MAX) {
            return ApiError.CONSUMER_NAME_TOO_LONG.with(NAME_LENGTH_MAX);
        }
        if (c.description().length() > DESCRIPTION_LENGTH_MAX) {
            return ApiError.CONSUMER_DESCRIPTION_TOO_LONG.with(DESCRIPTION_LENGTH_MAX);
        }
        final long metadata =
                c.metadata().entrySet().stream().mapToLong(e -> e.getKey().length() + e.getValue().length()).sum();
        return metadata > METADATA_LENGTH_MAX ? ApiError.CONSUMER_METADATA_LENGTH.with(METADATA_LENGTH_MAX) : null;
    }

    private static ApiFailure numbers(final ConsumerConfig c) {
        if (c.replicas() < 0) {
            return ApiError.REPLICAS_COUNT_CANNOT_BE_NEGATIVE.failure();
        }
        if (c.ackWaitNs() < 0) {
            return ApiError.CONSUMER_ACK_WAIT_NEGATIVE.failure();
        }
        if (c.backoffNs().stream().anyMatch(b -> b < 0)) {
            return ApiError.CONSUMER_BACK_OFF_NEGATIVE.failure();
        }
        return sampling(c.sampleFreq());
    }

    private static ApiFailure sampling(final String frequency) {
        if (frequency.isEmpty()) {
            return null;
        }
        final String digits = frequency.endsWith("%") ? frequency.substring(0, frequency.length() - 1) : frequency;
        return !digits.isEmpty() && digits.chars().allMatch(d -> d >= '0' && d <= '9') ? null
                : ApiError.CONSUMER_INVALID_SAMPLING.with("strconv.Atoi: parsing \"" + digits + "\": invalid syntax");
    }

    private ConsumerConfig defaults(final ConsumerConfig c, final StreamConfig stream) {
        final ConsumerConfig.Builder b = c.toBuilder();
        final boolean acks = c.ackPolicy() == AckPolicy.EXPLICIT || c.ackPolicy() == AckPolicy.ALL;
        if (acks && c.ackWaitNs() == 0) {
            b.ackWaitNs(c.backoffNs().isEmpty() ? ACK_WAIT_NS : c.backoffNs().getFirst());
        }
        if (!c.backoffNs().isEmpty()) {
            b.ackWaitNs(c.backoffNs().getFirst());
        }
        b.maxDeliver(c.maxDeliver() <= 0 ? -1 : c.maxDeliver());
        b.maxAckPending(maxAckPending(c, stream));
        if (c.isPull()) {
            b.maxWaiting(c.maxWaiting() <= 0 ? MAX_WAITING : c.maxWaiting());
        }
        if (c.inactiveThresholdNs() <= 0) {
            final long limit = stream.consumerLimits().inactiveThresholdNs();
            b.inactiveThresholdNs(limit > 0 ? limit : c.isDurable() ? 0 : INACTIVE_THRESHOLD_NS);
        }
        if (limits.maxRequestBatch() > 0 && c.isPull() && c.maxRequestBatch() == 0) {
            b.maxRequestBatch(limits.maxRequestBatch());
        }
        if (c.priorityPolicy() == PriorityPolicy.PINNED_CLIENT && c.priorityTimeoutNs() == 0) {
            b.priorityTimeoutNs(PIN_TTL_NS);
        }
        return b.idleHeartbeatNs(Math.max(0, c.idleHeartbeatNs()))
                .maxRequestExpiresNs(Math.max(0, c.maxRequestExpiresNs()))
                .maxRequestMaxBytes(Math.max(0, c.maxRequestMaxBytes()))
                .maxRequestBatch(Math.max(0, c.maxRequestBatch()))
                .metadata(metadata(c)).build();
    }

    private int maxAckPending(final ConsumerConfig c, final StreamConfig stream) {
        if (c.maxAckPending() != 0 || c.ackPolicy() == AckPolicy.NONE) {
            return c.maxAckPending() < -1 ? -1 : c.maxAckPending();
        }
        final int ofStream = stream.consumerLimits().maxAckPending();
        final int byDefault = ofStream > 0 ? ofStream : MAX_ACK_PENDING;
        return limits.maxAckPending() > 0 ? Math.min(byDefault, limits.maxAckPending()) : byDefault;
    }

    private static Map<String, String> metadata(final ConsumerConfig c) {
        final Map<String, String> metadata = new TreeMap<>(c.metadata());
        metadata.keySet().removeIf(key -> key.equals("_nats.ver") || key.equals("_nats.level"));
        final boolean level1 = c.pauseUntil() != null || c.priorityPolicy() != PriorityPolicy.NONE
                || !c.priorityGroups().isEmpty();
        metadata.put(StreamConfigCheck.REQUIRED_LEVEL, level1 ? "1" : "0");
        return metadata;
    }

    private ApiFailure pull(final ConsumerConfig c) {
        if (c.rateLimitBps() > 0) {
            return ApiError.CONSUMER_PULL_WITH_RATE_LIMIT.failure();
        }
        if (c.flowControl()) {
            return ApiError.CONSUMER_FC_REQUIRES_PUSH.failure();
        }
        if (c.idleHeartbeatNs() > 0) {
            return ApiError.CONSUMER_HB_REQUIRES_PUSH.failure();
        }
        if (c.maxRequestExpiresNs() > 0 && c.maxRequestExpiresNs() < 1_000_000) {
            return ApiError.CONSUMER_MAX_REQUEST_EXPIRES_TOO_SMALL.failure();
        }
        if (limits.maxRequestBatch() > 0 && c.maxRequestBatch() > limits.maxRequestBatch()) {
            return ApiError.CONSUMER_MAX_REQUEST_BATCH_EXCEEDED.with(limits.maxRequestBatch());
        }
        return c.direct() ? ApiError.CONSUMER_DIRECT_REQUIRES_PUSH.failure() : null;
    }

    private static ApiFailure push(final ConsumerConfig c, final StreamConfig stream) {
        if (!Subjects.isValid(c.deliverSubject())) {
            return ApiError.CONSUMER_INVALID_DELIVER_SUBJECT.failure();
        }
        if (!Subjects.isLiteral(c.deliverSubject())) {
            return ApiError.CONSUMER_DELIVER_TO_WILDCARDS.failure();
        }
        if (stream.subjects().stream().anyMatch(s -> Subjects.isCovered(c.deliverSubject(), s))) {
            return ApiError.CONSUMER_DELIVER_CYCLE.failure();
        }
        if (c.maxWaiting() > 0) {
            return ApiError.CONSUMER_PUSH_MAX_WAITING.failure();
        }
        if (c.maxAckPending() > 0 && c.ackPolicy() == AckPolicy.NONE) {
            return ApiError.CONSUMER_MAX_PENDING_ACK_POLICY_REQUIRED.failure();
        }
        if (c.idleHeartbeatNs() > 0 && c.idleHeartbeatNs() < HEARTBEAT_MIN_NS) {
            return ApiError.CONSUMER_SMALL_HEARTBEAT.failure();
        }
        if (c.flowControl() && c.idleHeartbeatNs() == 0) {
            return ApiError.CONSUMER_WITH_FLOW_CONTROL_NEEDS_HEARTBEATS.failure();
        }
        if (c.direct() && c.isDurable()) {
            return ApiError.CONSUMER_DIRECT_REQUIRES_EPHEMERAL.failure();
        }
        return null;
    }

    private static ApiFailure backoff(final ConsumerConfig c) {
        return !c.backoffNs().isEmpty() && c.maxDeliver() != -1 && c.backoffNs().size() > c.maxDeliver()
                ? ApiError.CONSUMER_MAX_DELIVER_BACKOFF.failure() : null;
    }

    private static ApiFailure filters(final ConsumerConfig c) {
        if (!c.filterSubject().isEmpty() && !c.filterSubjects().isEmpty()) {
            return ApiError.CONSUMER_DUPLICATE_FILTER_SUBJECTS.failure();
        }
        if (c.filterSubjects().contains("")) {
            return ApiError.CONSUMER_EMPTY_FILTER.failure();
        }
        final List<String> filters = c.filters();
        for (int i = 0; i < filters.size(); i++) {
            if (!Subjects.isValid(filters.get(i))) {
                return ApiError.STREAM_INVALID_CONFIG.with("invalid filter subject");
            }
            for (int k = i + 1; k < filters.size(); k++) {
                if (Subjects.overlap(filters.get(i), filters.get(k))) {
                    return ApiError.CONSUMER_OVERLAPPING_SUBJECT_FILTERS.failure();
                }
            }
        }
        return null;
    }

    private static ApiFailure start(final ConsumerConfig c) {
        final boolean bySeq = c.deliverPolicy() == DeliverPolicy.BY_START_SEQUENCE;
        final boolean byTime = c.deliverPolicy() == DeliverPolicy.BY_START_TIME;
        final String policy = "consumer delivery policy is deliver " + c.deliverPolicy().json().replace('_', ' ');
        if (!bySeq && c.optStartSeq() > 0) {
            return ApiError.CONSUMER_INVALID_POLICY.with(policy + ", but optional start sequence is also set");
        }
        if (!byTime && c.optStartTime() != null) {
            return ApiError.CONSUMER_INVALID_POLICY.with(policy + ", but optional start time is also set");
        }
        if (bySeq && c.optStartSeq() == 0) {
            return ApiError.CONSUMER_INVALID_POLICY.with(policy + ", but optional start sequence is not set");
        }
        if (byTime && c.optStartTime() == null) {
            return ApiError.CONSUMER_INVALID_POLICY.with(policy + ", but optional start time is not set");
        }
        return c.deliverPolicy() == DeliverPolicy.LAST_PER_SUBJECT && c.filters().isEmpty()
                ? ApiError.CONSUMER_INVALID_POLICY.with(policy + ", but optional filter subject is not set") : null;
    }

    private ApiFailure replicas(final ConsumerConfig c, final StreamConfig stream) {
        if (c.replicas() > 1 && !limits.clustered()) {
            return ApiError.STREAM_REPLICAS_NOT_SUPPORTED.failure();
        }
        if (c.replicas() > stream.replicas()) {
            return ApiError.CONSUMER_REPLICAS_EXCEEDS_STREAM.failure();
        }
        return stream.retention() != Retention.LIMITS && c.replicas() != 0 && c.replicas() != stream.replicas()
                ? ApiError.CONSUMER_REPLICAS_SHOULD_MATCH_STREAM.failure() : null;
    }

    private ApiFailure bounds(final ConsumerConfig c, final StreamConfig stream) {
        final int pendingLimit = lower(limits.maxAckPending(), stream.consumerLimits().maxAckPending());
        if (pendingLimit > 0 && c.ackPolicy() != AckPolicy.NONE
                && (c.maxAckPending() > pendingLimit || c.maxAckPending() == -1)) {
            return ApiError.CONSUMER_MAX_PENDING_ACK_EXCESS.with(pendingLimit);
        }
        final long threshold = stream.consumerLimits().inactiveThresholdNs();
        return threshold > 0 && c.inactiveThresholdNs() > threshold
                ? ApiError.CONSUMER_INACTIVE_THRESHOLD_EXCESS.with(GoDuration.text(threshold)) : null;
    }

    private static int lower(final int left, final int right) {
        return left <= 0 ? right : right <= 0 ? left : Math.min(left, right);
    }

    private static ApiFailure workQueue(final ConsumerConfig c, final StreamConfig stream) {
        if (stream.retention() != Retention.WORKQUEUE) {
            return null;
        }
        if (c.ackPolicy() != AckPolicy.EXPLICIT) {
            return c.isPull() ? ApiError.CONSUMER_PULL_REQUIRES_ACK.failure()
                    : ApiError.CONSUMER_WQ_REQUIRES_EXPLICIT_ACK.failure();
        }
        return c.deliverPolicy() != DeliverPolicy.ALL ? ApiError.CONSUMER_WQ_CONSUMER_NOT_DELIVER_ALL.failure() : null;
    }

    /** Rules of priority groups. */
    private static final class PriorityCheck {
        private PriorityCheck() {
        }

        static ApiFailure failure(final ConsumerConfig c) {
            if (c.priorityPolicy() == PriorityPolicy.NONE) {
                if (!c.priorityGroups().isEmpty()) {
                    return ApiError.CONSUMER_PRIORITY_GROUP_WITH_POLICY_NONE.failure();
                }
                return c.priorityTimeoutNs() != 0 ? ApiError.CONSUMER_PINNED_TTL_WITHOUT_PRIORITY_POLICY_NONE.failure()
                        : null;
            }
            if (!c.isPull()) {
                return ApiError.CONSUMER_PUSH_WITH_PRIORITY_GROUP.failure();
            }
            if (c.priorityGroups().isEmpty()) {
                return ApiError.CONSUMER_PRIORITY_POLICY_WITHOUT_GROUP.failure();
            }
            for (final String group : c.priorityGroups()) {
                if (group.isEmpty()) {
                    return ApiError.CONSUMER_EMPTY_GROUP_NAME.failure();
                }
                if (!isGroupName(group)) {
                    return ApiError.CONSUMER_INVALID_GROUP_NAME.failure();
                }
            }
            return null;
        }

        private static boolean isGroupName(final String name) {
            return name.length() <= GROUP_NAME_LENGTH_MAX && name.chars().allMatch(c -> c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "/_=-".indexOf(c) >= 0);
        }
    }
}
