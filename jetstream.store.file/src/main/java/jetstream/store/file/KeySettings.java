package jetstream.store.file;

import java.util.Locale;
import java.util.Map;
import jetstream.api.store.StoreException;

/**
 * Encryption at rest, as configured.
 *
 * @param key null for none
 * @param previousKey the key before this one, null if there was none
 * @param cipher for new data
 * @param iterations of the derivation when the file of keys is written
 */
record KeySettings(String key, String previousKey, CipherKind cipher, int iterations) {
    static KeySettings of(final Map<String, String> settings, final int iterations) {
        final String key = textOf(settings, "key");
        final String previous = textOf(settings, "prev_key");
        if (key == null && previous != null) {
            throw new StoreException.Refused("jetstream prev_key is set without key", null);
        }
        final String cipher = settings.getOrDefault("cipher", "chacha");
        return new KeySettings(key, previous, switch (cipher.toLowerCase(Locale.ROOT)) {
            case "aes" -> CipherKind.AES;
            case "chacha", "chachapoly" -> CipherKind.CHACHA;
            default -> throw new StoreException.Refused(
                    "jetstream cipher is " + cipher + "; allowed are chacha, chachapoly and aes", null);
        }, iterations);
    }

    private static String textOf(final Map<String, String> settings, final String name) {
        final String text = settings.get(name);
        return text == null || text.isEmpty() ? null : text;
    }

    /** Keys do not go into logs. */
    @Override
    public String toString() {
        return key == null ? "none" : cipher.name();
    }
}
