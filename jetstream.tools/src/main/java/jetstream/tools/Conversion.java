package jetstream.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreIdentity;

/**
 * Moves a stopped node's data into another store, in place. The new store grows in a folder of the directory, is
 * closed, opened again and compared; then its files move beside the old ones, and the change of {@code IDENTITY}, one
 * rename, makes it the node's store. Up to that rename the old store is untouched and stays the node's; after it the
 * old files are set apart and kept. A tool that was killed leaves one or the other, and starts over.
 */
final class Conversion {
    private static final String FOLDER = "converting";
    /** Where a claim repeats itself. It must not name the old store when the new one has taken over. */
    private static final String COPY = StoreIdentity.FILE + ".copy";
    private static final String KEPT = "converted-from-";
    /** Files of the directory that are the node's, whatever its store; a store's own quarantine stays, too. */
    private static final Set<String> OF_NODE = Set.of(StoreIdentity.LOCK, StoreIdentity.FILE, "cluster.txt",
            "cluster.txt.copy", "quarantine", COPY, FOLDER);

    private final Stores stores;
    private final Path directory;
    private final Path folder;
    private final StoreIdentity from;
    private final String to;
    private final BiFunction<String, Long, Progress> bars;
    private long entries;
    private int groups;

    /**
     * Will move what lies in that directory.
     *
     * @param bars makes a bar for a name and a number of bytes
     */
    Conversion(final Stores stores, final Path directory, final String to,
            final BiFunction<String, Long, Progress> bars) {
        this.stores = stores;
        this.directory = directory;
        this.to = to;
        this.bars = bars;
        folder = directory.resolve(FOLDER);
        from = Stores.identity(directory);
    }

    long entries() {
        return entries;
    }

    int groups() {
        return groups;
    }

    /** Does it; returns where the old files are. */
    Path run() {
        stores.named(from.store());
        stores.named(to);
        if (from.store().equals(to)) {
            throw new ToolFailure(2, directory + " is of store \"" + to + "\" already");
        }
        try {
            deleteFolder();
            try (Store source = open(from.store(), directory)) {
                copy(source);
                verify(source);
            } catch (final ToolFailure | StoreException e) {
                deleteFolder();
                throw e;
            }
            return switchOver();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Store open(final String store, final Path at) {
        try {
            return stores.open(store, at, from.node());
        } catch (final StoreException.InUse e) {
            throw new ToolFailure(1, e.getMessage() + ": stop the server first");
        }
    }

    private void copy(final Store source) {
        try (Store target = open(to, folder)) {
            final StoreCopy copy = new StoreCopy(source, target);
            copy.checkSource();
            checkIsDurable(target);
            final Progress bar = bars.apply("copying", StoreCopy.bytesOf(source));
            copy.copy(bar);
            bar.end();
            groups = source.groups().size();
        } catch (final StoreException.Full e) {
            throw new ToolFailure(1, "no room for a second copy of the data: " + e.getMessage()
                    + "; nothing was changed");
        } catch (final StoreException.Corrupt e) {
            throw new ToolFailure(1, "the data is damaged: " + e.getMessage()
                    + "; start the server, let it mend that from its peers, stop it, and convert then");
        }
    }

    private void checkIsDurable(final Store target) {
        if (!Files.exists(folder.resolve(StoreIdentity.FILE))) {
            target.close();
            throw new ToolFailure(2, "store \"" + to + "\" keeps nothing on disk");
        }
    }

    private void verify(final Store source) {
        try (Store target = open(to, folder)) {
            final StoreCopy comparison = new StoreCopy(source, target);
            final Progress bar = bars.apply("comparing", StoreCopy.bytesOf(source));
            final List<String> differences = new ArrayList<>(comparison.differences(bar));
            bar.end();
            differences.addAll(target.verify().damages());
            if (!differences.isEmpty()) {
                throw new ToolFailure(1, "what was written is not what was read, nothing was changed: "
                        + String.join("; ", differences));
            }
            entries = comparison.entries();
        }
    }

    // ---- from here on both stores are closed

    private Path switchOver() throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(StoreIdentity.LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null || !Stores.identity(directory).equals(from)) {
                throw new ToolFailure(1, "a server was started in " + directory
                        + " meanwhile; stop it and convert again, nothing was changed");
            }
            final List<Path> old = list(directory, OF_NODE);
            final List<Path> fresh = list(folder, Set.of(StoreIdentity.LOCK, StoreIdentity.FILE, COPY));
            final Path kept = keptFolder();
            for (final Path file : fresh) {
                if (Files.exists(directory.resolve(file.getFileName()))) {
                    throw new ToolFailure(1, "both stores want a file " + file.getFileName() + " in " + directory
                            + "; nothing was changed");
                }
            }
            for (final Path file : fresh) {
                Files.move(file, directory.resolve(file.getFileName()));
            }
            Files.deleteIfExists(directory.resolve(COPY));
            force(directory);
            Files.move(folder.resolve(StoreIdentity.FILE), directory.resolve(StoreIdentity.FILE),
                    StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(directory);
            Files.createDirectory(kept);
            for (final Path file : old) {
                Files.move(file, kept.resolve(file.getFileName()));
            }
            deleteFolder();
            force(directory);
            return kept;
        }
    }

    private Path keptFolder() {
        int number = 1;
        Path kept = directory.resolve(KEPT + from.store());
        while (Files.exists(kept)) {
            number++;
            kept = directory.resolve(KEPT + from.store() + "-" + number);
        }
        return kept;
    }

    private static List<Path> list(final Path directory, final Set<String> without) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> !without.contains(path.getFileName().toString())
                    && !path.getFileName().toString().startsWith(KEPT)).sorted().toList();
        }
    }

    private static void force(final Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void deleteFolder() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
