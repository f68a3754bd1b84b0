package jetstream.server.auth;

import jetstream.server.conf.AccountLimits;
import jetstream.server.route.Account;

/**
 * The outcome of a successful authentication.
 *
 * @param account     account of the user
 * @param user        user name; empty for anonymous clients and tokens
 * @param permissions what the user may do; null means everything
 * @param limits      limits of the account, and of the user if those are narrower
 * @param expiry      when it ends
 */
public record Login(Account account, String user, PermissionSet permissions, AccountLimits limits, Expiry expiry) {

    /** A login that does not end by itself. */
    public Login(final Account account, final String user, final PermissionSet permissions,
            final AccountLimits limits) {
        this(account, user, permissions, limits, Expiry.NEVER);
    }

    /**
     * When a login ends.
     *
     * @param epochNs     nanoseconds since 1970; 0 for never
     * @param isOfAccount the account's JWT ends then, not the user's
     */
    public record Expiry(long epochNs, boolean isOfAccount) {
        /** Never. */
        public static final Expiry NEVER = new Expiry(0, false);
    }
}
