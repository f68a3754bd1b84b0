package jetstream.server.faults;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file with an ext4 file system in it, mounted through a loop device where a server has its store. */
final class DiskImage {
    /** {@code EXT4_IOC_SHUTDOWN} of fs/ext4/ext4.h. */
    private static final long SHUTDOWN = 0x8004587dL;
    /** {@code EXT4_GOING_FLAGS_NOLOGFLUSH}: at once, with nothing written that was not written yet. */
    private static final int WITHOUT_FLUSH = 2;

    private final Path image;
    private final Path directory;

    private DiskImage(final Path image, final Path directory) {
        this.image = image;
        this.directory = directory;
    }

    static DiskImage make(final Path image, final long bytes, final Path directory)
            throws IOException, InterruptedException {
        Shell.must("truncate", "-s", Long.toString(bytes), image.toString());
        Shell.must("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        Files.createDirectories(directory);
        final DiskImage made = new DiskImage(image, directory);
        made.mount();
        return made;
    }

    private void mount() throws IOException, InterruptedException {
        Shell.must("mount", "-o", "loop", image.toString(), directory.toString());
    }

    void unmount() throws IOException, InterruptedException {
        Shell.must("umount", directory.toString());
    }

    /**
     * Mounts what the disk holds now, as a restart would. A copy of it: mount namespaces that somebody on this machine
     * made meanwhile keep the old file system, cut as it is, and the kernel would give that one out again.
     */
    void remount() throws IOException, InterruptedException {
        unmount();
        final Path copy = image.resolveSibling(image.getFileName() + ".copy");
        Shell.must("cp", "--sparse=always", image.toString(), copy.toString());
        Files.move(copy, image, StandardCopyOption.REPLACE_EXISTING);
        mount();
    }

    /** From here on every call on the file system fails with EIO, and what was not forced is gone. */
    void cut() throws IOException {
        final int fd = Native.open(directory, Native.READ_ONLY);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment flags = arena.allocate(ValueLayout.JAVA_INT);
            flags.set(ValueLayout.JAVA_INT, 0, WITHOUT_FLUSH);
            Native.ioctl(fd, SHUTDOWN, flags);
        } finally {
            Native.close(fd);
        }
    }

    /** Takes all room that is left, but for so many bytes. */
    void fill(final long leftBytes) throws IOException, InterruptedException {
        final long free = Files.getFileStore(directory).getUsableSpace();
        Shell.must("fallocate", "-l", Long.toString(Math.max(1, free - leftBytes)), filler().toString());
    }

    void release() throws IOException {
        Files.deleteIfExists(filler());
    }

    /** Lies in a directory that is there on every new ext4 and no server's concern. */
    private Path filler() {
        return directory.resolve("lost+found").resolve("filler");
    }
}
