package jetstream.testkit.tutorial;

import java.io.IOException;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreDirectory;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreProvider;

/** Opens {@link OneFileStore}. */
public final class OneFileProvider implements StoreProvider {
    private static final String NAME = "onefile";
    private static final int FORMAT = 1;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Store open(final StoreContext context) {
        if (!context.settings().isEmpty()) {
            throw new StoreException.Refused("jetstream.store.onefile has no settings, found "
                    + context.settings().keySet(), null);
        }
        final StoreDirectory claim = StoreDirectory.claim(context, NAME, FORMAT);
        OneFileStore opened = null;
        try {
            opened = new OneFileStore(context, claim);
            return opened;
        } catch (final IOException e) {
            throw new StoreException.Failed(context.directory() + " can not be read: " + e.getMessage(), e);
        } finally {
            if (opened == null) {
                claim.close();
            }
        }
    }
}
