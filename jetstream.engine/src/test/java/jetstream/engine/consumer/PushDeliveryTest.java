package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.push;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.ReplayPolicy;
import org.junit.jupiter.api.Test;

/** spec/consumers.md section 4, spec/jetstream-api.md section 7. */
final class PushDeliveryTest {
    @Test
    void deliversOnlyWhileSomebodyListens() {
        final ConsumerBench bench = new ConsumerBench(push()).lead();
        bench.publish(2);
        bench.settle();
        assertEquals(List.of(), bench.brief());
        bench.engine.onInterest(true, bench.nowNs);
        bench.settle();
        assertEquals(List.of("to.me:1/1*1", "to.me:2/2*1"), bench.brief());
        assertTrue(bench.state().pushBound());
        bench.engine.onInterest(false, bench.nowNs);
        bench.publish(1);
        bench.settle();
        assertEquals(List.of(), bench.brief());
    }

    @Test
    void heartbeatsFillTheSilence() {
        final ConsumerBench bench = new ConsumerBench(push().idleHeartbeatNs(SECOND)).lead();
        bench.engine.onInterest(true, bench.nowNs);
        bench.publish(1);
        bench.settle();
        bench.sent();
        assertEquals(bench.nowNs + SECOND, bench.engine.nextDeadlineNs());
        bench.after(SECOND);
        assertEquals("NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 1\r\nNats-Last-Stream: 1\r\n\r\n",
                bench.sent().getFirst().headers());
    }

    @Test
    void flowControlAsksAtHalfTheWindowAndStallsAtItsEnd() {
        final ConsumerBench bench = new ConsumerBench(
                push().ackPolicy(AckPolicy.NONE).flowControl(true).idleHeartbeatNs(SECOND)).lead();
        bench.engine.onInterest(true, bench.nowNs);
        for (int i = 0; i < 200; i++) {
            bench.engine.onMessageStored(bench.stream.publish("a", "", "x".repeat(60_000), 1));
        }
        bench.settle();

        final List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals(36, sent.size());
        final RecordingOutbox.Sent request = sent.get(18);
        assertEquals("100 FlowControl Request", request.status());
        assertTrue(request.reply().matches("\\$JS\\.FC\\.S\\.C\\.[0-9A-Za-z]{4}"), request.reply());
        bench.after(SECOND);
        assertTrue(bench.sent().getFirst().headers().endsWith("Nats-Consumer-Stalled: " + request.reply()
                + "\r\n\r\n"));

        bench.engine.onFlowControl(ConsumerBench.message("$JS.FC.S.C.none", "", ""));
        bench.settle();
        assertEquals(List.of(), bench.brief());
        bench.engine.onFlowControl(ConsumerBench.message(request.reply(), "", ""));
        bench.settle();
        // Acknowledged: 18 of 35; the window is 4 MiB now: 70 messages may be under way.
        assertEquals(70 - 17 + 1, bench.sent().size());
    }

    @Test
    void flowControlAnswersAcknowledge() {
        final ConsumerBench bench = new ConsumerBench(ConsumerConfig.builder().durableName("C").maxAckPending(3)
                .ackPolicy(AckPolicy.FLOW_CONTROL).flowControl(true).idleHeartbeatNs(SECOND).deliverSubject("to.me"),
                true).lead();
        bench.engine.onInterest(true, bench.nowNs);
        bench.publish(5);
        bench.cycle();
        List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals(List.of("to.me:1/1*1", "to.me:2/2*1", "to.me:3/3*1", "to.me:100 FlowControl Request"),
                sent.stream().map(ConsumerBench::brief).toList());
        bench.commit();
        answer(bench, sent.getLast().reply(), "NATS/1.0\r\nNats-Last-Consumer: 3\r\nNats-Last-Stream: 3\r\n\r\n");
        assertEquals(List.of("acked 1", "acked 2", "acked 3"), bench.events);
        assertEquals(List.of("to.me:4/4*1", "to.me:5/5*1"), bench.brief());
        bench.ack("$JS.ACK.S.C.1.5.5.5.0", "", "inbox").after(SECOND);
        sent = bench.sent();
        assertEquals(List.of("to.me:100 Idle Heartbeat", "to.me:100 FlowControl Request"),
                sent.stream().map(ConsumerBench::brief).toList());
        answer(bench, sent.getLast().reply(), "");
        assertEquals(2, bench.state().ackPending());
        bench.after(100 * SECOND);
        assertEquals(0, bench.sent().stream().filter(s -> s.reply().startsWith("$JS.ACK.")).count());
    }

