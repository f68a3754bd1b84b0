package jetstream.server.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jetstream.server.conf.AccountLimits;
import jetstream.server.conf.ClaimedLimits;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.TrustConfig;
import jetstream.server.jwt.Claims;
import jetstream.server.jwt.Jwt;
import jetstream.server.jwt.NKey;
import jetstream.server.route.Account;
import jetstream.server.route.SubjectRouter;

/**
 * Checks JWTs of users against the accounts of operator mode. Thread-safe: immutable; the checks take a millisecond and
 * are not for the node thread.
 *
 * @see "spec/auth-accounts.md section 6"
 */
final class UserJwts {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final String EVERYBODY = "*";

    private final Map<String, KnownAccount> accounts = new HashMap<>();

    private record KnownAccount(Account account, Jwt jwt, Map<String, Claims> signers, AccountLimits limits) {
    }

    /** Makes the accounts in the router. */
    UserJwts(final TrustConfig trust, final SubjectRouter router) {
        trust.accounts().forEach((key, token) -> {
            try {
                final Jwt jwt = Jwt.parse(token);
                accounts.put(key, new KnownAccount(router.account(key), jwt, signers(key, jwt.nats()),
                        ClaimedLimits.connections(jwt.nats().object("limits"))));
            } catch (final IOException e) {
                throw new UncheckedIOException("a JWT was checked before", e);
            }
        });
    }

    /** Keys that may sign users, with their scope where there is one. */
    private static Map<String, Claims> signers(final String account, final Claims nats) {
        final Map<String, Claims> all = new HashMap<>();
        all.put(account, Claims.NONE);
        nats.texts("signing_keys").forEach(key -> all.put(key, Claims.NONE));
        nats.objects("signing_keys").forEach(scope -> all.put(scope.text("key"), scope));
        return all;
    }

    /** Who the client is; null if it is refused. */
    Login check(final Proof proof, final long nowEpochNs) {
        try {
            return check(proof, Jwt.parse(proof.options().jwt()), nowEpochNs);
        } catch (final IOException e) {
            return null;
        }
    }

    private Login check(final Proof proof, final Jwt user, final long nowEpochNs) {
        final Claims nats = user.nats();
        final String issuedFor = nats.text("issuer_account");
        final KnownAccount account = accounts.get(issuedFor.isEmpty() ? user.issuer() : issuedFor);
        if (account == null || !"user".equals(user.type()) || !user.isValidAt(nowEpochNs)
                || !account.jwt.isValidAt(nowEpochNs)) {
            return null;
        }
        final Claims scope = account.signers.get(user.issuer());
        final Optional<NKey> issuer = NKey.parse(NKey.Kind.ACCOUNT, user.issuer());
        final boolean isSigned = scope != null && issuer.isPresent() && user.isSignedBy(issuer.get());
        if (!isSigned || isRevoked(account.jwt.nats().object("revocations"), user) || !isHolder(proof, user, account)) {
            return null;
        }
        final Claims rights = scope.has("template") ? scope.object("template") : nats;
        if (!isAllowedHere(rights, proof) || !isAllowedNow(rights, nowEpochNs)) {
            return null;
        }
        return login(user, account, rights, scope.has("template"));
    }

    private static boolean isRevoked(final Claims revocations, final Jwt user) {
        final long until = Math.max(revocations.number(user.subject(), 0), revocations.number(EVERYBODY, 0));
        return user.issuedEpochS() <= until;
    }

    /** Whether the client has the user's private key, or need not have it. */
    private static boolean isHolder(final Proof proof, final Jwt user, final KnownAccount account) {
        final Claims nats = user.nats();
        if (nats.flag("bearer_token")) {
            return !account.jwt.nats().object("limits").flag("disallow_bearer");
        }
        return hasSigned(user.subject(), proof);
    }

    /** Whether a client has signed the nonce with a user's key. */
    static boolean hasSigned(final String userKey, final Proof proof) {
        final Optional<NKey> key = NKey.parse(NKey.Kind.USER, userKey);
        if (key.isEmpty() || proof.options().signature().isEmpty()) {
            return false;
        }
        try {
            return key.get().hasSigned(proof.nonce().getBytes(StandardCharsets.US_ASCII),
                    Jwt.decode(proof.options().signature()));
        } catch (final IllegalArgumentException e) {
            return false; // not base64
        }
    }

    private static boolean isAllowedHere(final Claims rights, final Proof proof) {
        final List<String> types = rights.texts("allowed_connection_types");
        if (!types.isEmpty() && types.stream().noneMatch(
                type -> type.toUpperCase(Locale.ROOT).equals(proof.connectionType()))) {
            return false;
        }
        final List<String> sources = new ArrayList<>(rights.texts("src"));
        if (!rights.text("src").isEmpty()) { // version 1 has them in one string
            sources.addAll(List.of(rights.text("src").split(",")));
        }
        return sources.isEmpty() || sources.stream().anyMatch(cidr -> Network.contains(cidr, proof.remoteHost()));
    }

    private static boolean isAllowedNow(final Claims rights, final long nowEpochNs) {
        final List<Claims> times = rights.objects("times");
        if (times.isEmpty()) {
            return true;
        }
        try {
            final String zone = rights.text("times_location").isEmpty()
                    ? rights.text("locale")
                    : rights.text("times_location");
            final LocalTime now = Instant.ofEpochSecond(nowEpochNs / NS_PER_S)
                    .atZone(zone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zone)).toLocalTime();
            return times.stream().anyMatch(span -> !now.isBefore(LocalTime.parse(span.text("start")))
                    && now.isBefore(LocalTime.parse(span.text("end"))));
        } catch (final DateTimeException e) {
            return false;
        }
    }

    private static Login login(final Jwt user, final KnownAccount account, final Claims rights,
            final boolean isTemplate) {
        Optional<PermissionsConfig> permissions = ClaimedLimits.permissions(rights);
        if (isTemplate) {
            permissions = permissions.map(template -> ScopeTemplate.fill(template, user, account.jwt));
        } else if (permissions.isEmpty()) {
            permissions = ClaimedLimits.permissions(account.jwt.nats().object("default_permissions"));
        }
        final AccountLimits own = ClaimedLimits.connections(rights);
        final AccountLimits limits = new AccountLimits(account.limits.maxConnections(),
                narrower(own.maxSubscriptions(), account.limits.maxSubscriptions()),
                narrower(own.maxPayloadBytes(), account.limits.maxPayloadBytes()), account.limits.maxLeafNodes());
        return new Login(account.account, user.subject(), permissions.map(PermissionSet::new).orElse(null), limits,
                expiry(user.expiresEpochNs(), account.jwt.expiresEpochNs()));
    }

    private static int narrower(final int a, final int b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }

    private static Login.Expiry expiry(final long user, final long account) {
        final boolean isOfAccount = account != 0 && (user == 0 || account < user);
        return new Login.Expiry(isOfAccount ? account : user, isOfAccount);
    }
}
