package jetstream.server.conf;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The {@code authorization} block and {@code no_auth_user}.
 *
 * @param login              the one user or token of a server without a user table
 * @param users              user table of the global account
 * @param timeoutNs          a client must have sent a good CONNECT within so many nanoseconds
 * @param noAuthUser         user of clients that send no credentials; empty if absent
 * @param defaultPermissions for users without permissions of their own
 */
public record AuthConfig(
        SingleLogin login,
        List<UserConfig> users,
        long timeoutNs,
        String noAuthUser,
        Optional<PermissionsConfig> defaultPermissions) {

    /** Nobody has to log in. */
    public static final AuthConfig OPEN =
            new AuthConfig(SingleLogin.NONE, List.of(), TimeUnit.SECONDS.toNanos(2), "", Optional.empty());

    /** Copies the list. */
    public AuthConfig {
        users = List.copyOf(users);
    }
}
