package jetstream.server.conf.option;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.TimingConfig;
import jetstream.server.conf.UserConfig;

/** Combinations of settings that only a start refuses; {@code -t} does not look at them, as in the reference. */
public final class StartChecks {

    private StartChecks() {
    }

    /**
     * Checks settings against each other.
     *
     * @throws ConfigException with the first combination that is impossible
     */
    public static void check(final ServerConfig config) {
        firstError(config).ifPresent(text -> {
            throw new ConfigException(text);
        });
    }

    private static Optional<String> firstError(final ServerConfig config) {
        final TimingConfig timing = config.timing();
        if (timing.lameDuckGraceNs() < 0 || timing.lameDuckGraceNs() >= timing.lameDuckDurationNs()) {
            return Optional.of("lame_duck_grace_period must be shorter than lame_duck_duration and not negative");
        }
        if (config.limits().maxPayloadBytes() > config.limits().maxPendingBytes()) {
            return Optional.of("max_payload (" + config.limits().maxPayloadBytes()
                    + ") can not be larger than max_pending (" + config.limits().maxPendingBytes() + ")");
        }
        if (config.serverName().indexOf(' ') >= 0 || config.cluster().name().indexOf(' ') >= 0) {
            return Optional.of("server_name and cluster name can not contain spaces");
        }
        if (!config.cluster().enabled() && !config.cluster().routes().isEmpty()) {
            return Optional.of("solicited routes require cluster capabilities, e.g. --cluster");
        }
        return userError(config);
    }

    private static Optional<String> userError(final ServerConfig config) {
        final String noAuthUser = config.auth().noAuthUser();
        if (!noAuthUser.isEmpty() && !userNames(config).contains(noAuthUser)) {
            return Optional.of("no_auth_user \"" + noAuthUser + "\" is no user of authorization or of an account");
        }
        for (final AccountConfig account : config.accounts()) {
            if (account.name().equals(config.systemAccount()) && account.jetStream().enabled()) {
                return Optional.of("JetStream can not be enabled for the system account");
            }
        }
        return Optional.empty();
    }

    private static Set<String> userNames(final ServerConfig config) {
        final Set<String> names = new HashSet<>();
        config.auth().users().stream().map(UserConfig::name).forEach(names::add);
        for (final AccountConfig account : config.accounts()) {
            account.users().stream().map(UserConfig::name).forEach(names::add);
        }
        return names;
    }
}
