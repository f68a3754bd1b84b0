package jetstream.engine.meta;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import jetstream.api.config.Discard;
import jetstream.api.config.PersistMode;
import jetstream.api.config.Retention;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/** Checks a stream's configuration and fills in its defaults (spec/streams.md sections 1 and 2). Pure. */
public final class StreamConfigCheck {
    /** Metadata key under which the API level that the asset needs is stored. */
    public static final String REQUIRED_LEVEL = "_nats.req.level";

    private static final int NAME_LENGTH_MAX = 255;
    private static final int DESCRIPTION_LENGTH_MAX = 4096;
    private static final int METADATA_LENGTH_MAX = 128 << 10;
    private static final int REPLICAS_MAX = 5;
    private static final long MAX_AGE_MIN_NS = Duration.ofMillis(100).toNanos();
    private static final long DUPLICATE_WINDOW_NS = Duration.ofMinutes(2).toNanos();
    private static final long MARKER_TTL_MIN_NS = Duration.ofSeconds(1).toNanos();
    private static final Set<String> DYNAMIC_METADATA = Set.of("_nats.ver", "_nats.level", REQUIRED_LEVEL);

    private final AssetLimits limits;

    /** A check under those bounds. */
    public StreamConfigCheck(final AssetLimits limits) {
        this.limits = limits;
    }

    /** Checks a configuration that is to be created. */
    public Checked<StreamConfig> create(final StreamConfig asked, final boolean pedantic) {
        if (asked.sealed()) {
            return Checked.invalid("stream configuration for create can not be sealed");
        }
        if (asked.mirrorDirect() && asked.mirror() == null) {
            return Checked.invalid("stream has no mirror but does have mirror direct");
        }
        return check(asked, pedantic);
    }

    /** Checks a configuration, new or changed, by itself. */
    public Checked<StreamConfig> check(final StreamConfig asked, final boolean pedantic) {
        final ApiFailure failure = first(() -> name(asked), () -> pedantic ? pedantic(asked) : null, () -> sizes(asked),
                () -> unsupported(asked), () -> OriginCheck.failure(asked), () -> times(asked));
        if (failure != null) {
            return Checked.failed(failure);
        }
        final StreamConfig config = defaults(asked);
        final ApiFailure later = first(() -> flags(config), () -> subjects(config), () -> captureAll(config));
        return later != null ? Checked.failed(later) : Checked.ok(config);
    }

    @FunctionalInterface
    private interface Rule {
        ApiFailure failure();
    }

