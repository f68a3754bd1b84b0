package jetstream.raft.driver;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jetstream.api.Invariant;

/**
 * The plug-in's settings, below {@code jetstream.raft}. Durations are written {@code 50ms}, {@code 1s}; sizes {@code
 * 64k}, {@code 8m}, or plain bytes.
 *
 * @param heartbeatIntervalNs {@code heartbeat_interval}, default 50ms: one heartbeat per node pair
 * @param electionTimeoutMinNs {@code election_timeout_min}, default 300ms: silence after which a leader is given up
 * @param electionTimeoutMaxNs {@code election_timeout_max}, default 600ms: longest wait before a campaign
 * @param retryIntervalNs {@code retry_interval}, default 100ms: what got no answer is asked again
 * @param batchBytesMax {@code max_batch}, default 1m: bytes of entries in one append
 * @param inflightBytesMax {@code max_inflight}, default 8m: bytes sent to one follower and not answered
 * @param uncommittedBytesMax {@code max_uncommitted}, default 64m: proposals beyond are refused
 * @param checkpointBytes {@code checkpoint_bytes}, default 64m: applied entries after which a checkpoint is taken
 * @param checkpointEntries {@code checkpoint_entries}, default 100000: the same in entries
 * @param historyTailEntries {@code history_tail}, default 8192: entries kept behind a checkpoint for slow followers
 * @param historyCheckpoints {@code history_checkpoints}, default 4: a leader keeps entries for a member that is at most
 *     that many checkpoints behind; one that is further behind gets an image and the live records instead
 * @param catchupPieceBytes {@code catchup_piece}, default 64k: bytes in one piece of a catch-up
 * @param catchupWindowPieces {@code catchup_window}, default 16: pieces under way to one member
 * @param stateCheckIntervalNs {@code state_check_interval}, default 1s: time between two comparisons of the members'
 *     states in a group that does something
 */
record RaftConfig(long heartbeatIntervalNs, long electionTimeoutMinNs, long electionTimeoutMaxNs, long retryIntervalNs,
        int batchBytesMax, long inflightBytesMax, long uncommittedBytesMax, long checkpointBytes,
        long checkpointEntries,
        long historyTailEntries, int historyCheckpoints, int catchupPieceBytes, int catchupWindowPieces,
        long stateCheckIntervalNs) {
    private static final Set<String> KEYS = Set.of("heartbeat_interval", "election_timeout_min", "election_timeout_max",
            "retry_interval", "max_batch", "max_inflight", "max_uncommitted", "checkpoint_bytes", "checkpoint_entries",
            "history_tail", "history_checkpoints", "catchup_piece", "catchup_window", "state_check_interval");

    private static final int HISTORY_CHECKPOINTS_MAX = 1_000;

    RaftConfig {
        Invariant.check(heartbeatIntervalNs > 0 && electionTimeoutMinNs >= 3 * heartbeatIntervalNs,
                "election_timeout_min must be at least three heartbeat_intervals", electionTimeoutMinNs,
                heartbeatIntervalNs);
        Invariant.check(electionTimeoutMaxNs > electionTimeoutMinNs,
                "election_timeout_max must exceed election_timeout_min",
                electionTimeoutMaxNs, electionTimeoutMinNs);
        Invariant.check(historyCheckpoints <= HISTORY_CHECKPOINTS_MAX, "history_checkpoints must be at most 1000",
                historyCheckpoints);
    }

    /** Reads and checks the settings; an unknown name or a bad value is an {@link IllegalArgumentException}. */
    static RaftConfig of(final Map<String, String> settings) {
        for (final String key : settings.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("jetstream.raft." + key + " is not a setting; known are " + KEYS);
            }
        }
        return new RaftConfig(durationNs(settings, "heartbeat_interval", "50ms"),
                durationNs(settings, "election_timeout_min", "300ms"),
                durationNs(settings, "election_timeout_max", "600ms"),
                durationNs(settings, "retry_interval", "100ms"), (int) bytes(settings, "max_batch", "1m"),
                bytes(settings, "max_inflight", "8m"), bytes(settings, "max_uncommitted", "64m"),
                bytes(settings, "checkpoint_bytes", "64m"), bytes(settings, "checkpoint_entries", "100000"),
                bytes(settings, "history_tail", "8192"), (int) bytes(settings, "history_checkpoints", "4"),
                (int) bytes(settings, "catchup_piece", "64k"), (int) bytes(settings, "catchup_window", "16"),
                durationNs(settings, "state_check_interval", "1s"));
    }

    private static long durationNs(final Map<String, String> settings, final String key, final String fallback) {
        final String text = settings.getOrDefault(key, fallback).trim();
        if (text.endsWith("ms")) {
            return TimeUnit.MILLISECONDS.toNanos(number(key, text, 2));
        }
        if (text.endsWith("us")) {
            return TimeUnit.MICROSECONDS.toNanos(number(key, text, 2));
        }
        if (text.endsWith("s")) {
            return TimeUnit.SECONDS.toNanos(number(key, text, 1));
        }
        throw new IllegalArgumentException(
                "jetstream.raft." + key + " = " + text + ": a duration like 50ms or 1s is wanted");
    }

    private static long bytes(final Map<String, String> settings, final String key, final String fallback) {
        final String text = settings.getOrDefault(key, fallback).trim().toLowerCase(Locale.ROOT);
        final long value = switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 'k' -> number(key, text, 1) << 10;
            case 'm' -> number(key, text, 1) << 20;
            case 'g' -> number(key, text, 1) << 30;
            default -> number(key, text, 0);
        };
        if (value <= 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "jetstream.raft." + key + " = " + text + ": must be from 1 to 2147483647");
        }
        return value;
    }

    private static long number(final String key, final String text, final int unitLength) {
        final String digits = text.substring(0, text.length() - unitLength);
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "jetstream.raft." + key + " = " + text + ": a number with a unit is wanted");
        }
        return Long.parseLong(digits);
    }
}
