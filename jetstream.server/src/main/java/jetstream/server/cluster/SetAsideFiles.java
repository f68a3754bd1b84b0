package jetstream.server.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jetstream.api.GroupId;
import jetstream.api.OperatingException;
import jetstream.api.consensus.SetAside;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the data of replicas that are replaced, one file each, for an operator to look at and to delete. What was
 * broken off is called {@code .partial}. Owner: the node thread; a write goes to the page cache and is not forced.
 */
final class SetAsideFiles implements SetAside {
    private static final Logger LOG = LoggerFactory.getLogger(SetAsideFiles.class);

    private final Path directory;
    private final EpochClock clock;

    SetAsideFiles(final Path directory, final EpochClock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public CheckpointWriter begin(final GroupId group, final String name) {
        final long epochMs = clock.epochNs(System.nanoTime()) / 1_000_000L;
        final Path file = directory.resolve(fileName(name) + "-" + Long.toHexString(group.value()) + "-" + epochMs);
        final Path partial = directory.resolve(file.getFileName() + ".partial");
        try {
            Files.createDirectories(directory);
            return new Copy(file, partial, FileChannel.open(partial, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
        } catch (final IOException e) {
            throw failed(partial, e);
        }
    }

    /** The group's short name; its long one holds whatever a user called a stream. */
    private static String fileName(final String name) {
        final int end = name.indexOf(' ');
        return (end < 0 ? name : name.substring(0, end)).replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private static OperatingException failed(final Path file, final IOException cause) {
        return new StoreException.Failed("file " + file + " can not be written: " + cause.getMessage(), cause);
    }

    private record Copy(Path file, Path partial, FileChannel channel) implements CheckpointWriter {
        @Override
        public void write(final ByteBuffer bytes) {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (final IOException e) {
                throw failed(partial, e);
            }
        }

        @Override
        public void commit() {
            try {
                channel.close();
                Files.move(partial, file);
            } catch (final IOException e) {
                throw failed(partial, e);
            }
            LOG.warn("set aside: {}", file);
        }

        @Override
        public void abort() {
            try {
                channel.close();
            } catch (final IOException e) {
                throw failed(partial, e);
            }
        }
    }
}
