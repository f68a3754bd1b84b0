package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BellTest {
    private static final int RINGS = 200_000;
    private static final int RINGERS = 2;

    @Test
    void isSilentAfterRingsAndSilencesAtTheSameTimeAndRingsAgain() throws IOException, InterruptedException {
        try (Bell bell = new Bell(); Selector selector = Selector.open()) {
            bell.channel().register(selector, SelectionKey.OP_READ);
            final AtomicInteger running = new AtomicInteger(RINGERS);
            final Thread[] ringers = new Thread[RINGERS];
            for (int i = 0; i < RINGERS; i++) {
                ringers[i] = Thread.ofPlatform().start(() -> {
                    for (int ring = 0; ring < RINGS; ring++) {
                        bell.ring();
                    }
                    running.decrementAndGet();
                });
            }
            while (running.get() > 0) {
                bell.silence();
            }
            for (final Thread ringer : ringers) {
                ringer.join();
            }

            bell.silence();

            assertEquals(0, selector.selectNow(), "a byte was left in the pipe: the node thread would never rest");
            bell.ring();
            bell.ring();
            assertEquals(1, selector.select(60_000), "a ring was lost");
        }
    }
}
