package jetstream.server.conf;

/**
 * The one login of a server without a user table; passwords and tokens may be bcrypt hashes.
 *
 * @param user     user name; empty if absent
 * @param password password; empty if absent
 * @param token    token; empty if absent, exclusive with a user
 */
public record SingleLogin(String user, String password, String token) {

    /** No single login. */
    public static final SingleLogin NONE = new SingleLogin("", "", "");

    /** Whether clients must present this user or token. */
    public boolean isPresent() {
        return !user.isEmpty() || !token.isEmpty();
    }

    /** Never shows a secret. */
    @Override
    public String toString() {
        return "SingleLogin[user=" + user + ", token=" + (token.isEmpty() ? "" : "[REDACTED]") + "]";
    }
}
