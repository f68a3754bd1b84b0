package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.explicit;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import jetstream.api.config.AckPolicy;
import jetstream.engine.stream.RemovalReason;
import org.junit.jupiter.api.Test;

/** spec/consumers.md sections 4 and 5, spec/jetstream-api.md section 4. */
final class AckTest {
    private static List<RecordingOutbox.Sent> deliver(final ConsumerBench bench, final int count) {
        bench.publish(count);
        bench.pull("r", Integer.toString(count)).settle();
        return bench.sent();
    }

    @Test
    void floorIsTheHighestContiguousAck() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final List<RecordingOutbox.Sent> sent = deliver(bench, 3);

        bench.ack(sent.get(1)).settle();
        assertEquals(0, bench.state().floorStreamSeq());
        bench.ack(sent.get(0)).settle();
        assertEquals(2, bench.state().floorStreamSeq());
        assertEquals(2, bench.state().floorConsumerSeq());
        assertEquals(1, bench.state().ackPending());
        assertEquals(List.of("acked 2", "acked 1"), bench.events);
    }

    @Test
    void ackAllTakesEverythingBefore() {
        final ConsumerBench bench = new ConsumerBench(explicit().ackPolicy(AckPolicy.ALL)).lead();
        final List<RecordingOutbox.Sent> sent = deliver(bench, 4);
        bench.ack(sent.get(2)).settle();
        assertEquals(3, bench.state().floorStreamSeq());
        assertEquals(3, bench.state().floorConsumerSeq());
        assertEquals(1, bench.state().ackPending());
        assertEquals(List.of("acked 1", "acked 2", "acked 3"), bench.events);
    }

    @Test
    void answerComesOnlyWhenTheAckIsApplied() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        final RecordingOutbox.Sent sent = deliver(bench, 1).getFirst();
        bench.ack(sent.reply(), "", "inbox").cycle();
        bench.ack(sent.reply(), "+ACK", "again").cycle();
        assertEquals(List.of(), bench.brief());
        bench.commit().cycle();
        final List<RecordingOutbox.Sent> answers = bench.sent();
        assertEquals(List.of("inbox:", "again:"), answers.stream().map(ConsumerBench::brief).toList());
        assertEquals("", answers.getFirst().headers() + answers.getFirst().payload());
    }

    @Test
    void infoShowsAcksThatAreOnTheWay() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        final List<RecordingOutbox.Sent> sent = deliver(bench, 3);
        bench.ack(sent.get(0)).cycle();
        assertEquals(1, bench.state().floorStreamSeq());
        assertEquals(2, bench.state().ackPending());
        bench.ack(sent.get(2)).ack(sent.get(1)).cycle();
        assertEquals(3, bench.state().floorConsumerSeq());
        assertEquals(0, bench.engine.appliedState(0).floorStreamSeq());
    }

    @Test
    void ackOfWhatWasNotDeliveredIsNotAnswered() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        deliver(bench, 1);
        bench.publish(1);
        bench.ack("$JS.ACK.S.C.1.2.2.5.0", "", "inbox").ack("$JS.ACK.S.C.1.x.2.5.0", "", "inbox").settle();
        bench.ack("$JS.ACK.S.C.1.1.1.5", "", "inbox").settle();
        assertEquals(List.of(), bench.brief());
        assertEquals(1, bench.state().ackPending());
    }

    @Test
    void versionTwoSubjectIsUnderstood() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        deliver(bench, 2);
        bench.ack("$JS.ACK._.ACCHASH1.S.C.1.1.1.5.0", "+OK", "").settle();
        bench.ack("$JS.ACK.hub.ACCHASH1.S.C.1.2.2.5.0.more.tokens", "", "").settle();
        assertEquals(0, bench.state().ackPending());
    }

    @Test
    void unknownPayloadHasNoEffectButIsAnswered() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final RecordingOutbox.Sent sent = deliver(bench, 1).getFirst();
        bench.ack(sent.reply(), "what?", "inbox").settle();
        assertEquals(List.of("inbox:"), bench.brief());
        assertEquals(1, bench.state().ackPending());
    }

    @Test
    void nakRedeliversAtOnceOrLater() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final List<RecordingOutbox.Sent> sent = deliver(bench, 3);
        bench.pull("q", "10");
        bench.ack(sent.get(0).reply(), "-NAK", "inbox").settle();
        assertEquals(List.of("inbox:", "q:1/4*2"), bench.brief());
        bench.ack(sent.get(1).reply(), "-NAK 2s", "").ack(sent.get(2).reply(), "-NAK {\"delay\": 1000000000}", "");
        bench.settle();
        assertEquals(List.of(), bench.brief());
        bench.after(SECOND);
        assertEquals(List.of("q:3/5*2"), bench.brief());
        bench.after(SECOND);
        assertEquals(List.of("q:2/6*2"), bench.brief());
        assertEquals(List.of("nak 1 1 1", "nak 2 2 1", "nak 3 3 1"), bench.events);
        assertEquals(3, bench.state().redelivered());
    }

    @Test
    void progressRestartsTheWait() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final RecordingOutbox.Sent sent = deliver(bench, 1).getFirst();
        bench.pull("q", "1");
        bench.after(20 * SECOND);
        bench.ack(sent.reply(), "+WPI", "").after(20 * SECOND);
        assertEquals(List.of(), bench.brief());
        bench.after(10 * SECOND);
        assertEquals(List.of("q:1/2*2"), bench.brief());
    }

    @Test
    void nextAcksAndPullsWithoutAnAnswer() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final RecordingOutbox.Sent sent = deliver(bench, 1).getFirst();
        bench.publish(3);
        bench.ack(sent.reply(), "+NXT 2", "inbox").settle();
        assertEquals(List.of("inbox:2/2*1", "inbox:3/3*1"), bench.brief());
        assertEquals(2, bench.state().ackPending());
        bench.ack("$JS.ACK.S.C.1.2.2.5.0", "+NXT {\"batch\":1}", "inbox").settle();
        assertEquals(List.of("inbox:4/4*1"), bench.brief());
    }

    @Test
    void termRemovesWithAReason() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final RecordingOutbox.Sent sent = deliver(bench, 1).getFirst();
        bench.ack(sent.reply(), "+TERM no good", "inbox").settle();
        assertEquals(List.of("inbox:"), bench.brief());
        assertEquals(List.of("term 1 1 1 no good", "acked 1"), bench.events);
        assertEquals(1, bench.state().floorStreamSeq());
    }

    @Test
    void backoffSetsEachWaitAndRepeatsItsLast() {
        final ConsumerBench bench =
                new ConsumerBench(explicit().backoffNs(List.of(SECOND, 3 * SECOND)).maxDeliver(5)).lead();
        deliver(bench, 1);
        bench.pull("q", "10");
        bench.after(SECOND);
        assertEquals(List.of("q:1/2*2"), bench.brief());
        bench.after(2 * SECOND);
        assertEquals(List.of(), bench.brief());
        bench.after(SECOND);
        assertEquals(List.of("q:1/3*3"), bench.brief());
        bench.after(3 * SECOND);
        assertEquals(List.of("q:1/4*4"), bench.brief());
    }

    @Test
    void maxDeliverIsToldOnceAndMovesTheFloor() {
        final ConsumerBench bench = new ConsumerBench(explicit().maxDeliver(2)).lead();
        deliver(bench, 1);
        bench.pull("q", "10").after(30 * SECOND);
        assertEquals(List.of("q:1/2*2"), bench.brief());
        bench.after(30 * SECOND).after(60 * SECOND);
        assertEquals(List.of(), bench.brief());
        assertEquals(List.of("max 1 2"), bench.events);
        assertEquals(0, bench.state().ackPending());
        assertEquals(1, bench.state().redelivered());
        assertEquals(1, bench.state().floorStreamSeq());
        assertEquals(2, bench.state().floorConsumerSeq());

        bench.ack("$JS.ACK.S.C.2.1.2.5.0", "", "inbox").settle();
        assertEquals(0, bench.state().redelivered());
        assertEquals(List.of("inbox:"), bench.brief());
    }

    @Test
    void messagesThatExpireTogetherComeInStreamOrder() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        final List<RecordingOutbox.Sent> sent = deliver(bench, 4);
        bench.ack(sent.get(3).reply(), "+WPI", "").ack(sent.get(1)).settle();
        bench.publish(1);
        bench.nowNs += 31 * SECOND;
        bench.pull("q", "10").settle();
        assertEquals(List.of("q:1/5*2", "q:3/6*2", "q:4/7*2", "q:5/8*1"), bench.brief());
    }

    @Test
    void deletedMessageIsTerminated() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        deliver(bench, 2);
        bench.remove(1);
        bench.settle();
        assertEquals(List.of("term 1 1 1 Unacknowledged message was deleted", "acked 1"), bench.events);
        assertEquals(1, bench.state().floorStreamSeq());
        assertEquals(1, bench.state().ackPending());
    }

    @Test
    void messagesBelowALimitAreTerminated() {
        final ConsumerBench bench = new ConsumerBench(explicit().maxDeliver(1)).lead();
        deliver(bench, 2);
        bench.after(30 * SECOND);
        assertEquals(List.of("max 1 1", "max 2 1"), bench.events);
        bench.events.clear();
        deliver(bench, 3);
        for (int seq = 1; seq <= 4; seq++) {
            bench.stream.remove(seq);
        }
        bench.engine.onRemovedBelow(5, RemovalReason.AGE);
        bench.settle();
        assertEquals(List.of("term 3 3 1 Message deleted by stream limits",
                "term 4 4 1 Message deleted by stream limits", "acked 3", "acked 4", "acked 1", "acked 2"),
                bench.events);
        assertEquals(1, bench.state().ackPending());
        assertEquals(4, bench.state().floorStreamSeq());
    }

    @Test
    void samplesEveryAckAtHundredPercent() {
        final ConsumerBench bench = new ConsumerBench(explicit().sampleFreq("100%")).lead();
        final RecordingOutbox.Sent sent = deliver(bench, 1).getFirst();
        bench.nowNs += 5;
        bench.ack(sent).settle();
        assertEquals(List.of("sample 1 1 1 5", "acked 1"), bench.events);
    }
}
