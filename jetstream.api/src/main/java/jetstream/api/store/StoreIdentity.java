package jetstream.api.store;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * Who wrote a directory that was claimed with {@link StoreDirectory}.
 *
 * @param store name of the store
 * @param node name of the server
 * @param format version of the store's format
 * @param id drawn at random when the directory was made
 */
public record StoreIdentity(String store, String node, String format, UUID id) {
    /** Name of the file that says so; whose store's a directory is changes when this file is replaced. */
    public static final String FILE = "IDENTITY";
    /** Name of the file that is locked while a store has the directory open. */
    public static final String LOCK = "LOCK";

    /**
     * Reads it without claiming the directory. Any thread.
     *
     * @return empty if nobody has written there
     * @throws StoreException.Refused if the file that says so is damaged
     * @throws StoreException.Failed if the medium refuses
     */
    public static Optional<StoreIdentity> of(final Path directory) {
        final Path file = directory.resolve(FILE);
        try {
            return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
        } catch (final IOException e) {
            throw new StoreException.Failed("file " + file + " can not be read: " + e.getMessage(), e);
        } catch (final IllegalArgumentException e) {
            throw new StoreException.Refused("file " + file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static StoreIdentity read(final Path file) throws IOException {
        final Properties found = new Properties();
        found.load(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
        if (!StoreDirectory.checksum(found).equals(found.getProperty("check"))) {
            throw new IllegalArgumentException("its checksum differs");
        }
        return new StoreIdentity(found.getProperty("store"), found.getProperty("node"), found.getProperty("format"),
                UUID.fromString(found.getProperty("id")));
    }
}
