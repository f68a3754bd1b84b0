package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreDirectory;
import jetstream.api.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreDirectoryTest {
    private static final String IDENTITY = "IDENTITY";
    private static final String COPY = "IDENTITY.copy";

    @TempDir private Path directory;

    private StoreDirectory claim() {
        return StoreDirectory.claim(new StoreContext(directory, "n1", Map.of(), (_, _) -> {
        }), "file", 1);
    }

    private UUID claimAndClose() {
        try (StoreDirectory claimed = claim()) {
            return claimed.id();
        }
    }

    private void flipBits(final String file) throws IOException {
        final byte[] bytes = Files.readAllBytes(directory.resolve(file));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
        }
        Files.write(directory.resolve(file), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {IDENTITY, COPY})
    void damageOfOneFileIsMended(final String file) throws IOException {
        final UUID id = claimAndClose();
        flipBits(file);

        try (StoreDirectory again = claim()) {
            assertEquals(id, again.id());
            assertFalse(again.isNew());
        }
        flipBits(file.equals(IDENTITY) ? COPY : IDENTITY);
        assertEquals(id, claimAndClose());
    }

    @ParameterizedTest
    @ValueSource(strings = {IDENTITY, COPY})
    void lossOfOneFileIsMended(final String file) throws IOException {
        final UUID id = claimAndClose();
        Files.delete(directory.resolve(file));

        assertEquals(id, claimAndClose());
        assertTrue(Files.exists(directory.resolve(file)));
    }

    @Test
    void someBitsFlippedInBothAreMended() throws IOException {
        final UUID id = claimAndClose();
        final int bits = Files.readAllBytes(directory.resolve(IDENTITY)).length * Byte.SIZE;
        final Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            final int first = random.nextInt(bits);
            final int second = (first + 1 + random.nextInt(bits - 1)) % bits;
            flipBit(IDENTITY, first);
            flipBit(COPY, second);

            assertEquals(id, claimAndClose(), "bits " + first + " and " + second);
        }
    }

    private void flipBit(final String file, final int bit) throws IOException {
        final byte[] bytes = Files.readAllBytes(directory.resolve(file));
        bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        Files.write(directory.resolve(file), bytes);
    }

    @Test
    void damageOfBothIsRefusedAndTouchesNothing() throws IOException {
        claimAndClose();
        flipBits(IDENTITY);
        flipBits(COPY);
        final byte[] before = Files.readAllBytes(directory.resolve(IDENTITY));

        final StoreException refusal = assertThrows(StoreException.Refused.class, this::claim);

        assertTrue(refusal.getMessage().contains(IDENTITY), refusal.getMessage());
        assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(directory.resolve(IDENTITY))));
    }
}
