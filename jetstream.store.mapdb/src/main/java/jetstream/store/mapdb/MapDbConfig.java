package jetstream.store.mapdb;

import java.util.Map;
import java.util.TreeMap;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;

/**
 * Settings below {@code jetstream.store.mapdb}, all numbers of bytes.
 *
 * @param maxBytes upper bound of the bytes of entries
 * @param minFreeBytes bytes of the medium that appends leave alone
 * @param cacheBytes heap for pages that are read again
 * @param journalLength bytes of a journal file after which the main file is forced and the other one is used
 */
record MapDbConfig(long maxBytes, long minFreeBytes, int cacheBytes, int journalLength) {
    private static final String PREFIX = "jetstream.store.mapdb.";
    private static final Map<String, long[]> KNOWN = new TreeMap<>(Map.of(
            "max_bytes", new long[] {0, 0, Long.MAX_VALUE},
            "min_free", new long[] {64 << 20, 0, Long.MAX_VALUE},
            "cache", new long[] {16 << 20, 64 << 10, 1 << 30},
            "journal_length", new long[] {16 << 20, 64 << 10, 1 << 30}));

    /**
     * Checks and takes the settings.
     *
     * @throws StoreException.Refused naming the key, the value and what is allowed
     */
    static MapDbConfig of(final StoreContext context) {
        for (final String key : context.settings().keySet()) {
            if (!KNOWN.containsKey(key)) {
                throw new StoreException.Refused(
                        PREFIX + key + " is not a setting; known: " + String.join(", ", KNOWN.keySet()), null);
            }
        }
        final long max = number(context, "max_bytes");
        return new MapDbConfig(max == 0 ? Long.MAX_VALUE : max, number(context, "min_free"),
                (int) number(context, "cache"), (int) number(context, "journal_length"));
    }

    private static long number(final StoreContext context, final String key) {
        final long[] allowed = KNOWN.get(key);
        final String text = context.settings().get(key);
        if (text == null) {
            return allowed[0];
        }
        try {
            final long number = Long.parseLong(text.trim());
            if (number >= allowed[1] && number <= allowed[2]) {
                return number;
            }
        } catch (final NumberFormatException e) {
            throw refused(key, text, allowed, e);
        }
        throw refused(key, text, allowed, null);
    }

    private static StoreException.Refused refused(final String key, final String text, final long[] allowed,
            final NumberFormatException cause) {
        return new StoreException.Refused(PREFIX + key + " is " + text + "; allowed is a number of bytes from "
                + allowed[1] + " to " + allowed[2], cause);
    }
}
