package jetstream.store.mapdb;

import java.io.IOException;
import java.util.UUID;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreDirectory;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreProvider;
import org.mapdb.DBException;

/** Opens stores on MapDB. Settings: {@link MapDbConfig}. */
public final class MapDbStoreProvider implements StoreProvider {
    /** For ServiceLoader. */
    public MapDbStoreProvider() {
    }

    @Override
    public String name() {
        return MapDbStore.NAME;
    }

    @Override
    public Store open(final StoreContext context) {
        final MapDbConfig config = MapDbConfig.of(context);
        final StoreDirectory claim = StoreDirectory.claim(context, MapDbStore.NAME, MapDbStore.FORMAT);
        MapDbStore opened = null;
        try {
            opened = open(config, new DirectoryDisk(context.directory()), new StoreHealth(context.log()),
                    tagOf(claim.id()), claim::close);
            return opened;
        } catch (final IOException e) {
            throw new StoreException.Failed("store directory " + context.directory() + " can not be recovered: "
                    + e.getMessage(), e);
        } finally {
            if (opened == null) {
                claim.close();
            }
        }
    }

    /** Opens a store on any disk. */
    static MapDbStore open(final MapDbConfig config, final Disk disk, final StoreHealth health, final long tag,
            final Runnable claim) throws IOException {
        new Salvage(disk, config, health, tag).finish();
        final Recovery first = new Recovery(disk, config, health, tag);
        final Pages found = first.open("");
        if (first.damages().isEmpty()) {
            try {
                return new MapDbStore(config, disk, health, found, claim);
            } catch (final PageDamaged | DBException | IndexOutOfBoundsException | NullPointerException
                    | ClassCastException | AssertionError e) {
                // A page that the medium put back to an older state, for instance: whole, but of another time.
                first.inconsistent("rows do not fit together: " + e);
            }
        }
        new Salvage(disk, config, health, tag).run(found, first);
        final Recovery second = new Recovery(disk, config, health, tag);
        final Pages whole = second.open("");
        if (!second.damages().isEmpty()) {
            whole.close();
            throw new IOException("what was carried over is damaged at once: " + second.summary());
        }
        return new MapDbStore(config, disk, health, whole, claim);
    }

    /** Pages of another directory are not this store's. */
    static long tagOf(final UUID id) {
        return id.getMostSignificantBits() ^ id.getLeastSignificantBits();
    }
}