    private static void answer(final ConsumerBench bench, final String reply, final String headers) {
        final byte[] block = headers.getBytes(StandardCharsets.UTF_8);
        bench.engine.onFlowControl(ConsumerBench.message(reply, "", "").headers(ByteBuffer.wrap(block), 0,
                block.length));
        bench.settle();
    }

    @Test
    void congestedReceiverIsTriedAgain() {
        final ConsumerBench bench = new ConsumerBench(push()).lead();
        bench.engine.onInterest(true, bench.nowNs);
        bench.outbox.congested.add("to.me");
        bench.publish(1);
        bench.settle();
        assertEquals(List.of(), bench.brief());
        final long retryNs = bench.engine.nextDeadlineNs();
        assertTrue(retryNs - bench.nowNs <= 5_000_000, "retries soon");
        bench.outbox.congested.clear();
        bench.nowNs = retryNs;
        bench.settle();
        assertEquals(List.of("to.me:1/1*1"), bench.brief());
    }

    @Test
    void rateLimitSpreadsMessages() {
        final ConsumerBench bench = new ConsumerBench(push().rateLimitBps(8L << 20)).lead();
        bench.engine.onInterest(true, bench.nowNs);
        for (int i = 0; i < 3; i++) {
            bench.engine.onMessageStored(bench.stream.publish("a", "", "x".repeat(900_000), 1));
        }
        bench.settle();
        assertEquals(List.of("to.me:1/1*1"), bench.brief());
        final long dueNs = bench.engine.nextDeadlineNs();
        assertTrue(dueNs - bench.nowNs > SECOND / 2 && dueNs - bench.nowNs < SECOND);
        bench.nowNs = dueNs;
        bench.settle();
        assertEquals(List.of("to.me:2/2*1"), bench.brief());
    }

    @Test
    void originalReplayKeepsTheGaps() {
        final ConsumerBench bench = new ConsumerBench(push().replayPolicy(ReplayPolicy.ORIGINAL));
        bench.stream.publish("a", "", "", 100 * SECOND);
        bench.stream.publish("a", "", "", 103 * SECOND);
        bench.lead();
        bench.engine.onInterest(true, bench.nowNs);
        bench.settle();
        assertEquals(List.of("to.me:1/1*1"), bench.brief());
        assertEquals(bench.nowNs + 3 * SECOND, bench.engine.nextDeadlineNs());
        bench.after(3 * SECOND);
        bench.engine.onMessageStored(bench.stream.publish("a", "", "", 200 * SECOND));
        bench.settle();
        assertEquals(List.of("to.me:2/2*1", "to.me:3/3*1"), bench.brief());
    }

    @Test
    void headersOnlyTellsTheSize() {
        final ConsumerBench bench = new ConsumerBench(push().headersOnly(true)).lead();
        bench.engine.onInterest(true, bench.nowNs);
        bench.stream.publish("a", "", "12345", 1);
        bench.stream.publish("a", "NATS/1.0\r\nA: b\r\n\r\n", "123", 2);
        bench.settle();
        final List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals("NATS/1.0\r\nNats-Msg-Size: 5\r\n\r\n", sent.get(0).headers());
        assertEquals("", sent.get(0).payload());
        assertEquals("NATS/1.0\r\nA: b\r\nNats-Msg-Size: 3\r\n\r\n", sent.get(1).headers());
    }

    @Test
    void consumerWithoutUseExpires() {
        final ConsumerBench push = new ConsumerBench(push().inactiveThresholdNs(5 * SECOND)).lead();
        push.engine.onInterest(true, push.nowNs);
        push.after(60 * SECOND);
        assertFalse(push.engine.isExpired(push.nowNs));
        push.engine.onInterest(false, push.nowNs);
        assertEquals(push.nowNs + 5 * SECOND, push.engine.nextDeadlineNs());
        push.after(5 * SECOND);
        assertTrue(push.engine.isExpired(push.nowNs));

        final ConsumerBench pull =
                new ConsumerBench(ConsumerBench.explicit().inactiveThresholdNs(5 * SECOND)).lead();
        pull.pull("r", "{\"expires\":10000000000}").after(9 * SECOND);
        assertFalse(pull.engine.isExpired(pull.nowNs));
        pull.after(SECOND);
        assertTrue(pull.engine.isExpired(pull.nowNs));
    }
}
