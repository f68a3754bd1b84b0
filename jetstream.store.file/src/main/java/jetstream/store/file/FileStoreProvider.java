package jetstream.store.file;

import java.io.IOException;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreDirectory;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreProvider;

/** Opens the default store. Settings: {@link FileStoreConfig}. */
public final class FileStoreProvider implements StoreProvider {
    /** For ServiceLoader. */
    public FileStoreProvider() {
    }

    @Override
    public String name() {
        return FileStore.NAME;
    }

    @Override
    public Store open(final StoreContext context) {
        final FileStoreConfig config = FileStoreConfig.of(context);
        final StoreDirectory claim = StoreDirectory.claim(context, FileStore.NAME, FileStore.FORMAT);
        final StoreHealth health = new StoreHealth(context.log());
        final long tag = BlockLayout.tagOf(claim.id());
        FileStore opened = null;
        try {
            final Disk disk = new DirectoryDisk(context.directory());
            opened = new FileStore(config, disk, tag, health, Housekeeper.inBackground(claim)).recover();
            return opened;
        } catch (final IOException e) {
            throw new StoreException.Failed("store directory " + context.directory() + " can not be recovered: "
                    + e.getMessage(), e);
        } finally {
            if (opened == null) {
                // Twice does no harm: a store that could not recover has closed it with the rest.
                claim.close();
            }
        }
    }
}
