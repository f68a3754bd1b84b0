package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import jetstream.api.store.StoreContext;
import org.junit.jupiter.api.Test;

final class SegmentPoolTest {
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), Long.MAX_VALUE);
    private final ArrayDeque<Runnable> housekeeper = new ArrayDeque<>();
    private final SegmentPool pool = new SegmentPool(disk,
            FileStoreConfig.of(new StoreContext(null, "n1", Map.of("segment_length", "4096"), (warning, text) -> {})),
            new StoreHealth((warning, text) -> {}), housekeeper::add);

    @Test
    void housekeeperThatComesLateDoesNotTouchAFileInUse() throws IOException {
        pool.take(1, 100);
        final SegmentPool.Spare second = pool.take(2, 100);
        second.file().write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);

        housekeeper.forEach(Runnable::run);

        assertEquals(2, disk.bytes(second.name())[1]);
        final SegmentPool.Spare third = pool.take(3, 100);
        assertNotEquals(second.name(), third.name());
    }

    @Test
    void fileMadeReadyGivesWayToALongerOneOfTheSameNumber() throws IOException {
        pool.take(1, 100);
        housekeeper.forEach(Runnable::run);

        final SegmentPool.Spare taken = pool.take(2, 10_000);

        assertEquals(10_000, taken.length());
        assertEquals(10_000, disk.bytes(Segment.nameOf(2)).length);
    }
}
