package jetstream.server.auth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.AccountLimits;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.SecurityConfig;
import jetstream.server.conf.UserConfig;
import jetstream.server.conf.WebSocketConfig;
import jetstream.server.protocol.ConnectOptions;
import jetstream.server.route.Account;
import jetstream.server.route.SubjectRouter;
import jetstream.server.tls.CertificateNames;

/**
 * Decides who a client is, by the first of these that holds: JWT in operator mode, nkey, certificate, user and
 * password, token or the single user. Plain passwords are compared at once; bcrypt hashes and signatures on a small
 * pool of threads of its own, since they take milliseconds. Owner: node thread.
 *
 * @see "spec/auth-accounts.md sections 1 and 2"
 */
public final class Authenticator implements AutoCloseable {
    private static final int HASH_THREADS = 2;
    private static final int NONCE_BYTES = 11;
    private static final long NS_PER_MS = 1_000_000;

    private final Map<String, KnownUser> users = new HashMap<>();
    private final Map<String, KnownUser> nkeys = new HashMap<>();
    private final Map<Account, AccountLimits> limits = new HashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final Executor nodeThread;
    private final Account globalAccount;
    private final UserJwts jwts;
    private final Policy plain;
    private final Policy webSocket;
    private ExecutorService slowChecks;

    /**
     * Makes the accounts in the router and reads the users.
     *
     * @param security   configuration
     * @param router     gets the accounts
     * @param nodeThread runs the outcome of slow comparisons
     */
    public Authenticator(final SecurityConfig security, final SubjectRouter router, final Executor nodeThread) {
        this.nodeThread = nodeThread;
        globalAccount = router.account(SecurityConfig.GLOBAL_ACCOUNT);
        final Account system = router.account(security.systemAccount());
        final AuthConfig auth = security.auth();
        addUsers(globalAccount, auth.users(), auth.defaultPermissions());
        boolean isOnlySystem = auth.users().isEmpty() && !auth.login().isPresent();
        for (final AccountConfig account : security.accounts()) {
            final Account made = router.account(account.name());
            limits.put(made, account.limits());
            addUsers(made, account.users(), account.defaultPermissions());
            isOnlySystem &= made == system || account.users().isEmpty();
        }
        jwts = security.trust().map(trust -> new UserJwts(trust, router)).orElse(null);
        final boolean hasUsers = !users.isEmpty() || !nkeys.isEmpty() || jwts != null;
        plain = new Policy(auth, hasUsers, isOnlySystem && jwts == null);
        webSocket = security.doors().webSocket().flatMap(WebSocketConfig::auth)
                .map(own -> own.login().isPresent()
                        ? new Policy(own, false, false)
                        : new Policy(new AuthConfig(auth.login(), auth.users(), own.timeoutNs(), own.noAuthUser(),
                                auth.defaultPermissions()), hasUsers, false))
                .orElse(plain);
    }

    private void addUsers(final Account account, final List<UserConfig> list,
            final Optional<PermissionsConfig> defaults) {
        for (final UserConfig user : list) {
            final PermissionSet permissions =
                    user.permissions().or(() -> defaults).map(PermissionSet::new).orElse(null);
            (user.isNKey() ? nkeys : users).put(user.name(), new KnownUser(user.name(), new Secret(user.password()),
                    account, permissions, user.allowedConnectionTypes()));
        }
    }

    /** What clients of one port may log in with beside the users, and without anything. */
    private final class Policy {
        private final boolean isRequired;
        private final boolean isAnnounced;
        private final Login anonymous;
        private final String singleUser;
        private final Secret singlePassword;
        private final Secret token;
        private final PermissionSet permissions;
        private final boolean hasUsers;

        Policy(final AuthConfig auth, final boolean hasUsers, final boolean isOnlySystem) {
            this.hasUsers = hasUsers;
            singleUser = auth.login().user();
            singlePassword = singleUser.isEmpty() ? null : new Secret(auth.login().password());
            token = auth.login().token().isEmpty() ? null : new Secret(auth.login().token());
            permissions = auth.defaultPermissions().map(PermissionSet::new).orElse(null);
            isRequired = hasUsers || auth.login().isPresent();
            anonymous = anonymousLogin(auth.noAuthUser(), isOnlySystem);
            isAnnounced = isRequired && auth.noAuthUser().isEmpty();
        }

        private Login anonymousLogin(final String noAuthUser, final boolean isOnlySystem) {
            if (!noAuthUser.isEmpty()) {
                final KnownUser user = users.getOrDefault(noAuthUser, nkeys.get(noAuthUser));
                return user == null ? null : login(user);
            }
            return !isRequired || isOnlySystem ? login(globalAccount, "", null) : null;
        }
    }

    private Policy policy(final boolean isWebSocket) {
        return isWebSocket ? webSocket : plain;
    }

    /** Whether INFO says {@code auth_required} at the client port. */
    public boolean isAnnounced() {
        return plain.isAnnounced;
    }

