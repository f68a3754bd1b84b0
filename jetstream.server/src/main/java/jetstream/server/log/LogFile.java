package jetstream.server.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jetstream.server.conf.LogConfig;

/**
 * The log file: appended to, mode 0640, rotated when it is larger than its limit. Not thread-safe: its owner's lock
 * guards it.
 */
final class LogFile {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy.MM.dd.HH.mm.ss.nnnnnnnnn");
    private static final String MODE = "rw-r-----";

    private final Path path;
    private final LogConfig.Rotation rotation;
    private FileOutputStream stream;
    private long sizeBytes;

    LogFile(final Path path, final LogConfig.Rotation rotation) throws IOException {
        this.path = path;
        this.rotation = rotation;
        open();
    }

    private void open() throws IOException {
        create();
        final FileOutputStream opened = new FileOutputStream(path.toFile(), true);
        sizeBytes = Files.size(path);
        stream = opened;
    }

    private void create() throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE)));
        } catch (final FileAlreadyExistsException e) {
            // Appended to; its mode is its owner's business.
            return;
        }
    }

    void reopen() throws IOException {
        final FileOutputStream old = stream;
        open();
        old.close();
    }

    /** Appends; gives the backup's name if that filled the file and it was rotated. */
    Optional<String> write(final byte[] bytes) throws IOException {
        stream.write(bytes);
        sizeBytes += bytes.length;
        if (rotation.sizeLimitBytes() <= 0 || sizeBytes < rotation.sizeLimitBytes()) {
            return Optional.empty();
        }
        final Path backup = path.resolveSibling(path.getFileName() + "." + STAMP.format(LocalDateTime.now()));
        Files.move(path, backup);
        reopen();
        purge();
        return Optional.of(backup.toString());
    }

    private void purge() throws IOException {
        if (rotation.filesMax() <= 0) {
            return;
        }
        final Path directory = path.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(directory)) {
            final List<Path> backups = files.filter(this::isBackup).sorted().toList();
            for (int i = 0; i <= backups.size() - rotation.filesMax(); i++) {
                Files.deleteIfExists(backups.get(i));
            }
        }
    }

    private boolean isBackup(final Path other) {
        final String name = other.getFileName().toString();
        return name.startsWith(path.getFileName() + ".") && name.matches(".*\\.\\d{4}(\\.\\d\\d){5}\\.\\d{9}");
    }
}
