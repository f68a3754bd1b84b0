package jetstream.server.auth;

import jetstream.server.conf.AccountLimits;
import jetstream.server.route.Account;

/**
 * The outcome of a successful authentication.
 *
 * @param account     account of the user
 * @param user        user name; empty for anonymous clients and tokens
 * @param permissions what the user may do; null means everything
 * @param limits      limits of the account
 */
public record Login(Account account, String user, PermissionSet permissions, AccountLimits limits) {
}
