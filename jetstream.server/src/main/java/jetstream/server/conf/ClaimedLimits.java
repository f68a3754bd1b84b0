package jetstream.server.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jetstream.server.jwt.Claims;

/** Turns claims of JWTs into the settings that a configuration file would have had. */
public final class ClaimedLimits {
    private static final int UNLIMITED = -1;

    private ClaimedLimits() {
    }

    /** Limits of an account's connections. */
    public static AccountLimits connections(final Claims limits) {
        return new AccountLimits(number(limits, "conn"), number(limits, "subs"), number(limits, "payload"),
                number(limits, "leaf"));
    }

    private static int number(final Claims limits, final String name) {
        return (int) Math.min(Integer.MAX_VALUE, limits.number(name, UNLIMITED));
    }

    /** JetStream of an account: absent storage means none. */
    public static AccountJetStreamConfig jetStream(final Claims limits) {
        final long memory = limits.number("mem_storage", 0);
        final long disk = limits.number("disk_storage", 0);
        if (memory == 0 && disk == 0) {
            return AccountJetStreamConfig.OFF;
        }
        return new AccountJetStreamConfig(true, memory, disk, number(limits, "streams"), number(limits, "consumer"),
                new AccountJetStreamConfig.AssetLimits(limits.flag("max_bytes_required"),
                        positive(limits, "mem_max_stream_bytes"), positive(limits, "disk_max_stream_bytes"),
                        (int) positive(limits, "max_ack_pending")));
    }

    /** Zero means no limit there. */
    private static long positive(final Claims limits, final String name) {
        final long value = limits.number(name, UNLIMITED);
        return value == 0 ? UNLIMITED : value;
    }

    /** Permissions of a user or the default ones of an account; empty if everything is allowed. */
    public static Optional<PermissionsConfig> permissions(final Claims claims) {
        final SubjectRules publish = rules(claims.object("pub"));
        final SubjectRules subscribe = rules(claims.object("sub"));
        final Optional<ResponsePermission> responses = responses(claims);
        if (publish.equals(SubjectRules.ANY) && subscribe.equals(SubjectRules.ANY) && responses.isEmpty()) {
            return Optional.empty();
        }
        final boolean isImplied = responses.isPresent() && publish.allow().isEmpty();
        return Optional.of(new PermissionsConfig(
                isImplied ? new SubjectRules(Optional.of(List.of()), publish.deny()) : publish, subscribe, responses));
    }

    private static SubjectRules rules(final Claims side) {
        final List<SubjectRule> allow = rules(side.texts("allow"));
        return new SubjectRules(allow.isEmpty() ? Optional.empty() : Optional.of(allow), rules(side.texts("deny")));
    }

    private static List<SubjectRule> rules(final List<String> texts) {
        final List<SubjectRule> all = new ArrayList<>();
        for (final String text : texts) {
            final String[] parts = text.strip().split("\\s+", 2);
            all.add(new SubjectRule(parts[0], parts.length == 2 ? parts[1] : ""));
        }
        return all;
    }

    private static Optional<ResponsePermission> responses(final Claims claims) {
        if (!claims.has("resp")) {
            return Optional.empty();
        }
        final ResponsePermission old = ResponsePermission.DEFAULT;
        final Claims resp = claims.object("resp");
        final long max = resp.number("max", 0);
        final long ttlNs = resp.number("ttl", 0);
        return Optional.of(new ResponsePermission(
                max == 0 ? old.maxMessages() : (int) max, ttlNs == 0 ? old.expiresNs() : ttlNs));
    }
}