    /** Whether somebody has to log in at all. */
    public boolean isRequired(final boolean isWebSocket) {
        return policy(isWebSocket).isRequired;
    }

    /** Who a client without credentials is; null if it may not connect. */
    public Login anonymous(final boolean isWebSocket) {
        return policy(isWebSocket).anonymous;
    }

    /** What a new client has to sign; empty if nobody signs. */
    public String newNonce() {
        if (nkeys.isEmpty() && jwts == null) {
            return "";
        }
        final byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Account of users that are in no other. */
    public Account globalAccount() {
        return globalAccount;
    }

    /** Limits of an account. */
    public AccountLimits limits(final Account account) {
        return limits.getOrDefault(account, AccountLimits.UNLIMITED);
    }

    /**
     * Checks what a client that sent CONNECT has to show.
     *
     * @param proof   all of it
     * @param outcome called with the login, or null if refused; at once or later, always on the node thread
     */
    public void authenticate(final Proof proof, final Consumer<Login> outcome) {
        final Policy policy = policy(proof.isWebSocket());
        final ConnectOptions options = proof.options();
        if (options.asksForAccount()) {
            outcome.accept(null);
        } else if (jwts != null && policy.hasUsers) {
            final long nowEpochNs = System.currentTimeMillis() * NS_PER_MS;
            slowly(() -> jwts.check(proof, nowEpochNs), outcome);
        } else if (!policy.isRequired) {
            outcome.accept(policy.anonymous);
        } else if (policy.hasUsers && !options.nkey().isEmpty()) {
            checkNKey(proof, outcome);
        } else if (policy.hasUsers && proof.certificate() != null) {
            outcome.accept(mapped(proof));
        } else if (policy.anonymous != null && !options.hasCredentials()) {
            outcome.accept(policy.anonymous);
        } else {
            checkPassword(policy, proof, outcome);
        }
    }

    private void checkNKey(final Proof proof, final Consumer<Login> outcome) {
        final KnownUser user = nkeys.get(proof.options().nkey());
        if (user == null || !user.isAllowedBy(proof)) {
            outcome.accept(null);
        } else {
            slowly(() -> UserJwts.hasSigned(user.name, proof) ? login(user) : null, outcome);
        }
    }

    /** The first name of the certificate that is a user's. */
    private Login mapped(final Proof proof) {
        final CertificateNames names = proof.certificate();
        KnownUser user = names.alternatives().stream().map(users::get).filter(found -> found != null).findFirst()
                .orElse(null);
        if (user == null) {
            user = users.values().stream().filter(known -> names.isSubject(known.name)).findFirst().orElse(null);
        }
        return user == null || !user.isAllowedBy(proof) ? null : login(user);
    }

    private void checkPassword(final Policy policy, final Proof proof, final Consumer<Login> outcome) {
        final ConnectOptions options = proof.options();
        final KnownUser user = policy.hasUsers ? users.get(options.user()) : null;
        if (user != null) {
            compare(user.isAllowedBy(proof) ? user.secret : null, options.password(), login(user), outcome);
        } else if (policy.token != null) {
            compare(policy.token, options.token(), login(globalAccount, "", policy.permissions), outcome);
        } else if (policy.singlePassword != null && policy.singleUser.equals(options.user())) {
            compare(policy.singlePassword, options.password(),
                    login(globalAccount, policy.singleUser, policy.permissions), outcome);
        } else {
            outcome.accept(null);
        }
    }

    private void compare(final Secret secret, final String presented, final Login login,
            final Consumer<Login> outcome) {
        if (secret == null) {
            outcome.accept(null);
        } else if (!secret.isHash()) {
            outcome.accept(secret.accepts(presented) ? login : null);
        } else {
            slowly(() -> secret.accepts(presented) ? login : null, outcome);
        }
    }

    private void slowly(final Supplier<Login> check, final Consumer<Login> outcome) {
        if (slowChecks == null) {
            slowChecks = Executors.newFixedThreadPool(HASH_THREADS, task -> {
                final Thread thread = new Thread(task, "login-checks");
                thread.setDaemon(true);
                return thread;
            });
        }
        slowChecks.execute(() -> {
            final Login login = check.get();
            nodeThread.execute(() -> outcome.accept(login));
        });
    }

    private Login login(final KnownUser user) {
        return login(user.account, user.name, user.permissions);
    }

    private Login login(final Account account, final String user, final PermissionSet permissions) {
        return new Login(account, user, permissions, limits(account));
    }

    @Override
    public void close() {
        if (slowChecks != null) {
            slowChecks.shutdownNow();
        }
    }

    /** One row of the user table. */
    private record KnownUser(String name, Secret secret, Account account, PermissionSet permissions,
            Set<String> connectionTypes) {

        boolean isAllowedBy(final Proof proof) {
            return connectionTypes.isEmpty() || connectionTypes.contains(proof.connectionType());
        }
    }
}
