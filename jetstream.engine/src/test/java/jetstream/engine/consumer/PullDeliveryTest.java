package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.explicit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import org.junit.jupiter.api.Test;

/** spec/consumers.md section 7. */
final class PullDeliveryTest {
    @Test
    void emptyRequestGetsOneMessageAndEndsSilently() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(3);

        bench.pull("r", "").settle();

        final List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals(1, sent.size());
        assertEquals("orders.new", sent.getFirst().subject());
        assertEquals("payload", sent.getFirst().payload());
        assertEquals("$JS.ACK.S.C.1.1.1." + (ConsumerBench.EPOCH + 1_000 * SECOND) + ".2", sent.getFirst().reply());
        assertEquals(0, bench.state().waiting());
        assertEquals(2, bench.state().pending());
        assertEquals(1, bench.state().ackPending());
    }

    @Test
    void waitingRequestGetsMessagesAsTheyCome() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.pull("r", "2").settle();
        assertEquals(1, bench.state().waiting());

        bench.publish(3);
        bench.settle();

        assertEquals(List.of("r:1/1*1", "r:2/2*1"), bench.brief());
    }

    @Test
    void requestsAreServedRoundRobin() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.pull("a", "2").pull("b", "3").pull("c", "{\"batch\":1}");
        bench.publish(6);
        bench.settle();

        assertEquals(List.of("a:1/1*1", "b:2/2*1", "c:3/3*1", "a:4/4*1", "b:5/5*1", "b:6/6*1"), bench.brief());
    }

    @Test
    void requestExpiresWithItsRemainder() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(1);
        bench.pull("r", "{\"batch\":3,\"max_bytes\":1000,\"expires\":1000000000}").settle();
        bench.sent();

        assertEquals(bench.nowNs + SECOND, bench.engine.nextDeadlineNs());
        bench.after(SECOND);

        final RecordingOutbox.Sent last = bench.sent().getFirst();
        assertEquals("408 Request Timeout", last.status());
        assertTrue(last.headers().contains("Nats-Pending-Messages: 2\r\nNats-Pending-Bytes: 9"), last.headers());
        assertTrue(last.headers().endsWith("\r\n\r\n"));
        assertEquals(0, bench.state().waiting());
    }

    @Test
    void noWaitOfAnEmptyStreamIsAnsweredAtOnce() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.pull("r", "{\"no_wait\":true}");
        assertEquals(List.of("r:404 No Messages"), bench.brief());
    }

    @Test
    void noWaitSendsWhatThereIsAndCloses() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(2);
        bench.pull("r", "{\"no_wait\":true,\"batch\":5}").settle();
        assertEquals(List.of("r:1/1*1", "r:2/2*1", "r:404 No Messages"), bench.brief());
    }

    @Test
    void noWaitBehindGreedyRequestsIsRefused() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.pull("a", "5").settle();
        bench.publish(2);
        bench.pull("r", "{\"no_wait\":true}");
        assertEquals(List.of("r:408 Requests Pending"), bench.brief());
    }

    @Test
    void noWaitWithExpiryWaitsForTheFirstMessages() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.pull("r", "{\"no_wait\":true,\"batch\":5,\"expires\":1000000000}").settle();
        assertEquals(List.of(), bench.brief());
        bench.publish(1);
        bench.settle();
        assertEquals(List.of("r:1/1*1", "r:404 No Messages"), bench.brief());

        bench.pull("q", "{\"no_wait\":true,\"batch\":5,\"expires\":1000000000}").after(SECOND);
        assertEquals(List.of("q:408 Request Timeout"), bench.brief());
    }

    @Test
    void maxBytesEndsWithMessageSizeBatchCompletedOrSilence() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(4);
        bench.pull("small", "{\"max_bytes\":20}").settle();
        assertEquals(List.of("small:409 Message Size Exceeds MaxBytes"), bench.brief());

        bench.pull("left", "{\"max_bytes\":1000,\"batch\":1}").settle();
        final List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals(List.of("left:1/1*1", "left:409 Batch Completed"),
                sent.stream().map(ConsumerBench::brief).toList());
        final int size = sent.getFirst().subject().length() + sent.getFirst().reply().length() + 7;
        assertTrue(sent.getLast().headers().contains("Nats-Pending-Messages: 0\r\nNats-Pending-Bytes: "
                + (1000 - size) + "\r\n"));

        bench.pull("exact", "{\"batch\":9,\"max_bytes\":" + size + "}").settle();
        assertEquals(List.of("exact:2/2*1"), bench.brief());
        assertEquals(0, bench.state().waiting());
    }

    @Test
    void heartbeatsComeWithoutMessages() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(1);
        bench.pull("r", "{\"batch\":5,\"expires\":5000000000,\"idle_heartbeat\":1000000000}").settle();
        bench.sent();

        bench.after(SECOND);

        final RecordingOutbox.Sent heartbeat = bench.sent().getFirst();
        assertEquals("NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 1\r\nNats-Last-Stream: 1\r\n\r\n",
                heartbeat.headers());
        bench.after(SECOND / 2);
        assertEquals(List.of(), bench.brief());
    }

    @Test
    void requestWithoutInterestIsDroppedSilently() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.pull("a", "5").pull("b", "5").settle();
        bench.nowNs += SECOND;
        bench.outbox.gone.add("a");
        bench.publish(2);
        bench.settle();
        assertEquals(List.of("b:1/1*1", "b:2/2*1"), bench.brief());
        assertEquals(1, bench.state().waiting());
    }

    @Test
    void requestMayArriveBeforeItsSubscription() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.outbox.gone.add("late");
        bench.publish(1);
        bench.pull("late", "").settle();
        assertEquals(List.of(), bench.brief());
        bench.outbox.gone.clear();
        assertTrue(bench.engine.nextDeadlineNs() - bench.nowNs <= 10_000_000);
        bench.after(2_000_000);
        assertEquals(List.of("late:1/1*1"), bench.brief());
    }

    @Test
    void maxAckPendingStopsNewMessagesOnly() {
        final ConsumerBench bench = new ConsumerBench(explicit().maxAckPending(2)).lead();
        bench.publish(4);
        bench.pull("r", "10").settle();
        final List<RecordingOutbox.Sent> first = bench.sent();
        assertEquals(2, first.size());

        bench.after(30 * SECOND);
        assertEquals(List.of("r:1/3*2", "r:2/4*2"), bench.brief());
        bench.ack(first.getFirst()).settle();
        assertEquals(List.of("r:3/5*1"), bench.brief());
    }

    @Test
    void noneAcksNeedNoAckAndFloorFollows() {
        final ConsumerBench bench =
                new ConsumerBench(ConsumerConfig.builder().durableName("C").ackPolicy(AckPolicy.NONE)).lead();
        bench.publish(3);
        bench.pull("r", "3").settle();
        assertEquals(3, bench.state().floorStreamSeq());
        assertEquals(3, bench.state().floorConsumerSeq());
        assertEquals(0, bench.state().ackPending());
        assertEquals(List.of("acked 1", "acked 2", "acked 3"), bench.events);
    }

    @Test
    void filteredConsumerCountsAndDeliversOnlyItsMessages() {
        final ConsumerBench bench = new ConsumerBench(explicit().filterSubjects(List.of("a.*", "b.>"))).lead();
        bench.publish("a.1");
        bench.publish("c.1");
        bench.publish("b.x.y");
        bench.publish("a.2");
        assertEquals(3, bench.state().pending());
        bench.pull("r", "2").settle();
        assertEquals(List.of("r:1/1*1", "r:3/2*1"), bench.brief());
        assertEquals(1, bench.state().pending());
        bench.remove(4);
        assertEquals(0, bench.state().pending());
    }

    @Test
    void replicatedDeliveryLeavesOnlyWhenCommitted() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(2);
        bench.pull("r", "{\"batch\":2,\"max_bytes\":9999}").cycle();
        assertEquals(List.of(), bench.brief());

        bench.commit().cycle();
        assertEquals(List.of("r:1/1*1", "r:2/2*1", "r:409 Batch Completed"), bench.brief());
    }

    @Test
    void timeoutOfARequestComesBehindItsMessagesInFlight() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(1);
        bench.pull("r", "{\"batch\":2,\"expires\":1000000000}").cycle();
        bench.nowNs += SECOND;
        bench.cycle();
        assertEquals(List.of(), bench.brief());
        bench.commit().cycle();
        assertEquals(List.of("r:1/1*1", "r:408 Request Timeout"), bench.brief());
    }

    @Test
    void bytesOfAMessageThatVanishesAreGivenBack() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(1);
        bench.pull("r", "{\"batch\":2,\"max_bytes\":100,\"expires\":1000000000}").cycle();
        bench.remove(1);
        bench.settle().after(SECOND);
        assertTrue(bench.sent().getFirst().headers().contains("Nats-Pending-Messages: 2\r\nNats-Pending-Bytes: 100\r"));
    }

    @Test
    void redeliveryWaitsForAStreamThatLagsBehind() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(2);
        bench.pull("a", "2").settle();
        bench.sent();
        bench.engine.onFollower();
        final ConsumerBench other = new ConsumerBench(explicit(), true);
        other.log.addAll(bench.log);
        other.commit();
        other.publish(1);
        other.nowNs += 60 * SECOND;
        other.lead();
        other.pull("b", "2").settle();
        other.settle();
        assertEquals(List.of("b:1/3*2"), other.brief());
        assertEquals(List.of(), other.events);

        other.publish(1);
        other.settle();
        assertEquals(List.of("b:2/4*2"), other.brief());
    }

    @Test
    void messageThatWasCountedIsNotCountedAgain() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final long seq = bench.stream.publish("a");
        assertEquals(1, bench.state().pending());
        bench.engine.onMessageStored(seq);
        assertEquals(1, bench.state().pending());
    }

    @Test
    void messageThatVanishesInFlightGivesItsCreditBack() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(1);
        bench.pull("r", "1").cycle();
        bench.remove(1);
        bench.settle();
        assertEquals(List.of(), bench.brief());
        assertEquals(0, bench.state().ackPending());
        bench.publish(1);
        bench.settle();
        assertEquals(List.of("r:2/2*1"), bench.brief());
    }
}
