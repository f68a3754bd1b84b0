package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderScannerTest {
    private static final long SECOND_NS = StreamFixture.SECOND_NS;

    private static HeaderScanner scan(final String... headers) {
        final byte[] block = StreamFixture.block(headers);
        return new HeaderScanner().scan(ByteBuffer.wrap(block), 0, block.length);
    }

    @Test
    void firstOfEqualNamesCountsAndBlanksAroundTheValueDoNot() {
        final HeaderScanner headers = scan("X: y", "Nats-Msg-Id:  a b ", "Nats-Msg-Id: c", "nats-ttl: 1", "Nats-TTL:");

        assertEquals("a b", headers.text(HeaderField.MSG_ID));
        assertTrue(headers.isPresent(HeaderField.TTL));
        assertFalse(headers.has(HeaderField.TTL));
        assertTrue(scan("Nats-Msg-Ids: a", "Nats-Msg-I: a", "Nats: Msg-Id: a", "X: Nats-TTL: 1").isEmpty());
    }

    @Test
    void numberHasDigitsOnly() {
        assertEquals(120, scan("Nats-Expected-Last-Sequence: 120").number(HeaderField.EXPECTED_LAST_SEQUENCE));
        assertEquals(-1, scan("Nats-Expected-Last-Sequence: -1").number(HeaderField.EXPECTED_LAST_SEQUENCE));
        assertEquals(-1, scan("Nats-Expected-Last-Sequence: 1x").number(HeaderField.EXPECTED_LAST_SEQUENCE));
        assertEquals(-1, scan("Nats-Expected-Last-Sequence:").number(HeaderField.EXPECTED_LAST_SEQUENCE));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "90,90", "1s,1", "1m30s,90", "1.5h,5400", "1500ms,1", "0.5s,-1", "-1,-1", "1d,-1", "x,-1",
        "1,1",
        "2000000us,2", "1h1h,7200", "999999999999999999,-1", "1e3s,-1", "99999999h,-1", ".s,-1", "1.2.3s,-1"})
    void timeToLiveIsADurationOrSeconds(final String value, final long seconds) {
        final long read = TtlValue.read(scan("Nats-TTL: " + value));

        assertEquals(seconds < 0 ? TtlValue.INVALID : seconds * SECOND_NS, read);
        assertEquals(TtlValue.NEVER, TtlValue.read(scan("Nats-TTL: never")));
    }

    @Test
    void garbageIsNoHeaderAndNoHarm() {
        final Random random = new Random(1);
        final StreamFixture stream = new StreamFixture(
                StreamFixture.config().allowMsgTtl(true).allowRollup(true).subjectDeleteMarkerTtlNs(SECOND_NS).build());
        final String[] pieces = {"NATS/1.0", "\r\n", "\r", "\n", ":", " ", "Nats-TTL", "Nats-Msg-Id", "Nats-Rollup",
            "sub", "5s",
            "Nats-Expected-Last-Sequence", "0", "\u00e9", "Nats-", "KV-Operation", "\0", "never", "Nats-Incr", "+"};
        for (int round = 0; round < 20_000; round++) {
            final StringBuilder text = new StringBuilder(random.nextBoolean() ? "NATS/1.0" : "");
            for (int i = random.nextInt(14); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            final byte[] block = text.toString().getBytes(StandardCharsets.UTF_8);
            final PublishDraft draft = stream.draft("a", "1", block);
            if (stream.ingest.check(draft) == null) {
                final String outcome = stream.commit(b -> StreamEntries.publish(b, stream.nowNs, (byte) 0, draft));
                assertFalse(outcome.isEmpty(), text::toString);
            }
        }
        assertNull(stream.read(stream.engine.lastSeq() + 1));
    }
}
