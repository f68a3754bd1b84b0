package jetstream.server.conf;

import java.util.Optional;
import java.util.Set;

/**
 * One user of an account.
 *
 * @param name                   unique over all accounts
 * @param password               plain or bcrypt; empty if the user has none
 * @param permissions            the user's own; replaces the account's default wholly
 * @param allowedConnectionTypes upper-case names such as {@code STANDARD}; empty if all are allowed
 * @param isNKey                 the name is a public key, and the user signs instead of telling a password
 */
public record UserConfig(
        String name,
        String password,
        Optional<PermissionsConfig> permissions,
        Set<String> allowedConnectionTypes,
        boolean isNKey) {

    /** Copies the set. */
    public UserConfig {
        allowedConnectionTypes = Set.copyOf(allowedConnectionTypes);
    }

    /** A user who may do everything. */
    public UserConfig(final String name, final String password) {
        this(name, password, Optional.empty(), Set.of(), false);
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "UserConfig[name=" + name + "]";
    }
}
