package jetstream.server.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Harm to the files of a stopped server's store: what disks do to data they were given. */
final class Damage {
    private static final int SECTOR = 4_096;
    private static final int TRIES = 10_000;

    private final Path store;
    private final Random random;

    Damage(final Path store, final Random random) {
        this.store = store;
        this.random = random;
    }

    /** Flips single bits, spread over all that is stored. */
    String flipBits(final int count) throws IOException {
        final List<Path> files = files(store).stream().filter(file -> size(file) >= SECTOR).toList();
        for (int i = 0; i < count; i++) {
            flipBit(files.get(random.nextInt(files.size())));
        }
        return count + " bits flipped in " + files.size() + " files";
    }

    /** Flips one bit in every small file. */
    String flipBitsOfSmallFiles() throws IOException {
        final List<Path> files = files(store).stream().filter(file -> size(file) < SECTOR).toList();
        for (final Path file : files) {
            flipBit(file);
        }
        return "a bit flipped in " + files.stream().map(file -> file.getFileName().toString()).toList();
    }

    private void flipBit(final Path file) throws IOException {
        try (FileChannel channel = open(file)) {
            final long position = usedPosition(channel);
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(Byte.SIZE))).flip();
            channel.write(one, position);
        }
    }

    /** Cuts a part off the end of what the biggest file holds. */
    String truncateBiggest(final double share) throws IOException {
        final Path biggest = files(store).stream().max(Comparator.comparingLong(Damage::size)).orElseThrow();
        try (FileChannel channel = open(biggest)) {
            final long used = used(channel);
            channel.truncate((long) (used * (1 - share)));
            return biggest.getFileName() + " cut from " + used + " to " + channel.size() + " bytes";
        }
    }

    /** Overwrites sectors that hold something with zeros. */
    String zeroSectors(final int count) throws IOException {
        final List<Path> files = files(store).stream().filter(file -> size(file) >= SECTOR).toList();
        for (int i = 0; i < count; i++) {
            try (FileChannel channel = open(files.get(random.nextInt(files.size())))) {
                final long sector = usedPosition(channel) / SECTOR;
                final int length = (int) Math.min(SECTOR, channel.size() - sector * SECTOR);
                channel.write(ByteBuffer.allocate(length), sector * SECTOR);
            }
        }
        return count + " sectors zeroed";
    }

    /** Puts back older content of sectors that have changed since the copy was made. */
    String staleSectors(final Path older, final int count) throws IOException {
        int done = 0;
        for (final Path file : files(store)) {
            final Path before = older.resolve(store.relativize(file));
            if (Files.exists(before) && done < count) {
                done += staleSectors(file, before, count - done);
            }
        }
        return done + " sectors set back";
    }

    private static int staleSectors(final Path file, final Path before, final int count) throws IOException {
        int done = 0;
        try (FileChannel now = open(file); FileChannel then = FileChannel.open(before, StandardOpenOption.READ)) {
            final ByteBuffer current = ByteBuffer.allocate(SECTOR);
            final ByteBuffer old = ByteBuffer.allocate(SECTOR);
            final long sectors = Math.min(now.size(), then.size()) / SECTOR;
            for (long sector = 0; sector < sectors && done < count; sector++) {
                now.read(current.clear(), sector * SECTOR);
                then.read(old.clear(), sector * SECTOR);
                if (!current.flip().equals(old.flip())) {
                    now.write(old, sector * SECTOR);
                    done++;
                }
            }
        }
        return done;
    }

    private static FileChannel open(final Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** A place that is not one of the zeros with which files are often made longer beforehand. */
    private long usedPosition(final FileChannel channel) throws IOException {
        final long used = used(channel);
        final ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < TRIES; i++) {
            final long position = random.nextLong(used);
            channel.read(one.clear(), position);
            if (one.get(0) != 0) {
                return position;
            }
        }
        return used - 1;
    }

    /** Up to the last byte that is not zero; at least 1. */
    private static long used(final FileChannel channel) throws IOException {
        final ByteBuffer sector = ByteBuffer.allocate(SECTOR);
        for (long start = (channel.size() - 1) / SECTOR * SECTOR; start >= 0; start -= SECTOR) {
            channel.read(sector.clear(), start);
            for (int i = sector.position() - 1; i >= 0; i--) {
                if (sector.get(i) != 0) {
                    return start + i + 1;
                }
            }
        }
        return 1;
    }

    /** Regular files that hold something; locks hold nothing that matters. */
    static List<Path> files(final Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).filter(file -> size(file) > 0)
                    .filter(file -> !file.endsWith("LOCK")).sorted().toList();
        }
    }

    private static long size(final Path file) {
        return file.toFile().length();
    }

    /** Copies a directory while nobody writes to it. Holes and zeros cost nothing where the file system knows holes. */
    static void copy(final Path from, final Path to) throws IOException, InterruptedException {
        Shell.must("cp", "-a", "--sparse=always", from.toString(), to.toString());
    }

    static void delete(final Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (final Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Exchanges two directories. */
    static void swap(final Path one, final Path other) throws IOException {
        final Path aside = one.resolveSibling(one.getFileName() + ".aside");
        Files.move(one, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.move(other, one, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, other, StandardCopyOption.ATOMIC_MOVE);
    }
}
