package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.testkit.contract.TestEntries;
import org.junit.jupiter.api.Test;

/** The medium fills up and empties again, under a store that lives on. */
final class RoomTest {
    private static final GroupId GROUP = GroupId.ofAssignment(1, false);
    private static final GroupId ACKS = GroupId.ofAssignment(2, false);

    private final StoreBench bench = new StoreBench().with("min_free", "100000").with("low_room", "50000");

    @Test
    void publishesAreToBeRefusedWhileOtherAppendsGoOn() throws IOException {
        bench.open();
        bench.append(GROUP, 20);
        bench.disk.usable(140_000);
        bench.care(10);

        assertEquals(0, bench.store.usage().publishRoomBytes());
        bench.append(ACKS, 4);
        assertEquals(4, bench.store.open(ACKS).lastIndex());

        bench.disk.usable(1_000_000);
        bench.care(10);
        assertTrue(bench.store.usage().publishRoomBytes() > 0, "recovered without a restart");
    }

    @Test
    void votesAndFreesGoOnWhenNoAppendDoes() throws IOException {
        bench.open();
        bench.append(GROUP, 20);
        bench.disk.usable(60_000);
        bench.care(10);
        final GroupLog log = bench.store.open(GROUP);
        assertThrows(StoreException.Full.class, () -> appendUntilRefused(log));
        final long last = log.lastIndex();

        bench.store.ballots().save(GROUP, new Ballot(7, 7));
        log.free(1, 10);
        log.discardHistory(10);
        log.truncateFrom(last);
        bench.force();
        assertTrue(log.record(15, new EntryView()));

        bench.disk.usable(1_000_000);
        bench.append(GROUP, 2);
        bench.kill();
        assertEquals(new Ballot(7, 7), bench.store.ballots().load(GROUP));
        assertEquals(last + 1, bench.store.open(GROUP).lastIndex());
    }

    @Test
    void segmentThatCanNotBeBegunIsNoReasonToFail() throws IOException {
        bench.with("min_free", "0").open();
        final GroupLog log = bench.store.open(GROUP);
        bench.append(GROUP, 20);
        bench.disk.full(true);
        final StoreException refusal = assertThrows(StoreException.Full.class, () -> appendUntilRefused(log));
        assertTrue(refusal.getMessage().contains("nothing was appended"), refusal.getMessage());
        final long last = log.lastIndex();

        bench.disk.full(false);
        bench.append(GROUP, 40);

        bench.kill();
        assertEquals(last + 40, bench.store.open(GROUP).lastIndex());
        assertEquals(0, bench.store.verify().damages().size());
    }

    @Test
    void cleanerMakesRoomWhenItIsShort() throws IOException {
        bench.with("min_free", "60000").open();
        for (int i = 0; i < 100; i++) {
            bench.append(GROUP, 4);
        }
        bench.care(60);
        final GroupLog log = bench.store.open(GROUP);
        for (long index = 1; index <= 400; index++) {
            if (index % 3 == 0) {
                log.free(index, index);
            }
        }
        log.discardHistory(400);
        final int before = bench.store.segments().snapshot().length;
        bench.disk.usable(100_000);

        bench.care(200);

        assertTrue(bench.store.segments().snapshot().length < before, "segments were given back");
        assertTrue(log.record(1, new EntryView()));
    }

    private static void appendUntilRefused(final GroupLog log) {
        for (int i = 0; i < 1_000; i++) {
            log.append(TestEntries.batch(GROUP, log.lastIndex() + 1, 2, 1));
        }
    }
}
