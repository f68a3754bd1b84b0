package jetstream.store.memory;

import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreProvider;

/**
 * Opens stores that forget everything when they close. Setting {@code max_bytes}: upper bound of the memory taken by
 * entries, in bytes; 0, the default, means no bound of its own.
 */
public final class MemoryStoreProvider implements StoreProvider {
    static final String NAME = "memory";
    static final String MAX_BYTES = "max_bytes";

    /** For ServiceLoader. */
    public MemoryStoreProvider() {
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Store open(final StoreContext context) {
        for (final String key : context.settings().keySet()) {
            if (!key.equals(MAX_BYTES)) {
                throw new StoreException.Refused(
                        "jetstream.store.memory." + key + " is not a setting; known: " + MAX_BYTES, null);
            }
        }
        return new MemoryStore(maxBytes(context.settings().getOrDefault(MAX_BYTES, "0")));
    }

    private static long maxBytes(final String text) {
        try {
            final long bytes = Long.parseLong(text.trim());
            if (bytes >= 0) {
                return bytes == 0 ? Long.MAX_VALUE : bytes;
            }
        } catch (final NumberFormatException e) {
            throw refused(text, e);
        }
        throw refused(text, null);
    }

    private static StoreException.Refused refused(final String text, final NumberFormatException cause) {
        return new StoreException.Refused(
                "jetstream.store.memory.max_bytes is " + text + "; allowed is a number of bytes, 0 for no bound",
                cause);
    }
}
