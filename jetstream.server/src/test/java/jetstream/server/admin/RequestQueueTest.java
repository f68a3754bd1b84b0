package jetstream.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestQueueTest {
    private static final long COST_NS = RequestQueue.TURN_NS / 4;

    private final List<Integer> handled = new ArrayList<>();
    private long nowNs;
    private final RequestQueue<Integer> queue = new RequestQueue<>(request -> {
        handled.add(request);
        nowNs += COST_NS;
    }, () -> nowNs);

    @Test
    void requestsBeyondTheBudgetOfATurnWaitForTheNext() {
        for (int i = 0; i < 10; i++) {
            queue.take(i);
        }
        assertEquals(List.of(0, 1, 2, 3), handled);
        assertFalse(queue.isEmpty());

        assertEquals(4, queue.doWork());
        assertEquals(2, queue.doWork());

        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), handled);
        assertTrue(queue.isEmpty());
    }

    @Test
    void requestWaitsBehindThoseThatWait() {
        for (int i = 0; i < 9; i++) {
            queue.take(i);
        }
        queue.doWork();
        queue.take(9);
        queue.doWork();

        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), handled);
    }

    @Test
    void fullQueueIsDroppedAsAWhole() {
        for (int i = 0; i < RequestQueue.WAITING_MAX + 4; i++) {
            assertEquals(0, queue.take(i));
        }

        assertEquals(RequestQueue.WAITING_MAX, queue.take(-1));
        assertTrue(queue.isEmpty());
        assertEquals(List.of(0, 1, 2, 3), handled);
    }
}
