package jetstream.server.conf;

import java.util.List;
import java.util.Optional;

/**
 * One account of the {@code accounts} block.
 *
 * @param name               for instance {@code $SYS} or {@code ORDERS}
 * @param users              its users
 * @param limits             limits of its connections
 * @param jetStream          JetStream of the account
 * @param defaultPermissions for its users without permissions of their own
 */
public record AccountConfig(
        String name,
        List<UserConfig> users,
        AccountLimits limits,
        AccountJetStreamConfig jetStream,
        Optional<PermissionsConfig> defaultPermissions) {

    /** Copies the list. */
    public AccountConfig {
        users = List.copyOf(users);
    }

    /** An account without limits whose JetStream is off. */
    public AccountConfig(final String name, final List<UserConfig> users) {
        this(name, users, AccountLimits.UNLIMITED, AccountJetStreamConfig.OFF, Optional.empty());
    }
}
