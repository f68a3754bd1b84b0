package jetstream.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeMemoryTest {
    private static final String FILE = "cluster.txt";
    private static final String COPY = "cluster.txt.copy";
    private static final String INCARNATION = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

    @TempDir private Path directory;

    private String life() {
        final NodeMemory memory = new NodeMemory(directory);
        memory.promise(INCARNATION + ":1f,2e");
        memory.incarnation(INCARNATION, 17);
        return memory.life();
    }

    private void assertRemembered(final String life, final String what) {
        final NodeMemory again = new NodeMemory(directory);
        assertEquals(life, again.life(), what);
        assertEquals(INCARNATION, again.incarnation(), what);
        assertEquals(INCARNATION + ":1f,2e", again.promise(), what);
        assertEquals(17, again.joinedAt(), what);
    }

    private void flip(final String file, final int bit) throws IOException {
        final byte[] bytes = Files.readAllBytes(directory.resolve(file));
        bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        Files.write(directory.resolve(file), bytes);
    }

    private int bits() throws IOException {
        return Files.readAllBytes(directory.resolve(FILE)).length * Byte.SIZE;
    }

    @Test
    void lossOfEitherFileIsMended() throws IOException {
        final String life = life();
        for (final String lost : new String[] {FILE, COPY, FILE}) {
            Files.delete(directory.resolve(lost));
            assertRemembered(life, lost);
        }
    }

    @Test
    void aFlippedBitInEachIsMended() throws IOException {
        final String life = life();
        final Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            final int first = random.nextInt(bits());
            final int second = (first + 1 + random.nextInt(bits() - 1)) % bits();
            flip(FILE, first);
            flip(COPY, second);
            assertRemembered(life, "bits " + first + " and " + second);
        }
    }

    @Test
    void nodeWhoseFilesTellNothingComesAsOneThatLostItsStore() throws IOException {
        final String life = life();
        for (int bit = 0; bit < bits(); bit += Byte.SIZE) {
            flip(FILE, bit);
            flip(COPY, bit);
        }

        final NodeMemory again = new NodeMemory(directory);

        assertNotEquals(life, again.life());
        assertTrue(again.incarnation().isEmpty());
        assertEquals(0, again.joinedAt());
        assertEquals(again.life(), new NodeMemory(directory).life());
    }

    @Test
    void whatAnOlderVersionWroteIsRead() throws IOException {
        Files.writeString(directory.resolve(FILE), "joined-at=17\nlife=ab-12\nincarnation=" + INCARNATION
                + "\npromise=" + INCARNATION + ":1f,2e\n");

        assertRemembered("ab-12", FILE);
        Files.delete(directory.resolve(FILE));
        assertRemembered("ab-12", COPY);
    }
}
