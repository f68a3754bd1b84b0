package jetstream.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/** A configured password or token, plain or as a bcrypt hash. Thread-safe: immutable. */
final class Secret {
    private static final Pattern BCRYPT = Pattern.compile("^\\$2[abxy]\\$\\d\\d\\$.*");

    private final byte[] text;
    private final boolean isHash;

    Secret(final String configured) {
        text = configured.getBytes(StandardCharsets.UTF_8);
        isHash = BCRYPT.matcher(configured).matches();
    }

    /** Whether {@link #accepts} takes so long that the node thread must not do it. */
    boolean isHash() {
        return isHash;
    }

    /** Compares; in constant time if plain. */
    boolean accepts(final String presented) {
        final byte[] bytes = presented.getBytes(StandardCharsets.UTF_8);
        if (!isHash) {
            return MessageDigest.isEqual(text, bytes);
        }
        return BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                .verify(bytes, text).verified;
    }
}
