package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.entry.EntryBatch;
import jetstream.api.error.ApiFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/** Counters (spec/streams.md section 12, ADR 0063). */
class CounterTest {
    private final StreamFixture stream = new StreamFixture(StreamFixture.config().allowMsgCounter(true).build());

    private void propose(final EntryBatch batch, final String subject, final String... headers) {
        final PublishDraft draft = stream.draft(subject, "", StreamFixture.block(headers));
        final ApiFailure failure = stream.ingest.check(draft);
        assertNull(failure);
        StreamEntries.publish(batch, stream.nowNs, (byte) 0, draft);
    }

    @Test
    void incrementsAddUp() {
        assertEquals("stored 1", stream.publish("a", "", "Nats-Incr: +2"));
        assertEquals("stored 2", stream.publish("a", "", "Nats-Incr: -5"));
        assertEquals("stored 3", stream.publish("b", "", "Nats-Incr: 100000000000000000000000"));
        assertEquals("stored 4", stream.publish("b", "", "Nats-Incr: 1"));

        assertEquals("a={\"val\":\"-3\"}", stream.read(2));
        assertEquals("b={\"val\":\"100000000000000000000001\"}", stream.read(4));
        assertEquals("NATS/1.0\r\nNats-Incr: -5\r\n\r\n", stream.headersOf(2));
        final MessageView message = new MessageView();
        stream.engine.message(2, message);
        assertEquals("-3", CounterValue.total(message));
    }

    @Test
    void nonsenseIsRefused() {
        assertEquals("10169 message counter increment is missing", stream.publish("a", ""));
        assertEquals("10171 message counter increment is invalid", stream.publish("a", "", "Nats-Incr: 1x"));
        assertEquals("10171 message counter increment is invalid",
                stream.publish("a", "", "Nats-Incr: 1", "Nats-Rollup: sub"));
        assertEquals("10170 message counter has payload", stream.publish("a", "x", "Nats-Incr: 1"));
        final StreamFixture plain = new StreamFixture(StreamFixture.config().build());
        assertEquals("10168 message counters is disabled", plain.publish("a", "", "Nats-Incr: 1"));
        plain.publish("a", "text");
        plain.configure(stream.engine.config());
        assertEquals("10172 message counter is broken", plain.publish("a", "", "Nats-Incr: 1"));
    }

    @Test
    void incrementsInFlightCountOnEachOther() {
        assertEquals("stored 1, stored 2, stored 3, stored 4", stream.commit(batch -> {
            propose(batch, "a", "Nats-Incr: 1");
            propose(batch, "a", "Nats-Incr: 2");
            propose(batch, "b", "Nats-Incr: 9");
            propose(batch, "a", "Nats-Incr: 3");
        }));
        assertEquals("a={\"val\":\"6\"}", stream.read(4));
    }

    @Test
    void whatCountedOnALostMessageIsRefusedAndCountingGoesOn() {
        assertEquals("stored 1, duplicate 1, 10164 wrong last sequence", stream.commit(batch -> {
            propose(batch, "a", "Nats-Incr: 1", "Nats-Msg-Id: m");
            propose(batch, "a", "Nats-Incr: 1", "Nats-Msg-Id: m");
            propose(batch, "a", "Nats-Incr: 1");
        }));
        assertEquals("stored 2", stream.publish("a", "", "Nats-Incr: 1"));
        assertEquals("a={\"val\":\"2\"}", stream.read(2));
        stream.purge("", 0, 0);
        assertEquals("stored 3", stream.publish("a", "", "Nats-Incr: 1"));
        assertEquals("a={\"val\":\"1\"}", stream.read(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void totalIsTheSumOfWhatWasStored(final long seed) {
        final Random random = new Random(seed);
        final Map<String, BigInteger> sums = new HashMap<>();
        for (int round = 0; round < 400; round++) {
            final List<String> subjects = new ArrayList<>();
            final List<Integer> increments = new ArrayList<>();
            final long before = stream.log.lastIndex();
            final String told = stream.commit(batch -> {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    final String subject = "s" + random.nextInt(3);
                    final int increment = random.nextInt(100) - 50;
                    if (random.nextInt(10) == 0) {
                        StreamEntries.purge(batch, stream.nowNs, subject.getBytes(StandardCharsets.US_ASCII), 0, 0);
                        subjects.add(subject);
                        increments.add(null);
                    } else {
                        propose(batch, subject, "Nats-Incr: " + increment, "Nats-Msg-Id: " + random.nextInt(3000));
                        subjects.add(subject);
                        increments.add(increment);
                    }
                }
            });
            final String[] outcomes = told.split(", ");
            for (int i = 0; i < outcomes.length; i++) {
                if (increments.get(i) == null) {
                    sums.remove(subjects.get(i));
                } else if (outcomes[i].startsWith("stored")) {
                    sums.merge(subjects.get(i), BigInteger.valueOf(increments.get(i)), BigInteger::add);
                    final long seq = Long.parseLong(outcomes[i].substring(7));
                    if (stream.read(seq) != null && i == outcomes.length - 1) {
                        assertEquals(subjects.get(i) + "={\"val\":\"" + sums.get(subjects.get(i)) + "\"}",
                                stream.read(seq),
                                "seed " + seed + " after index " + before);
                    }
                }
            }
        }
        final StreamFixture restored = new StreamFixture(stream.engine.config(), stream.log);
        restored.restore(stream.image(), stream.log.lastIndex());
        assertArrayEquals(stream.image(), restored.image());
        assertEquals(restored.publish("s1", "", "Nats-Incr: 0").substring(0, 6), "stored");
    }
}
