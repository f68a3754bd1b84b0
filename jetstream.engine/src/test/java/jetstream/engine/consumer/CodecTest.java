package jetstream.engine.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small codecs of consumers. */
final class CodecTest {
    private static AckDecoder decoded(final String subject) {
        final AckDecoder decoder = new AckDecoder();
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        assertTrue(decoder.decode(bytes, bytes.length), subject);
        return decoder;
    }

    @ParameterizedTest
    @CsvSource({
        "$JS.ACK.S.C.1.22.333.1700000000000000000.5, 1, 22, 333, 1700000000000000000",
        "$JS.ACK._.HASHHASH.S.C.1.22.333.1700000000000000000.5, 1, 22, 333, 1700000000000000000",
        "$JS.ACK.hub.HASHHASH.S.C.1.22.333.4.5.random.more, 1, 22, 333, 4",
        "$JS.ACK.S.C.x.-1..99999999999999999999.5, -1, -1, -1, -1",
        "$JS.ACK.S.C.9223372036854775807.9223372036854775808.1.1.1, 9223372036854775807, -1, 1, 1",
    })
    void ackSubjectsOfBothVersions(final String subject, final long deliveries, final long streamSeq,
            final long consumerSeq, final long epochNs) {
        final AckDecoder decoder = decoded(subject);
        assertEquals(deliveries, decoder.deliveries());
        assertEquals(streamSeq, decoder.streamSeq());
        assertEquals(consumerSeq, decoder.consumerSeq());
        assertEquals(epochNs, decoder.epochNs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$JS.ACK.S.C.1.1.1.1", "$JS.ACK.d.h.S.C.1.1.1.1", "........"})
    void otherShapesAreNoAcks(final String subject) {
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        final boolean isAck = new AckDecoder().decode(bytes, bytes.length);
        // Nine empty tokens have the shape; their numbers are none.
        assertEquals(subject.equals("........"), isAck);
    }

    @Test
    void ackSubjectIsWrittenInTheVersionThatIsConfigured() {
        final ConsumerIdentity identity = new ConsumerIdentity("ORDERS", "worker", 0);
        final AckSubjectWriter v1 =
                new AckSubjectWriter(identity, new ConsumerSettings(false, 1, "hub", "", 1, bytes -> null));
        v1.write(1, 20, 300, 1_700_000_000_000_000_000L, 0);
        assertEquals("$JS.ACK.ORDERS.worker.1.20.300.1700000000000000000.0", text(v1));
        final AckSubjectWriter v2 =
                new AckSubjectWriter(identity, new ConsumerSettings(false, 1, "hub", "ACCHASH1", 1, bytes -> null));
        v2.write(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        assertEquals("$JS.ACK.hub.ACCHASH1.ORDERS.worker.2147483647.9223372036854775807.9223372036854775807."
                + "9223372036854775807.9223372036854775807", text(v2));
        final AckSubjectWriter none =
                new AckSubjectWriter(identity, new ConsumerSettings(false, 1, "", "ACCHASH1", 1, bytes -> null));
        none.write(1, 1, 1, 1, 1);
        assertEquals("$JS.ACK._.ACCHASH1.ORDERS.worker.1.1.1.1.1", text(none));
    }

    private static String text(final AckSubjectWriter writer) {
        return new String(writer.bytes(), 0, writer.length(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"1s, 1000000000", "1.5s, 1500000000", "1m30s, 90000000000", "2h0m5s, 7205000000000", "250ms, 250000000",
        "10us, 10000", "7ns, 7", "0, 0", "-3s, -3000000000"})
    void durationsAreRead(final String text, final long ns) {
        assertEquals(ns, GoDuration.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "1.2.3s", "1 s", "1x", "ten", "."})
    void otherTextsAreNoDurations(final String text) {
        assertEquals(GoDuration.INVALID, GoDuration.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"1000000000, 1s", "1500000000, 1.5s", "90000000000, 1m30s", "3600000000000, 1h0m0s", "250000000, 250ms",
        "1000, 1µs", "7, 7ns", "0, 0s", "60000000000, 1m0s"})
    void durationsAreWritten(final long ns, final String text) {
        assertEquals(text, GoDuration.format(ns));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"delay\":5}|5", "{ \"a\":1, \"delay\" : 12 }|12", "{\"delay\":\"x\"}|0",
        "{}|0", "{\"delay\"|0"})
    void delayOfANak(final String json, final long ns) {
        assertEquals(ns, NakDelay.parse(json));
    }

    @Test
    void rowsComeBackAsTheyWere() {
        final RowWriter writer = new RowWriter();
        final long[] seqs = {1, 2, 5, 3, Long.MAX_VALUE / 16, 7, 1L << 40};
        for (int i = 0; i < seqs.length; i++) {
            writer.startRow(seqs[i], i % 8, 3);
            writer.number(-1L >>> i * 9);
        }
        final EntryBatch batch = new EntryBatch(16);
        writer.flush(ConsumerEntries.ACKED, (byte) 3, 99, -5, batch);
        assertTrue(writer.isEmpty());
        final EntryView view = new EntryView().wrap(batch.buffer(), 0);
        final RowReader reader = new RowReader().wrap(view.buffer(), view.bodyOffset(), view.bodyLength());
        assertEquals(-5, reader.fixed());
        for (int i = 0; i < seqs.length; i++) {
            assertEquals(seqs[i], reader.startRow(3));
            assertEquals(i % 8, reader.kind());
            assertEquals(-1L >>> i * 9, reader.number());
        }
        assertFalse(reader.hasMore());
    }

    @Test
    void rowOfTheNextSequenceTakesOneByte() {
        final RowWriter writer = new RowWriter();
        writer.startRow(1_000_000, 0, ConsumerEntries.DELIVERED_KIND_BITS);
        final int before = writer.length();
        writer.startRow(1_000_001, 0, ConsumerEntries.DELIVERED_KIND_BITS);
        assertEquals(before + 1, writer.length());
    }

    @Test
    void ringOfDeliveriesKeepsItsOrderAsItGrows() {
        final InFlight inFlight = new InFlight();
        long in = 0;
        long out = 0;
        for (int round = 0; round < 2_000; round++) {
            for (int i = 0; i < 5 && !inFlight.isFull(); i++) {
                in++;
                inFlight.add(null, in, in * 2, (int) in, in * 3, (int) in);
            }
            inFlight.commit(2);
            while (inFlight.isReady()) {
                out++;
                assertEquals(out, inFlight.seq());
                assertEquals(out * 2, inFlight.consumerSeq());
                assertEquals(out * 3, inFlight.pending());
                assertEquals((int) out, inFlight.count());
                inFlight.removeFirst();
            }
        }
        assertEquals(4_000, out);
    }
}
