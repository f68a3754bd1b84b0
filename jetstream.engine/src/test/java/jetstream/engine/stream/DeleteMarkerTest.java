package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryBatch;
import org.junit.jupiter.api.Test;

/** Markers of subjects whose last message grew too old (spec/streams.md section 9). */
class DeleteMarkerTest {
    private static final long SECOND_NS = StreamFixture.SECOND_NS;

    private static StreamConfig.Builder config() {
        return StreamFixture.config().allowMsgTtl(true).allowRollup(true).subjectDeleteMarkerTtlNs(2 * SECOND_NS);
    }

    private static String mark(final StreamFixture stream, final long seq) {
        final DeleteMarker marker = new DeleteMarker(stream.engine);
        return stream.commit(batch -> marker.propose(batch, stream.nowNs, seq));
    }

    @Test
    void markerReplacesTheLastMessageOfASubject() {
        final StreamFixture stream = new StreamFixture(config().maxAgeNs(10 * SECOND_NS).build());
        stream.publish("a", "1");
        stream.publish("a", "2");
        stream.publish("b", "3", "KV-Operation: PURGE");

        stream.timePasses(10 * SECOND_NS);

        assertEquals(List.of("1 AGE", "3 AGE"), stream.outcomes.effects);
        assertEquals(List.of(2L), stream.outcomes.markersDue);
        assertEquals("a=2", stream.read(2));
        assertEquals("stored 4", mark(stream, 2));
        assertNull(stream.read(2));
        assertEquals("NATS/1.0\r\nNats-Marker-Reason: MaxAge\r\nNats-TTL: 2s\r\nNats-Rollup: sub\r\n\r\n",
                stream.headersOf(4));
    }

    @Test
    void markerLivesAsLongAsItSaysAndLeavesNone() {
        final StreamFixture stream = new StreamFixture(config().build());
        stream.publish("a", "1", "Nats-TTL: 3");
        stream.timePasses(3 * SECOND_NS);
        mark(stream, 1);
        stream.outcomes.markersDue.clear();

        assertEquals(stream.nowNs + 2 * SECOND_NS, stream.engine.nextExpiryEpochNs());
        stream.timePasses(2 * SECOND_NS);

        assertEquals(0, stream.engine.state().messages());
        assertEquals(List.of(), stream.outcomes.markersDue);
    }

    @Test
    void markerThatComesTooLateIsRefused() {
        final StreamFixture stream = new StreamFixture(config().build());
        stream.publish("a", "1", "Nats-TTL: 2");
        stream.timePasses(2 * SECOND_NS);
        final EntryBatch late = new EntryBatch(256);
        new DeleteMarker(stream.engine).propose(late, stream.nowNs, 1);
        stream.publish("a", "2");

        assertEquals("10071 wrong last sequence: 2",
                stream.commit(b -> b.append(late.buffer(), late.offset(), late.length())));
        stream.timePasses(1);
        assertEquals("a=2", stream.read(2));
        assertNull(stream.read(1));
        assertFalse(new DeleteMarker(stream.engine).propose(late, stream.nowNs, 1));
    }

    @Test
    void markerIsAskedForAgainUntilItIsThere() {
        final StreamFixture stream = new StreamFixture(config().maxAgeNs(5 * SECOND_NS).build());
        stream.publish("a", "1");
        stream.publish("b", "2", "Nats-TTL: 2");

        stream.timePasses(5 * SECOND_NS);
        stream.timePasses(SECOND_NS);

        assertEquals(List.of(2L, 1L, 2L, 1L), stream.outcomes.markersDue);
        assertEquals(stream.nowNs + SECOND_NS / 10, stream.engine.nextExpiryEpochNs());
    }

    @Test
    void shortTimeToLiveIsRaisedToTheMarkers() {
        final StreamFixture stream = new StreamFixture(config().subjectDeleteMarkerTtlNs(3 * SECOND_NS).build());
        stream.publish("a", "1", "X: y", "Nats-TTL: 1s", "Z: z");

        assertEquals("NATS/1.0\r\nX: y\r\nZ: z\r\nNats-TTL: 3\r\n\r\n", stream.headersOf(1));
        stream.configure(config().maxMsgsPerSubject(1).build());
        stream.publish("a", "1", "Nats-TTL: 1s");
        assertEquals("NATS/1.0\r\nNats-TTL: 1s\r\n\r\n", stream.headersOf(2));
    }

    @Test
    void durationsAreWrittenAsGoDoes() {
        assertEquals("50s", DeleteMarker.duration(50 * SECOND_NS));
        assertEquals("1m0s", DeleteMarker.duration(60 * SECOND_NS));
        assertEquals("1h0m5s", DeleteMarker.duration(3605 * SECOND_NS));
    }
}
