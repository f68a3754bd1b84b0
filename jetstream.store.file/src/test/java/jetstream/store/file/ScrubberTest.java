package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryView;
import org.junit.jupiter.api.Test;

/** Damage to what nobody reads is found all the same. */
final class ScrubberTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);

    private final StoreBench bench = new StoreBench();

    @Test
    void damageIsReportedWithItsPlace() throws IOException {
        bench.with("scrub_rate", "100000000").open();
        bench.append(GROUP, 100);
        final EntryView view = new EntryView();
        assertTrue(bench.store.open(GROUP).record(3, view));
        bench.disk.flipBit(bench.sealed().getFirst().name, view.bodyOffset() + 1, 1);

        bench.care(100);

        final List<String> found = bench.warnings.stream().filter(line -> line.startsWith("scrubber: ")).toList();
        assertEquals(1, found.size(), bench.warnings.toString());
        assertTrue(found.getFirst().contains("index 3"), found.getFirst());
        assertEquals(1, bench.store.verify().damages().size());
    }

    @Test
    void rateIsKept() throws IOException {
        bench.with("scrub_rate", "1000").open();
        bench.append(GROUP, 400);

        bench.care(200);

        // A piece is a segment here: the first one at once, the next one much later.
        assertTrue(bench.store.scrubber().readBytes() <= 16_384, bench.store.scrubber().readBytes() + " bytes read");
        assertTrue(bench.store.scrubber().readBytes() > 0);
    }
}
