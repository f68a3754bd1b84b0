package jetstream.api.store;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A directory claimed by one store of one node: {@code LOCK} is held while it is open, {@code IDENTITY} says who
 * wrote it, and {@code IDENTITY.copy} says it again, so that one damage does not make the directory nobody's.
 * Every store that keeps files claims its directory this way, so that one store refuses another's directory by
 * name. Owner: the thread that opens and closes the store.
 */
public final class StoreDirectory implements AutoCloseable {
    private static final String LOCK = "LOCK";
    private static final String IDENTITY = "IDENTITY";

    private final Path path;
    private final FileChannel lockChannel;
    private final TwinFile files;
    private final Properties identity = new Properties();
    private UUID id;
    private boolean isNew;
    private boolean isWhole;
    private int format;

    private StoreDirectory(final Path path, final FileChannel lockChannel) {
        this.path = path;
        this.lockChannel = lockChannel;
        files = new TwinFile(path, IDENTITY, StoreDirectory::isIntact);
    }

    /**
     * Creates the directory if it is not there, locks it and checks or writes its identity.
     *
     * @param storeName the plug-in's name
     * @param format newest format version that the plug-in reads; written into a new directory
     * @throws StoreException.Refused if it is locked, another node's, another store's, or of a newer format; nothing of
     *     its data was touched
     * @throws StoreException.Failed if the medium refuses
     */
    public static StoreDirectory claim(final StoreContext context, final String storeName, final int format) {
        final Path path = context.directory();
        try {
            Files.createDirectories(path);
            final StoreDirectory directory = new StoreDirectory(path, lock(path));
            directory.checkOrClose(context.nodeName(), storeName, format);
            return directory;
        } catch (final IOException e) {
            throw new StoreException.Failed("store directory " + path + " can not be used: " + e.getMessage(), e);
        }
    }

    /** Drawn at random when the directory was made. */
    public UUID id() {
        return id;
    }

    /** Whether this claim made the directory's identity. */
    public boolean isNew() {
        return isNew;
    }

    /** Version of the format that the directory was last written in. */
    public int format() {
        return format;
    }

    /**
     * Says from now on that the directory is of that format, so that a version that does not know it refuses it. Before
     * anything is written that such a version would not understand.
     *
     * @throws StoreException.Failed if the medium refuses
     */
    public void upgrade(final int newFormat) {
        try {
            identity.setProperty("format", Integer.toString(newFormat));
            write();
            format = newFormat;
        } catch (final IOException e) {
            throw new StoreException.Failed("identity of store directory " + path + " can not be written: "
                    + e.getMessage(), e);
        }
    }

    /** Unlocks. */
    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (final IOException e) {
            throw new StoreException.Failed("lock of store directory " + path + " can not be released", e);
        }
    }

    private static FileChannel lock(final Path path) throws IOException {
        final FileChannel channel =
                FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            channel.close();
            throw new StoreException.InUse("store directory " + path + " is in use by another server of this process",
                    e);
        }
        if (lock == null) {
            channel.close();
            throw new StoreException.InUse("store directory " + path + " is in use by another process", null);
        }
        return channel;
    }

    private void checkOrClose(final String nodeName, final String storeName, final int newest) throws IOException {
        boolean isClaimed = false;
        try {
            if (find()) {
                check(nodeName, storeName, newest);
            } else {
                writeNew(nodeName, storeName, newest);
            }
            isClaimed = true;
        } finally {
            if (!isClaimed) {
                close();
            }
        }
    }

    /** Takes what whichever of both files can be believed says, or both together; false if neither is there. */
    private boolean find() throws IOException {
        final Optional<String> text = files.read();
        if (text.isPresent()) {
            identity.putAll(parse(text.get()));
            id = UUID.fromString(identity.getProperty("id"));
            isWhole = files.isWhole(text.get());
            return true;
        }
        if (files.exists()) {
            throw new StoreException.Refused("file " + path.resolve(IDENTITY) + " is damaged, and its copy does not"
                    + " help; nothing was touched. It says which server and which store wrote the directory: restore"
                    + " it, or set the directory apart", null);
        }
        return false;
    }

    private static boolean isIntact(final String text) {
        final Properties found = parse(text);
        try {
            UUID.fromString(found.getProperty("id", ""));
        } catch (final IllegalArgumentException e) {
            return false;
        }
        return checksum(found).equals(found.getProperty("check"));
    }

    private static Properties parse(final String text) {
        final Properties found = new Properties();
        try {
            found.load(new StringReader(text));
        } catch (final IOException | IllegalArgumentException e) {
            found.clear();                          // not what was written; nothing of it can be believed
        }
        return found;
    }

    private void check(final String nodeName, final String storeName, final int newest) throws IOException {
        final String store = identity.getProperty("store", "?");
        final String node = identity.getProperty("node", "?");
        if (!store.equals(storeName)) {
            throw new StoreException.Refused(
                    "directory " + path + " was written by store \"" + store + "\", this server is set to"
                            + " store \"" + storeName + "\"; nothing was touched",
                    null);
        }
        if (!node.equals(nodeName)) {
            throw new StoreException.Refused(
                    "directory " + path + " belongs to server \"" + node + "\", this server is \""
                            + nodeName + "\"; nothing was touched",
                    null);
        }
        final String written = identity.getProperty("format", "?");
        if (!written.matches("[0-9]{1,6}") || Integer.parseInt(written) > newest) {
            throw new StoreException.Refused("directory " + path + " has format " + written + " of store \"" + store
                    + "\", this server reads up to format " + newest + "; nothing was touched", null);
        }
        format = Integer.parseInt(written);
        // One is damaged, or missing as in directories of older versions, or a crash came between writing both.
        if (!isWhole) {
            write();
        }
    }

    /** A flipped bit in the id would make everything in the directory look like somebody else's. */
    static String checksum(final Properties of) {
        final CRC32C crc = new CRC32C();
        for (final String key : new String[] {"format", "store", "node", "id"}) {
            crc.update((key + '=' + of.getProperty(key) + '\n').getBytes(StandardCharsets.UTF_8));
        }
        return Long.toHexString(crc.getValue());
    }

    private void writeNew(final String nodeName, final String storeName, final int newest) throws IOException {
        id = UUID.randomUUID();
        isNew = true;
        format = newest;
        identity.setProperty("format", Integer.toString(newest));
        identity.setProperty("store", storeName);
        identity.setProperty("node", nodeName);
        identity.setProperty("id", id.toString());
        write();
    }

    private void write() throws IOException {
        identity.setProperty("check", checksum(identity));
        final StringWriter text = new StringWriter();
        identity.store(text, null);
        files.write(text.toString());
    }
}
