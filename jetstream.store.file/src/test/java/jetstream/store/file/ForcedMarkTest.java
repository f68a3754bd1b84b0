package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** What was forced last is known exactly, so that damage to it is not taken for a torn end. */
final class ForcedMarkTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);

    private final StoreBench bench = new StoreBench();

    @Test
    void damagedLastForcedBlockIsALoss() throws IOException {
        bench.open();
        bench.append(GROUP, 6);
        final Segment last = bench.store.writer().current();
        final EntryView view = new EntryView();
        assertTrue(bench.store.open(GROUP).record(5, view));
        bench.disk.flipBit(last.name, view.offset() - BlockLayout.HEADER_LENGTH + 16, 0);

        bench.kill();

        assertTrue(bench.store.mayHaveForgotten(GROUP), "it acknowledged what is gone");
        assertTrue(bench.store.mayHaveForgotten(GroupId.ofAssignment(9, false)));
        assertEquals(4, bench.store.open(GROUP).lastIndex());
        assertTrue(bench.warnings.stream().anyMatch(line -> line.contains("which had been forced")),
                bench.warnings.toString());
        assertTrue(bench.disk.files().contains(last.name), "what could not be read is kept");
        bench.append(GROUP, 2);
        bench.kill();
        assertEquals(6, bench.store.open(GROUP).lastIndex(), "the log went on behind the damage");
    }

    @Test
    void tornEndBehindTheMarkIsNoLoss() throws IOException {
        bench.open();
        bench.append(GROUP, 4);
        final GroupLog log = bench.store.open(GROUP);
        log.append(TestEntries.batch(GROUP, 5, 2, 1));
        bench.store.ticket();
        final EntryView view = new EntryView();
        assertTrue(log.record(6, view));
        bench.disk.flipBit(bench.store.writer().current().name, view.offset() + 10, 0);

        bench.kill();

        assertFalse(bench.store.mayHaveForgotten(GROUP));
        assertEquals(4, bench.store.open(GROUP).lastIndex());
    }

    @Test
    void lostNewestSegmentIsALoss() throws IOException {
        bench.open();
        bench.append(GROUP, 60);
        final String name = bench.store.writer().current().name;
        bench.disk.delete(name);

        bench.kill();

        assertTrue(bench.store.mayHaveForgotten(GROUP));
        assertTrue(bench.warnings.stream().anyMatch(line -> line.contains(name + " is missing")),
                bench.warnings.toString());
    }

    @Test
    void zeroedNewestSegmentIsALossAndSetApart() throws IOException {
        bench.open();
        bench.append(GROUP, 60);
        final String name = bench.store.writer().current().name;
        bench.crash();
        Arrays.fill(bench.disk.bytes(name), (byte) 0);

        bench.open();

        assertTrue(bench.store.mayHaveForgotten(GROUP));
        assertTrue(bench.disk.files().contains("quarantine/" + name), bench.disk.files().toString());
    }

    @Test
    void damagedMarkIsNotBelieved() throws IOException {
        bench.open();
        bench.append(GROUP, 6);
        for (int offset = 0; offset < 1024; offset++) {
            bench.disk.flipBit("FORCED", offset, offset % 8);
        }

        bench.kill();

        assertFalse(bench.store.mayHaveForgotten(GROUP));
        assertEquals(6, bench.store.open(GROUP).lastIndex());
        assertEquals(List.of(), bench.warnings);
    }
}
