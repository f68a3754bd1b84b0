package jetstream.api.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A small text without which nothing else can be understood, kept in two files {@code NAME} and {@code NAME.copy}, so
 * that one damage does not lose it. If both are damaged in some bits, what they say together is often enough. Replaced
 * atomically and forced. Owner: one thread.
 */
public final class TwinFile {
    private static final int DOUBTS_MAX = 10;

    private final Path file;
    private final Path copy;
    private final Predicate<String> isIntact;

    /**
     * Those files of that directory; nothing is read yet.
     *
     * @param isIntact whether a text is what was written, by a checksum of at least 32 bits that it holds
     */
    public TwinFile(final Path directory, final String name, final Predicate<String> isIntact) {
        file = directory.resolve(name);
        copy = directory.resolve(name + ".copy");
        this.isIntact = isIntact;
    }

    /** Whether there is any of the two. */
    public boolean exists() {
        return Files.exists(file) || Files.exists(copy);
    }

    /** Whether there is a copy, which older versions did not make. */
    public boolean hasCopy() {
        return Files.exists(copy);
    }

    /** Whether both files hold that text. */
    public boolean isWhole(final String text) throws IOException {
        final byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(wanted, bytes(file)) && Arrays.equals(wanted, bytes(copy));
    }

    /** The text; empty if neither file is there, or both are damaged beyond what can be mended. Changes nothing. */
    public Optional<String> read() throws IOException {
        final byte[] first = bytes(file);
        final byte[] second = bytes(copy);
        return checked(first).or(() -> checked(second)).or(() -> mended(first, second));
    }

    /** Replaces the text in both files; durable on return. */
    public void write(final String text) throws IOException {
        final Path draft = draft(file, text);
        final Path copyDraft = draft(copy, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.move(copyDraft, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Path draft(final Path target, final String text) throws IOException {
        final Path draft = target.resolveSibling(target.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return draft;
    }

    private static byte[] bytes(final Path of) throws IOException {
        return Files.exists(of) ? Files.readAllBytes(of) : null;
    }

    private Optional<String> checked(final byte[] bytes) {
        return Optional.ofNullable(bytes).map(any -> new String(any, StandardCharsets.UTF_8)).filter(isIntact);
    }

    /** Where they differ either may be right: a few bits are tried in all ways. */
    private Optional<String> mended(final byte[] first, final byte[] second) {
        if (first == null || second == null || first.length != second.length) {
            return Optional.empty();
        }
        final int[] doubts = new int[DOUBTS_MAX];
        int count = 0;
        for (int bit = 0; bit < first.length * Byte.SIZE; bit++) {
            if (isSet(first, bit) != isSet(second, bit)) {
                if (count == DOUBTS_MAX) {
                    return Optional.empty();
                }
                doubts[count++] = bit;
            }
        }
        Optional<String> found = Optional.empty();
        for (int way = 1; way < 1 << count && found.isEmpty(); way++) {
            final byte[] tried = first.clone();
            for (int i = 0; i < count; i++) {
                tried[doubts[i] / Byte.SIZE] ^= (byte) ((way >> i & 1) << doubts[i] % Byte.SIZE);
            }
            found = checked(tried);
        }
        return found;
    }

    private static boolean isSet(final byte[] bytes, final int bit) {
        return (bytes[bit / Byte.SIZE] >> bit % Byte.SIZE & 1) != 0;
    }
}