    private static ApiFailure first(final Rule... rules) {
        for (final Rule rule : rules) {
            final ApiFailure failure = rule.failure();
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    /** Whether a stream may have that name. */
    public static boolean isValidName(final String name) {
        return !name.isEmpty() && name.length() <= NAME_LENGTH_MAX
                && name.chars().noneMatch(c -> ".*>\\/ \t\r\n\f".indexOf(c) >= 0);
    }

    private static ApiFailure name(final StreamConfig c) {
        if (c.name().length() > NAME_LENGTH_MAX) {
            return invalid("stream name is too long, maximum allowed is " + NAME_LENGTH_MAX);
        }
        if (!isValidName(c.name())) {
            return invalid("stream name is required and can not contain '.', '*', '>', '\\', '/'");
        }
        return c.description().length() > DESCRIPTION_LENGTH_MAX
                ? invalid("stream description is too long, maximum allowed is " + DESCRIPTION_LENGTH_MAX) : null;
    }

    private static ApiFailure pedantic(final StreamConfig c) {
        final String below = Stream.of(Map.entry("max_msgs", c.maxMsgs()), Map.entry("max_bytes", c.maxBytes()),
                Map.entry("max_msgs_per_subject", c.maxMsgsPerSubject()),
                Map.entry("max_msg_size", (long) c.maxMsgSize()), Map.entry("max_consumers", (long) c.maxConsumers()))
                .filter(e -> e.getValue() < -1).map(Map.Entry::getKey).findFirst().orElse(null);
        return below == null ? null : ApiError.PEDANTIC.with(below + " must be set to -1");
    }

    private ApiFailure sizes(final StreamConfig c) {
        if (c.replicas() < 0) {
            return ApiError.REPLICAS_COUNT_CANNOT_BE_NEGATIVE.failure();
        }
        if (c.replicas() > REPLICAS_MAX) {
            return invalid("maximum replicas is " + REPLICAS_MAX);
        }
        if (c.replicas() > 1 && !limits.clustered()) {
            return ApiError.STREAM_REPLICAS_NOT_SUPPORTED.failure();
        }
        final long metadata =
                c.metadata().entrySet().stream().mapToLong(e -> e.getKey().length() + e.getValue().length()).sum();
        return metadata > METADATA_LENGTH_MAX
                ? invalid("stream metadata exceeds maximum size of " + METADATA_LENGTH_MAX + " bytes") : null;
    }

    /** What this server can not do yet is refused by name, never ignored. */
    private static ApiFailure unsupported(final StreamConfig c) {
        if (c.allowBatched()) {
            return invalid("fast batch publishing is not supported by this server yet");
        }
        if (c.allowMsgSchedules()) {
            return invalid("message schedules are not supported by this server yet");
        }
        if (c.persistMode() != PersistMode.ASYNC) {
            return null;
        }
        if (c.storage() != Storage.FILE || c.replicas() > 1) {
            return invalid("async persist mode requires file storage and one replica");
        }
        return c.allowAtomic() ? invalid("async persist mode is not supported with atomic batch publish") : null;
    }

    private ApiFailure times(final StreamConfig c) {
        if (c.maxAgeNs() < 0) {
            return invalid("max age can not be negative");
        }
        if (c.maxAgeNs() > 0 && c.maxAgeNs() < MAX_AGE_MIN_NS) {
            return invalid("max age needs to be >= 100ms");
        }
        if (c.duplicateWindowNs() < 0) {
            return invalid("duplicates window can not be negative");
        }
        if (c.duplicateWindowNs() > 0 && c.duplicateWindowNs() < MAX_AGE_MIN_NS) {
            return invalid("duplicates window needs to be >= 100ms");
        }
        if (c.maxAgeNs() > 0 && c.duplicateWindowNs() > c.maxAgeNs()) {
            return invalid("duplicates window can not be larger then max age");
        }
        if (limits.duplicateWindowNs() > 0 && c.duplicateWindowNs() > limits.duplicateWindowNs()) {
            return invalid("duplicates window can not be larger then server limit of "
                    + GoDuration.text(limits.duplicateWindowNs()));
        }
        if (c.subjectDeleteMarkerTtlNs() < 0) {
            return invalid("subject delete marker TTL must not be negative");
        }
        return c.subjectDeleteMarkerTtlNs() > 0 && c.subjectDeleteMarkerTtlNs() < MARKER_TTL_MIN_NS
                ? invalid("subject delete marker TTL must be at least 1 second") : null;
    }

    private StreamConfig defaults(final StreamConfig c) {
        final StreamConfig.Builder b = c.toBuilder();
        b.replicas(Math.max(1, c.replicas())).maxConsumers(unlimited(c.maxConsumers()))
                .maxMsgs(c.maxMsgs() <= 0 ? -1 : c.maxMsgs()).maxBytes(c.maxBytes() <= 0 ? -1 : c.maxBytes())
                .maxMsgsPerSubject(c.maxMsgsPerSubject() <= 0 ? -1 : c.maxMsgsPerSubject())
                .maxMsgSize(unlimited(c.maxMsgSize()));
        if (c.subjects().isEmpty() && c.mirror() == null && c.sources().isEmpty()) {
            b.subjects(List.of(c.name()));
        }
        if (c.duplicateWindowNs() == 0 && c.mirror() == null && c.sources().isEmpty()) {
            long window = c.maxAgeNs() > 0 ? Math.min(c.maxAgeNs(), DUPLICATE_WINDOW_NS) : DUPLICATE_WINDOW_NS;
            window = limits.duplicateWindowNs() > 0 ? Math.min(window, limits.duplicateWindowNs()) : window;
            b.duplicateWindowNs(window);
        }
        if (c.subjectDeleteMarkerTtlNs() > 0) {
            b.allowMsgTtl(true).allowRollup(true).denyPurge(false);
        }
        if (c.placement() != null && c.placement().cluster().isEmpty() && c.placement().tags().isEmpty()
                && c.placement().preferred().isEmpty()) {
            b.placement(null);
        }
        if (c.sealed()) {
            b.maxAgeNs(0).discard(Discard.NEW).denyDelete(true).denyPurge(true).allowRollup(false);
        }
        return b.metadata(metadata(c)).build();
    }

    private static int unlimited(final int value) {
        return value <= 0 ? -1 : value;
    }

    /** The user's metadata with the level that this configuration needs. */
    private static Map<String, String> metadata(final StreamConfig c) {
        final Map<String, String> metadata = new TreeMap<>(c.metadata());
        metadata.keySet().removeAll(DYNAMIC_METADATA);
        int level = 0;
        if (c.allowMsgTtl() || c.subjectDeleteMarkerTtlNs() > 0) {
            level = 1;
        }
        if (c.allowMsgCounter() || c.allowAtomic() || c.allowMsgSchedules() || c.persistMode() == PersistMode.ASYNC) {
            level = 2;
        }
        metadata.put(REQUIRED_LEVEL, Integer.toString(c.allowBatched() ? 4 : level));
        return metadata;
    }

    private static ApiFailure flags(final StreamConfig c) {
        if (c.allowRollup() && c.denyPurge()) {
            return invalid("roll-ups require the purge permission");
        }
        if (c.discardNewPerSubject() && c.discard() != Discard.NEW) {
            return invalid("discard new per subject requires discard new policy to be set");
        }
        if (c.discardNewPerSubject() && c.maxMsgsPerSubject() <= 0) {
            return invalid("discard new per subject requires max msgs per subject > 0");
        }
        if (c.placement() != null && !c.placement().preferred().isEmpty()) {
            return invalid("preferred server not permitted in placement");
        }
        if (c.allowMsgCounter()
                && (c.discard() == Discard.NEW || c.allowMsgTtl() || c.retention() != Retention.LIMITS)) {
            return invalid("counter stream can only be used with limits retention, discard old and no message TTL");
        }
        return null;
    }

    private static ApiFailure subjects(final StreamConfig c) {
        final Set<String> seen = new HashSet<>();
        for (final String subject : c.subjects()) {
            if (!Subjects.isValid(subject)) {
                return invalid("invalid subject");
            }
            if (!seen.add(subject)) {
                return invalid("duplicate subjects detected");
            }
        }
        for (int i = 0; i < c.subjects().size(); i++) {
            for (int k = i + 1; k < c.subjects().size(); k++) {
                if (Subjects.overlap(c.subjects().get(i), c.subjects().get(k))) {
                    return invalid(
                            "subject \"" + c.subjects().get(i) + "\" overlaps with \"" + c.subjects().get(k) + "\"");
                }
            }
        }
        return null;
    }

    private static ApiFailure captureAll(final StreamConfig c) {
        if (c.noAck()) {
            return null;
        }
        for (final String subject : c.subjects()) {
            if (subject.equals(">")) {
                return invalid("capturing all subjects requires no-ack to be true");
            }
            final boolean api = Stream.of("$JS.>", "$JSC.>", "$NRG.>").anyMatch(p -> Subjects.overlap(subject, p));
            if (api && !Subjects.isCovered(subject, "$JS.EVENT.>")) {
                return invalid("subjects that overlap with jetstream api require no-ack to be true");
            }
            if (Subjects.overlap(subject, "$SYS.>") && !Subjects.isCovered(subject, "$SYS.ACCOUNT.>")) {
                return invalid("subjects that overlap with system api require no-ack to be true");
            }
        }
        return null;
    }

    private static ApiFailure invalid(final String text) {
        return ApiError.STREAM_INVALID_CONFIG.with(text);
    }
}
