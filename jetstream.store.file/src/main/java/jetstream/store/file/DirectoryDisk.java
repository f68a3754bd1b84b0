package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A directory of the file system. */
final class DirectoryDisk implements Disk {
    private final Path directory;
    private final FileStore fileStore;

    DirectoryDisk(final Path directory) throws IOException {
        this.directory = directory;
        fileStore = Files.getFileStore(directory);
    }

    @Override
    public SegmentFile open(final String name) throws IOException {
        return new ChannelFile(
                FileChannel.open(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public SegmentFile create(final String name, final long lengthBytes) throws IOException {
        final Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        final FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (lengthBytes > 0) {
            // One byte at the end gives the file its length: later writes change no size, and a hole costs no room.
            channel.write(ByteBuffer.allocate(1), lengthBytes - 1);
        }
        return new ChannelFile(channel);
    }

    @Override
    public List<String> list(final String folder) throws IOException {
        final Path path = directory.resolve(folder);
        final List<String> names = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (final Path file : files) {
                    if (Files.isRegularFile(file)) {
                        names.add(file.getFileName().toString());
                    }
                }
            }
        }
        return names;
    }

    @Override
    public void rename(final String source, final String target) throws IOException {
        final Path path = directory.resolve(target);
        Files.createDirectories(path.getParent());
        Files.move(directory.resolve(source), path, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(final String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void forceFolder(final String folder) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(folder), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return fileStore.getUsableSpace();
    }

    private static final class ChannelFile implements SegmentFile {
        private final FileChannel channel;

        ChannelFile(final FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(final ByteBuffer source, final long offset) throws IOException {
            long at = offset;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public ByteBuffer map() throws IOException {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
