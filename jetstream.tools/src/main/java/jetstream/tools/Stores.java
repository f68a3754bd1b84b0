package jetstream.tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreIdentity;
import jetstream.api.store.StoreProvider;

/** The store plug-ins that are on the path, and the directories that they wrote. */
final class Stores {
    private final Map<String, StoreProvider> providers = new TreeMap<>();
    private final Map<String, Map<String, String>> settings;
    private final StoreContext.StoreLog log;

    /**
     * Looks for plug-ins.
     *
     * @param settings of each store, as below {@code jetstream.store.<name>} in the configuration
     * @param log takes what stores report while they are open
     */
    Stores(final Map<String, Map<String, String>> settings, final StoreContext.StoreLog log) {
        this.settings = settings;
        this.log = log;
        for (final StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            final StoreProvider other = providers.put(provider.name(), provider);
            if (other != null) {
                throw new ToolFailure(1, "two stores are named \"" + provider.name() + "\": " + other.getClass()
                        + " and " + provider.getClass());
            }
        }
    }

    /** The plug-in of that name. */
    StoreProvider named(final String name) {
        final StoreProvider provider = providers.get(name);
        if (provider == null) {
            throw new ToolFailure(2, "there is no store \"" + name + "\"; found: "
                    + String.join(", ", new TreeSet<>(providers.keySet()))
                    + ". A store that is not in lib/ is put on the path with JETSTREAM_PLUGINS");
        }
        return provider;
    }

    /**
     * The directory that a store wrote: the given one, or {@code jetstream} in it, so that {@code store_dir} of the
     * configuration may be given.
     */
    static Path directory(final Path given) {
        for (final Path candidate : new Path[] {given, given.resolve("jetstream")}) {
            if (Files.exists(candidate.resolve(StoreIdentity.FILE))) {
                return candidate;
            }
        }
        throw new ToolFailure(1, given + " is not a directory that a store wrote: there is no "
                + StoreIdentity.FILE + " in it, nor in " + given.resolve("jetstream"));
    }

    /** Who wrote a directory that was found by {@link #directory}. */
    static StoreIdentity identity(final Path directory) {
        return StoreIdentity.of(directory)
                .orElseThrow(() -> new ToolFailure(1, "there is no " + StoreIdentity.FILE + " in " + directory));
    }

    /** Opens a directory, as the server of that name would. */
    Store open(final String store, final Path directory, final String node) {
        return named(store).open(new StoreContext(directory, node,
                settings.getOrDefault(store, Map.of()), log));
    }
}
