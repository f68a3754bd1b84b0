package jetstream.store.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
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

    /**
     * Opens a store on a medium of the caller's instead of a directory, without threads of its own: everything happens
     * on the caller's. For simulators and tests (ADR 0080).
     *
     * @throws IOException if the medium refuses to be read; nothing is left open then
     */
    public Store open(final StoreContext context, final Disk disk) throws IOException {
        final StoreHealth health = new StoreHealth(context.log(), context.damage());
        final long tag = BlockLayout.tagOf(UUID.nameUUIDFromBytes(context.nodeName().getBytes(StandardCharsets.UTF_8)));
        return FileStore.open(FileStoreConfig.of(context), disk, tag, health, Housekeeper.onCaller());
    }

    @Override
    public Store open(final StoreContext context) {
        final FileStoreConfig config = FileStoreConfig.of(context);
        final StoreDirectory claim = StoreDirectory.claim(context, FileStore.NAME, FileStore.FORMAT);
        final StoreHealth health = new StoreHealth(context.log(), context.damage());
        final long tag = BlockLayout.tagOf(claim.id());
        FileStore opened = null;
        try {
            if (claim.format() < FileStore.FORMAT) {
                context.log().line(false, "store directory " + context.directory() + " is brought from format "
                        + claim.format() + " to " + FileStore.FORMAT);
                claim.upgrade(FileStore.FORMAT);
            }
            final Disk disk = new DirectoryDisk(context.directory());
            opened = FileStore.open(config, disk, tag, health, Housekeeper.inBackground(claim));
            return opened;
        } catch (final StoreException.Refused e) {
            throw new StoreException.Refused("store directory " + context.directory() + ": " + e.getMessage(), e);
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
