package jetstream.server.conf.option;

import java.util.Locale;
import java.util.OptionalLong;

/** Sizes as strings, {@code "10G"}: K, M, G and T (with or without a B after them) are powers of 1,024. */
final class StorageSize {

    private static final String UNITS = "KMGT";

    private StorageSize() {
    }

    /** Bytes; empty if the text is no size. */
    static OptionalLong parse(final String text) {
        final String upper = text.strip().toUpperCase(Locale.ROOT);
        final String bare = upper.endsWith("B") ? upper.substring(0, upper.length() - 1) : upper;
        final int unit = bare.isEmpty() ? -1 : UNITS.indexOf(bare.charAt(bare.length() - 1));
        final String digits = unit < 0 ? bare : bare.substring(0, bare.length() - 1);
        try {
            final long factor = unit < 0 ? 1 : 1L << 10 * (unit + 1);
            return OptionalLong.of(Math.multiplyExact(Long.parseLong(digits), factor));
        } catch (final ArithmeticException | NumberFormatException e) {
            // Not a size; the caller names key and place.
            return OptionalLong.empty();
        }
    }
}
