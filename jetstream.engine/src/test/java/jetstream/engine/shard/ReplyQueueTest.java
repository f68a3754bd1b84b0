package jetstream.engine.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyQueueTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void repliesComeBackByIndexHoweverTheyWereBatched(final long seed) {
        final Random random = new Random(seed);
        final ReplyQueue queue = new ReplyQueue();
        final Deque<String> expected = new ArrayDeque<>();
        final byte[] into = new byte[64];
        long assigned = 0;
        long taken = 0;
        for (int round = 0; round < 500; round++) {
            final int count = random.nextInt(20);
            for (int i = 0; i < count; i++) {
                final String reply = random.nextInt(5) == 0 ? "" : "_INBOX." + random.nextInt(1 << 20);
                queue.add(reply.getBytes(StandardCharsets.UTF_8), reply.length());
                expected.add(reply);
            }
            queue.assign(assigned + 1);
            assigned += count;
            while (taken < assigned && random.nextInt(4) != 0) {
                final int length = queue.take(++taken, into);
                assertEquals(expected.poll(), new String(into, 0, length, StandardCharsets.UTF_8), "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void whatWasNotProposedCanBeTakenBackAndTheRestStays(final long seed) {
        final Random random = new Random(seed);
        final ReplyQueue queue = new ReplyQueue();
        final Deque<String> proposed = new ArrayDeque<>();
        final byte[] into = new byte[64];
        long assigned = 0;
        long taken = 0;
        for (int round = 0; round < 300; round++) {
            final Deque<String> fresh = new ArrayDeque<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                fresh.add(random.nextInt(4) == 0 ? "" : "_INBOX." + random.nextInt(1 << 20));
                queue.add(fresh.getLast().getBytes(StandardCharsets.UTF_8), fresh.getLast().length());
            }
            for (int back = random.nextInt(fresh.size() + 1); back > 0; back--) {
                final int length = queue.takeUnassigned(into);
                assertEquals(fresh.poll(), new String(into, 0, length, StandardCharsets.UTF_8), "seed " + seed);
            }
            assertEquals(fresh.size(), queue.unassigned());
            queue.assign(assigned + 1);
            assigned += fresh.size();
            proposed.addAll(fresh);
            while (taken < assigned && random.nextInt(3) != 0) {
                final int length = queue.take(++taken, into);
                assertEquals(proposed.poll(), new String(into, 0, length, StandardCharsets.UTF_8), "seed " + seed);
            }
            assertEquals(proposed.size(), queue.count());
        }
    }
}
