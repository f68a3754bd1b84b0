package jetstream.server;

import java.util.ArrayList;
import java.util.List;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.AccountJetStreamConfig;
import jetstream.server.conf.SecurityConfig;
import jetstream.server.conf.ServerConfig;

/** Which accounts have JetStream, and within which limits. Immutable. */
public final class JetStreamAccounts {
    private final ServerConfig config;
    private final boolean isSaid;

    JetStreamAccounts(final ServerConfig config) {
        this.config = config;
        isSaid = config.accounts().stream().anyMatch(account -> account.jetStream().enabled());
    }

    /** Limits of an account; {@link AccountJetStreamConfig#OFF} if it has no JetStream. */
    public AccountJetStreamConfig limits(final String account) {
        if (!config.jetStream().enabled() || account.equals(config.systemAccount())) {
            return AccountJetStreamConfig.OFF;
        }
        for (final AccountConfig configured : config.accounts()) {
            if (configured.name().equals(account)) {
                return configured.jetStream();
            }
        }
        final boolean isGlobal = account.equals(SecurityConfig.GLOBAL_ACCOUNT);
        return isGlobal && !isSaid ? AccountJetStreamConfig.UNLIMITED : AccountJetStreamConfig.OFF;
    }

    /** Names of the accounts that have JetStream. */
    public List<String> enabled() {
        final List<String> names = new ArrayList<>();
        config.accounts().stream().map(AccountConfig::name).filter(name -> limits(name).enabled()).forEach(names::add);
        if (!names.contains(SecurityConfig.GLOBAL_ACCOUNT) && limits(SecurityConfig.GLOBAL_ACCOUNT).enabled()) {
            names.add(SecurityConfig.GLOBAL_ACCOUNT);
        }
        return names;
    }
}
