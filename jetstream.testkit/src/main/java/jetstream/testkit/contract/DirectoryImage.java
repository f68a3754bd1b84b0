package jetstream.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a directory at one moment, taken while a store works on them, and what a crash could have made of them.
 * Zeros at the end of a file cost nothing, so that preallocated files may be imaged. Owner: one thread.
 */
final class DirectoryImage {
    private static final int SECTOR = 512;
    private static final int ATTEMPTS = 1_000;

    private record Content(byte[] bytes, long length) {
        byte[] sector(final int number) {
            final byte[] sector = new byte[SECTOR];
            final int from = number * SECTOR;
            if (from < bytes.length) {
                System.arraycopy(bytes, from, sector, 0, Math.min(SECTOR, bytes.length - from));
            }
            return sector;
        }
    }

    private final Map<String, Content> files = new TreeMap<>();

    /** Reads all files; again if a thread of the store's renamed or deleted one meanwhile. */
    static DirectoryImage of(final Path directory) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                final List<Path> before = files(directory);
                final DirectoryImage image = new DirectoryImage();
                for (final Path file : before) {
                    image.add(directory.relativize(file).toString(), file);
                }
                if (before.equals(files(directory))) {
                    return image;
                }
            } catch (final NoSuchFileException e) {
                continue;
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("the files of " + directory + " change all the time");
    }

    /** Flips a bit in the middle of these bytes, wherever they stand in a file below that directory. */
    static void flipInPlace(final Path directory, final byte[] wanted) throws IOException {
        for (final Path file : files(directory)) {
            final String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            final int at = content.indexOf(new String(wanted, StandardCharsets.ISO_8859_1));
            if (at >= 0) {
                final int middle = at + wanted.length / 2;
                try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                    channel.position(middle).write(ByteBuffer.wrap(new byte[] {(byte) (content.charAt(middle) ^ 1)}));
                }
                return;
            }
        }
        throw new IllegalArgumentException("these bytes are in no file below " + directory);
    }

    private static List<Path> files(final Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * What a loss of power may leave of {@code later}, if this image was forced and nothing since: of each sector that
     * differs either the old or the new bytes, and of a new file anything or nothing.
     */
    DirectoryImage lose(final DirectoryImage later, final Random random) {
        final DirectoryImage left = new DirectoryImage();
        left.files.putAll(files);
        later.files.forEach((name, now) -> {
            final Content before = files.get(name);
            if (before != null || random.nextBoolean()) {
                left.files.put(name, mix(before == null ? new Content(new byte[0], now.length) : before, now, random));
            }
        });
        return left;
    }

    /** What a kill may leave: everything of {@code later}, but the end of what it wrote last cut off at some byte. */
    DirectoryImage tear(final DirectoryImage later, final Random random) {
        final DirectoryImage left = new DirectoryImage();
        left.files.putAll(later.files);
        files.forEach((name, before) -> {
            final Content now = later.files.get(name);
            final int last = now == null ? -1 : lastDifference(before, now);
            if (last >= 0) {
                final int cut = Math.max(0, last - random.nextInt(600));
                final byte[] torn = Arrays.copyOf(now.bytes, Math.max(now.bytes.length, last + 1));
                for (int i = cut; i <= last; i++) {
                    torn[i] = i < before.bytes.length ? before.bytes[i] : 0;
                }
                left.files.put(name, new Content(torn, now.length));
            }
        });
        return left;
    }

    /** The same with one bit of one file changed, somewhere in its first bytes up to its last one that is not zero. */
    DirectoryImage flip(final Random random) {
        final DirectoryImage left = new DirectoryImage();
        left.files.putAll(files);
        final String[] names =
                files.keySet().stream().filter(name -> files.get(name).bytes.length > 0).toArray(String[]::new);
        final String name = names[random.nextInt(names.length)];
        final byte[] bytes = files.get(name).bytes.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        left.files.put(name, new Content(bytes, files.get(name).length));
        return left;
    }

    /** Writes the files into a directory. */
    void write(final Path directory) {
        files.forEach((name, content) -> {
            final Path file = directory.resolve(name);
            try {
                Files.createDirectories(file.getParent());
                Files.write(file, content.bytes);
                try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                    if (content.length > content.bytes.length) {
                        channel.position(content.length - 1).write(ByteBuffer.allocate(1));
                    }
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void add(final String name, final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        int used = bytes.length;
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        files.put(name, new Content(Arrays.copyOf(bytes, used), bytes.length));
    }

    private static Content mix(final Content before, final Content now, final Random random) {
        final int length = Math.max(before.bytes.length, now.bytes.length);
        final byte[] mixed = new byte[(length + SECTOR - 1) / SECTOR * SECTOR];
        for (int sector = 0; sector * SECTOR < length; sector++) {
            System.arraycopy((random.nextBoolean() ? before : now).sector(sector), 0, mixed, sector * SECTOR, SECTOR);
        }
        return new Content(Arrays.copyOf(mixed, (int) Math.min(mixed.length, Math.max(before.length, now.length))),
                Math.max(before.length, now.length));
    }

    private static int lastDifference(final Content before, final Content now) {
        for (int i = Math.max(before.bytes.length, now.bytes.length) - 1; i >= 0; i--) {
            final byte then = i < before.bytes.length ? before.bytes[i] : 0;
            if (then != (i < now.bytes.length ? now.bytes[i] : 0)) {
                return i;
            }
        }
        return -1;
    }
}
