package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.explicit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.DeliverPolicy;
import jetstream.api.entry.EntryBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What survives a change of leader, where delivery starts, and what an administrator may change. */
final class LeaderChangeTest {
    @Test
    void deliveryThatWasNotCommittedIsDeliveredByTheNextLeader() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(2);
        bench.pull("a", "1").settle();
        bench.pull("a", "1").cycle();
        bench.loseProposals();
        bench.engine.onFollower();
        bench.sent();

        bench.lead();
        bench.pull("b", "5").settle();
        assertEquals(List.of("b:2/2*1"), bench.brief());
        bench.after(30 * SECOND);
        assertEquals(List.of("b:1/3*2", "b:2/4*2"), bench.brief());
    }

    @Test
    void committedDeliveryThatNeverLeftIsRedeliveredNotLost() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(1);
        bench.pull("a", "1").cycle().commit();
        bench.engine.onFollower();
        assertEquals(List.of(), bench.brief());

        bench.lead();
        bench.pull("b", "1").after(30 * SECOND);
        assertEquals(List.of("b:1/2*2"), bench.brief());
    }

    @Test
    void followerAppliesToTheSameStateAndACheckpointCarriesIt() {
        final ConsumerBench bench = new ConsumerBench(explicit().maxDeliver(2), true).lead();
        bench.publish(20);
        bench.pull("a", "10").settle();
        final List<RecordingOutbox.Sent> sent = bench.sent();
        bench.ack(sent.get(3)).ack(sent.get(0)).settle();
        bench.pull("w", "20").after(30 * SECOND).after(30 * SECOND).pull("z", "5").settle();

        final ConsumerEngine follower = bench.newEngine();
        bench.log.subList(0, 3).forEach(entry -> ConsumerBench.apply(follower, entry));
        final ConsumerEngine restored = bench.newEngine();
        restored.restore(ConsumerBench.checkpoint(follower));
        assertEquals(follower.stateHash(), restored.stateHash());
        bench.log.subList(3, bench.log.size()).forEach(entry -> ConsumerBench.apply(restored, entry));
        assertEquals(bench.engine.stateHash(), restored.stateHash());
        assertEquals(ConsumerBench.checkpoint(bench.engine).image(), ConsumerBench.checkpoint(restored).image());
    }

    @ParameterizedTest
    @CsvSource({"ALL, 0, 2", "LAST, 0, 5", "NEW, 0, 7", "BY_START_SEQUENCE, 1, 2", "BY_START_SEQUENCE, 4, 4",
        "BY_START_SEQUENCE, 9, 9", "BY_START_TIME, 3, 3", "BY_START_TIME, 0, 2", "BY_START_TIME, 99, 7"})
    void startOfDelivery(final DeliverPolicy policy, final long option, final long firstSeq) {
        final ConsumerConfig.Builder config = ConsumerConfig.builder().durableName("C").ackPolicy(AckPolicy.EXPLICIT)
                .deliverPolicy(policy).filterSubject(policy == DeliverPolicy.LAST ? "odd" : "");
        if (policy == DeliverPolicy.BY_START_SEQUENCE) {
            config.optStartSeq(option);
        } else if (policy == DeliverPolicy.BY_START_TIME) {
            config.optStartTime(Instant.ofEpochSecond(0, option));
        }
        final ConsumerBench bench = new ConsumerBench(config);
        for (int i = 1; i <= 6; i++) {
            bench.stream.publish(i % 2 == 1 ? "odd" : "even");
        }
        bench.stream.remove(1);
        bench.lead();
        assertEquals(firstSeq - 1, bench.state().deliveredStreamSeq());
        assertEquals(firstSeq - 1, bench.state().floorStreamSeq());
        for (int i = 7; i <= 9; i++) {
            bench.publish("odd");
        }
        bench.pull("r", "1").settle();
        assertEquals(List.of("r:" + firstSeq + "/1*1"), bench.brief());
    }

    @Test
    void lastPerSubjectIsFixedAtCreationAndSurvivesALeader() {
        final ConsumerBench bench = new ConsumerBench(
                explicit().deliverPolicy(DeliverPolicy.LAST_PER_SUBJECT).filterSubject("k.*"), true);
        for (final String key : List.of("k.a", "k.b", "k.a", "other", "k.c", "k.b")) {
            bench.stream.publish(key);
        }
        bench.lead();
        assertEquals(3, bench.state().pending());
        bench.publish("k.a");
        assertEquals(4, bench.state().pending());
        bench.pull("r", "1").settle();
        bench.engine.onFollower();
        bench.lead();
        bench.pull("r", "9").settle();
        assertEquals(List.of("r:3/1*1", "r:5/2*1", "r:6/3*1", "r:7/4*1"), bench.brief());
    }

    @Test
    void resetGoesBackToTheFloorOrToASequence() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(5);
        bench.pull("r", "4").settle();
        final List<RecordingOutbox.Sent> sent = bench.sent();
        bench.ack(sent.get(0)).settle();
        assertNull(reset(bench, 0));
        bench.settle();
        assertEquals(List.of("acked 1", "reset 2"), bench.events);
        assertEquals(0, bench.state().ackPending());
        bench.pull("r", "2").settle();
        assertEquals(List.of("r:2/1*1", "r:3/2*1"), bench.brief());
        assertNull(reset(bench, 5));
        bench.settle();
        assertEquals(4, bench.state().floorStreamSeq());
        bench.pull("r", "1").settle();
        assertEquals(List.of("r:5/1*1"), bench.brief());
    }

    @Test
    void deliveryThatAResetHasOvertakenIsIgnored() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.publish(5);
        bench.pull("r", "2").settle();
        assertEquals(List.of("r:1/1*1", "r:2/2*1"), bench.brief());
        bench.pull("r", "2");
        final EntryBatch held = new EntryBatch(64);
        bench.engine.deliver(bench.nowNs, bench.epochNs(), held);
        assertNull(reset(bench, 2));
        bench.append(held);
        bench.commit();
        assertEquals(4, bench.state().pending());
        assertEquals(1, bench.state().waiting());
        bench.settle();
        assertEquals(List.of("r:2/1*1", "r:3/2*1"), bench.brief());
        assertEquals(2, bench.state().ackPending());
    }

    @Test
    void resetIsRefusedWhereTheStartIsFixed() {
        final ConsumerBench last = new ConsumerBench(explicit().deliverPolicy(DeliverPolicy.NEW)).lead();
        assertEquals("invalid reset: not allowed", reset(last, 1));
        final ConsumerBench bySeq =
                new ConsumerBench(explicit().deliverPolicy(DeliverPolicy.BY_START_SEQUENCE).optStartSeq(5)).lead();
        assertEquals("invalid reset: below start seq", reset(bySeq, 4));
        assertNull(reset(bySeq, 5));
    }

    private static String reset(final ConsumerBench bench, final long seq) {
        final EntryBatch batch = new EntryBatch(64);
        final var failure = bench.engine.proposeReset(seq, bench.epochNs(), batch);
        bench.append(batch);
        return failure == null ? null : failure.description();
    }

    @Test
    void pauseStopsDeliveryAndEndsByItself() {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(2);
        final EntryBatch batch = new EntryBatch(64);
        bench.engine.proposePause(bench.epochNs() + SECOND, bench.epochNs(), batch);
        bench.append(batch);
        bench.settle();
        bench.pull("r", "1").settle();
        assertEquals(List.of(), bench.brief());
        assertEquals(bench.nowNs + SECOND, bench.engine.nextDeadlineNs());
        bench.after(SECOND);
        assertEquals(List.of("r:1/1*1"), bench.brief());
        assertEquals(List.of("paused", "resumed"), bench.events);
        assertEquals(0, bench.state().pausedUntilEpochNs());
    }

    @Test
    void newFiltersKeepThePositionAndTravelInACheckpoint() {
        final ConsumerBench bench = new ConsumerBench(explicit().filterSubject("a")).lead();
        bench.publish("a");
        bench.publish("b");
        bench.publish("a");
        bench.pull("r", "2").settle();
        bench.publish("b");
        bench.publish("a");
        final EntryBatch batch = new EntryBatch(64);
        bench.engine.proposeConfig("b".getBytes(StandardCharsets.UTF_8), bench.epochNs(), batch);
        bench.append(batch);
        bench.settle();
        bench.pull("r", "5").settle();
        assertEquals(List.of("r:1/1*1", "r:3/2*1", "r:4/3*1"), bench.brief());

        final ConsumerEngine restored = bench.newEngine();
        restored.restore(ConsumerBench.checkpoint(bench.engine));
        assertEquals("b", restored.config().filterSubject());
        assertNotNull(restored.identity());
    }

    @Test
    void longScanIsCutAndRemembered() {
        final ConsumerBench bench = new ConsumerBench(explicit().filterSubject("b"));
        bench.stream.scanLimit(1000);
        for (int i = 0; i < 70_000; i++) {
            bench.stream.publish("a");
        }
        bench.stream.publish("b");
        bench.lead();
        bench.pull("r", "1").settle();
        assertEquals(List.of("r:70001/1*1"), bench.brief());
    }
}
