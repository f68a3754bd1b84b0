package jetstream.transport.aeron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import jetstream.api.transport.TransportContext.TransportLog;
import org.agrona.IoUtil;

/**
 * The directory of an embedded media driver and the lock file beside it. The kernel gives the lock up when the process
 * dies, however it dies and in whatever container, so that a directory whose lock can be had belongs to nobody.
 */
final class DriverDirectory implements AutoCloseable {
    private static final String PREFIX = "jetstream-aeron-";
    private static final String LOCK_SUFFIX = ".lock";
    private static final long DRIVER_FILES_LENGTH = 12L << 20;

    /**
     * Lock files of this process. They must not even be opened again: closing any channel on a file gives up all locks
     * that the process has on it (POSIX).
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path lockPath;
    private final FileChannel lockChannel;

    private DriverDirectory(final Path path, final Path lockPath, final FileChannel lockChannel) {
        this.path = path;
        this.lockPath = lockPath;
        this.lockChannel = lockChannel;
    }

    /**
     * Removes leftovers of dead processes and takes a fresh name, in memory if there is room for that many links.
     *
     * @throws IOException if neither place can be written
     */
    static DriverDirectory take(final AeronTransportConfig config, final int links, final TransportLog log)
            throws IOException {
        removeLeftovers(config.memoryDirectory(), log);
        final long wanted = DRIVER_FILES_LENGTH + links * config.linkLength();
        final long usable = usableSpace(config.memoryDirectory());
        if (usable >= wanted) {
            return lock(config.memoryDirectory());
        }
        log.line(true, "transport: " + config.memoryDirectory() + " has room for " + (usable >> 20) + " MiB, " + links
                + " links may need " + (wanted >> 20) + " MiB: using " + config.diskDirectory() + ", which is slower");
        removeLeftovers(config.diskDirectory(), log);
        return lock(config.diskDirectory());
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        IoUtil.delete(path.toFile(), true);
        try {
            Files.deleteIfExists(lockPath);
            lockChannel.close();
            OWN.remove(lockPath);
        } catch (final IOException e) {
            throw new UncheckedIOException("removing " + lockPath, e);
        }
    }

    private static long usableSpace(final Path directory) throws IOException {
        return Files.isDirectory(directory) && Files.isWritable(directory)
                ? Files.getFileStore(directory).getUsableSpace() : 0;
    }

    private static DriverDirectory lock(final Path parent) throws IOException {
        final String name = PREFIX + ProcessHandle.current().pid() + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
        final Path lockPath = parent.toRealPath().resolve(name + LOCK_SUFFIX);
        OWN.add(lockPath);
        final FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            OWN.remove(lockPath);
            throw new IOException("the new file " + lockPath + " is locked by somebody else");
        }
        return new DriverDirectory(lockPath.resolveSibling(name), lockPath, channel);
    }

    private static void removeLeftovers(final Path parent, final TransportLog log) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent.toRealPath(), PREFIX + "*" + LOCK_SUFFIX)) {
            for (final Path lockPath : locks) {
                if (!OWN.contains(lockPath)) {
                    removeIfDead(lockPath, log);
                }
            }
        }
    }

    private static void removeIfDead(final Path lockPath, final TransportLog log) {
        try (FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
            final String name = lockPath.getFileName().toString();
            final Path directory = lockPath.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length()));
            IoUtil.delete(directory.toFile(), true);
            Files.deleteIfExists(lockPath);
            log.line(false, "transport: removed " + directory + ", left behind by a process that died");
        } catch (final IOException e) {
            log.line(true, "transport: leaving " + lockPath + " alone: " + e.getMessage());
        }
    }
}
