package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DriverDirectoryTest {
    @TempDir private Path root;
    private Path memory;
    private Path disk;
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void makeDirectories() throws IOException {
        memory = Files.createDirectory(root.toRealPath().resolve("memory"));
        disk = Files.createDirectory(root.toRealPath().resolve("disk"));
    }

    @Test
    void memoryIsTakenIfThereIsRoom() throws IOException {
        try (DriverDirectory directory = take(memory, 2)) {
            assertEquals(memory, directory.path().getParent());
        }
        assertTrue(lines.isEmpty());
        assertEquals(0, files(memory), "nothing stays");
    }

    @Test
    void diskIsTakenWithOneLineIfMemoryIsSmallOrMissing() throws IOException {
        try (DriverDirectory directory = take(memory, 1 << 30)) {
            assertEquals(disk, directory.path().getParent());
        }
        try (DriverDirectory directory = take(root.resolve("missing"), 2)) {
            assertEquals(disk, directory.path().getParent());
        }
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().contains("is slower"));
    }

    @Test
    void leftoversOfTheDeadAreRemovedAndOthersAreNot() throws IOException {
        Files.createFile(memory.resolve("jetstream-aeron-1-aa.lock"));
        Files.createFile(Files.createDirectory(memory.resolve("jetstream-aeron-1-aa")).resolve("cnc.dat"));
        Files.createFile(Files.createDirectory(memory.resolve("aeron-somebody")).resolve("cnc.dat"));
        try (DriverDirectory first = take(memory, 2)) {
            Files.createDirectory(first.path());
            assertFalse(Files.exists(memory.resolve("jetstream-aeron-1-aa")));
            try (DriverDirectory second = take(memory, 2)) {
                assertTrue(Files.exists(first.path()), "a living one of this process");
                assertFalse(second.path().equals(first.path()));
            }
        }
        assertEquals(1, files(memory));
        assertEquals(1, lines.size());
    }

    private DriverDirectory take(final Path where, final int links) throws IOException {
        final AeronTransportConfig config = AeronTransportConfig.of(
                Map.of("memory_dir", where.toString(), "disk_dir", disk.toString()));
        return DriverDirectory.take(config, links, (warning, text) -> lines.add(text));
    }

    private static long files(final Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.count();
        }
    }
}
