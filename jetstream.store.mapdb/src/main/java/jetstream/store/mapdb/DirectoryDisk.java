package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files of a real directory. */
final class DirectoryDisk implements Disk {
    private final Path directory;

    DirectoryDisk(final Path directory) {
        this.directory = directory;
    }

    @Override
    public DiskFile open(final String name) throws IOException {
        final Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return new ChannelFile(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    @Override
    public boolean exists(final String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public void move(final String source, final String target) throws IOException {
        final Path to = directory.resolve(target);
        Files.createDirectories(to.getParent());
        Files.move(directory.resolve(source), to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(final String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void forceFolder(final String folder) throws IOException {
        final Path path = directory.resolve(folder);
        if (Files.isDirectory(path)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** Positional reads and writes; no mapping, which would turn an I/O error into a signal. */
    private record ChannelFile(FileChannel channel) implements DiskFile {
        @Override
        public boolean read(final ByteBuffer into, final long position) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                final int count = channel.read(into, at);
                if (count < 0) {
                    return false;
                }
                at += count;
            }
            return true;
        }

        @Override
        public void write(final ByteBuffer bytes, final long position) throws IOException {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(final long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
