package jetstream.server.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.AccountLimits;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.SecurityConfig;
import jetstream.server.conf.UserConfig;
import jetstream.server.protocol.ConnectOptions;
import jetstream.server.route.Account;
import jetstream.server.route.SubjectRouter;

/**
 * Decides who a client is. Plain passwords are compared at once; bcrypt hashes on a small pool of threads of its own,
 * since one comparison takes tens of milliseconds. Owner: node thread.
 *
 * @see "spec/auth-accounts.md sections 1 and 2"
 */
public final class Authenticator implements AutoCloseable {
    private static final String CONNECTION_TYPE = "STANDARD";
    private static final int HASH_THREADS = 2;

    private final Map<String, KnownUser> users = new HashMap<>();
    private final Map<Account, AccountLimits> limits = new HashMap<>();
    private final Executor nodeThread;
    private final Account globalAccount;
    private final Secret singlePassword;
    private final String singleUser;
    private final Secret token;
    private final PermissionSet singlePermissions;
    private final Login anonymous;
    private final boolean isRequired;
    private final boolean isAnnounced;
    private ExecutorService hashing;

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
        singleUser = auth.login().user();
        singlePassword = singleUser.isEmpty() ? null : new Secret(auth.login().password());
        token = auth.login().token().isEmpty() ? null : new Secret(auth.login().token());
        singlePermissions = auth.defaultPermissions().map(PermissionSet::new).orElse(null);
        isRequired = !users.isEmpty() || auth.login().isPresent();
        anonymous = anonymousLogin(auth, isOnlySystem);
        isAnnounced = isRequired && auth.noAuthUser().isEmpty();
    }

    private Login anonymousLogin(final AuthConfig auth, final boolean isOnlySystem) {
        if (!auth.noAuthUser().isEmpty()) {
            final KnownUser user = users.get(auth.noAuthUser());
            return user == null ? null : login(user);
        }
        return !isRequired || isOnlySystem ? login(globalAccount, "", null) : null;
    }

    private void addUsers(final Account account, final List<UserConfig> list,
            final Optional<PermissionsConfig> defaults) {
        for (final UserConfig user : list) {
            final PermissionSet permissions =
                    user.permissions().or(() -> defaults).map(PermissionSet::new).orElse(null);
            users.put(user.name(), new KnownUser(user.name(), new Secret(user.password()), account, permissions,
                    user.allowedConnectionTypes()));
        }
    }

    /** Whether INFO says {@code auth_required}. */
    public boolean isAnnounced() {
        return isAnnounced;
    }

    /** Whether somebody has to log in at all. */
    public boolean isRequired() {
        return isRequired;
    }

    /** Who a client without credentials is; null if it may not connect. */
    public Login anonymous() {
        return anonymous;
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
     * Checks the credentials of a CONNECT.
     *
     * @param options what the client said
     * @param outcome called with the login, or null if refused; at once or later, always on the node thread
     */
    public void authenticate(final ConnectOptions options, final Consumer<Login> outcome) {
        if (options.asksForAccount()) {
            outcome.accept(null);
        } else if (!isRequired || anonymous != null && !options.hasCredentials()) {
            outcome.accept(anonymous);
        } else {
            check(options, outcome);
        }
    }

    private void check(final ConnectOptions options, final Consumer<Login> outcome) {
        final KnownUser user = users.get(options.user());
        if (user != null) {
            final boolean isAllowedHere =
                    user.connectionTypes.isEmpty() || user.connectionTypes.contains(CONNECTION_TYPE);
            compare(isAllowedHere ? user.secret : null, options.password(), login(user), outcome);
        } else if (token != null) {
            compare(token, options.token(), login(globalAccount, "", singlePermissions), outcome);
        } else if (singlePassword != null && singleUser.equals(options.user())) {
            compare(singlePassword, options.password(), login(globalAccount, singleUser, singlePermissions), outcome);
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
            hashing().execute(() -> {
                final boolean isRight = secret.accepts(presented);
                nodeThread.execute(() -> outcome.accept(isRight ? login : null));
            });
        }
    }

    private ExecutorService hashing() {
        if (hashing == null) {
            hashing = Executors.newFixedThreadPool(HASH_THREADS, task -> {
                final Thread thread = new Thread(task, "password-hashing");
                thread.setDaemon(true);
                return thread;
            });
        }
        return hashing;
    }

    private Login login(final KnownUser user) {
        return login(user.account, user.name, user.permissions);
    }

    private Login login(final Account account, final String user, final PermissionSet permissions) {
        return new Login(account, user, permissions, limits(account));
    }

    @Override
    public void close() {
        if (hashing != null) {
            hashing.shutdownNow();
        }
    }

    /** One row of the user table. */
    private record KnownUser(String name, Secret secret, Account account, PermissionSet permissions,
            Set<String> connectionTypes) {
    }
}
