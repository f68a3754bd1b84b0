package jetstream.server.conf;

import java.util.List;
import java.util.Optional;

/**
 * Who may connect.
 *
 * @param auth          logins outside of accounts; they belong to {@code $G}
 * @param accounts      configured accounts in the order of the file
 * @param systemAccount name of the system account
 * @param doors         TLS and WebSocket
 * @param trust         whom user JWTs must come from; absent outside of operator mode
 */
public record SecurityConfig(AuthConfig auth, List<AccountConfig> accounts, String systemAccount, DoorsConfig doors,
        Optional<TrustConfig> trust) {

    /** Account of everybody who is in no other. */
    public static final String GLOBAL_ACCOUNT = "$G";

    /** Default name of the system account. */
    public static final String SYSTEM_ACCOUNT = "$SYS";

    /** Copies the list. */
    public SecurityConfig {
        accounts = List.copyOf(accounts);
    }

    /** Without TLS, WebSocket and operators. */
    public SecurityConfig(final AuthConfig auth, final List<AccountConfig> accounts, final String systemAccount) {
        this(auth, accounts, systemAccount, DoorsConfig.PLAIN, Optional.empty());
    }
}
