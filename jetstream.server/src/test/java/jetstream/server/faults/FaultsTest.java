package jetstream.server.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A few faults; {@code bin/faults} runs this test with all. System properties: {@code faults.only} (names with
 * commas between, or {@code all}), {@code faults.seed}, {@code faults.directory}.
 */
final class FaultsTest {
    private static final String SHORT = "kill-leader,partition-out,power-leader";

    @Test
    void nothingAcknowledgedIsLostUnderFaults() throws Exception {
        final long seed = Long.getLong("faults.seed", System.nanoTime());
        final Path directory = Path.of(System.getProperty("faults.directory", "target/faults")).toAbsolutePath();
        final List<Row> rows = new ArrayList<>();
        System.out.println(Row.HEAD);
        for (final Fault fault : wanted(System.getProperty("faults.only", SHORT))) {
            final Row row = new Harness(directory, seed, System.out).run(fault);
            System.out.println(row);
            Files.writeString(Files.createDirectories(directory).resolve("rows.md"), row + "\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            rows.add(row);
        }
        System.out.println("seed " + seed);
        assertFalse(rows.isEmpty());
        assertEquals(List.of(), rows.stream().filter(row -> !row.isClean()).toList(), () -> "seed " + seed);
    }

    private static List<Fault> wanted(final String only) {
        final List<Fault> all = Harness.catalogue();
        if (only.equals("all")) {
            return all;
        }
        final Set<String> names = Set.of(only.split(","));
        final List<Fault> chosen = all.stream().filter(fault -> names.contains(fault.name())).toList();
        if (chosen.size() < names.size()) {
            throw new IllegalArgumentException("faults.only=" + only + "; there are "
                    + String.join(" ", all.stream().map(Fault::name).toList()));
        }
        return chosen;
    }
}
