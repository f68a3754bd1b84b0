package jetstream.server.conf;

import java.util.List;

/**
 * Who may connect.
 *
 * @param auth          logins outside of accounts; they belong to {@code $G}
 * @param accounts      configured accounts in the order of the file
 * @param systemAccount name of the system account
 */
public record SecurityConfig(AuthConfig auth, List<AccountConfig> accounts, String systemAccount) {

    /** Account of everybody who is in no other. */
    public static final String GLOBAL_ACCOUNT = "$G";

    /** Default name of the system account. */
    public static final String SYSTEM_ACCOUNT = "$SYS";

    /** Copies the list. */
    public SecurityConfig {
        accounts = List.copyOf(accounts);
    }
}
