package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import jetstream.api.config.StreamConfig;
import jetstream.engine.subject.FilterSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members that were restored from images, now and then, stay equal byte for byte to the one that applied everything.
 */
class StreamImageTest {
    private static final int STEPS = 60_000;

    private StreamFixture stream;
    private StreamFixture restored;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void restoredMemberStaysEqual(final long seed) {
        final Random random = new Random(seed);
        final StreamConfig config = StreamFixture.config().maxMsgs(seed % 2 == 0 ? 9_000 : -1)
                .maxMsgsPerSubject(seed % 3 == 0 ? 2 : -1).allowMsgTtl(true).build();
        stream = new StreamFixture(config);
        restored = new StreamFixture(config, stream.log);
        final int subjects = 1 << random.nextInt(13);

        for (int step = 0; step < STEPS; step++) {
            step(random, subjects, seed % 4 == 1);
            restored.apply(stream.log.lastIndex());
            if (random.nextInt(9_000) == 0) {
                restored = new StreamFixture(config, stream.log);
                restored.restore(stream.image(), stream.log.lastIndex());
            }
            if (step % 10_000 == 9_999) {
                compare("seed " + seed + " step " + step);
            }
        }
    }

    private void step(final Random random, final int subjects, final boolean isQueue) {
        stream.nowNs += 1 + random.nextInt(1 << random.nextInt(30));
        final int kind = random.nextInt(isQueue ? 300 : 1_000);
        final long last = stream.engine.lastSeq();
        if (isQueue && kind < 140) {
            final long from = Math.max(1, last - random.nextInt(40));
            stream.remove(from, from + random.nextInt(3));
        } else if (kind < 997) {
            final boolean isWanted = random.nextInt(50) != 0;
            final String[] headers = random.nextInt(100) == 0 ? new String[] {"Nats-TTL: " + (1 + random.nextInt(99))}
                    : random.nextInt(50) == 0 ? new String[] {"Nats-Msg-Id: " + random.nextInt(1_000)} : new String[0];
            stream.publish(isWanted ? (byte) 0 : PublishLayout.NO_INTEREST, "s." + random.nextInt(subjects), "x",
                    headers);
        } else if (kind == 997) {
            stream.purge("s." + random.nextInt(subjects), 0, 0);
        } else if (kind == 998) {
            stream.purge("", random.nextInt(20) == 0 ? 0 : Math.max(1, last - random.nextInt(12_000)), 0);
        } else {
            stream.timePasses(random.nextInt(1 << 30));
        }
    }

    private void compare(final String where) {
        assertEquals(stream.engine.stateHash(), restored.engine.stateHash(), where);
        assertEquals(stream.engine.state(), restored.engine.state(), where);
        assertArrayEquals(stream.image(), restored.image(), where);
        final FilterSet filter = FilterSet.of(List.of("s.1", "s.2*"));
        assertEquals(stream.engine.pending(filter, stream.engine.firstSeq() + 5),
                restored.engine.pending(filter, stream.engine.firstSeq() + 5), where);
        long seq = stream.engine.firstSeq();
        for (int i = 0; i < 50 && seq > 0; i++) {
            assertEquals(stream.read(seq), restored.read(seq), where);
            seq = stream.engine.next(FilterSet.ALL, seq + 1);
        }
    }
}
