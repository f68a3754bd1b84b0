package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.stream.RemovalReason;
import jetstream.engine.subject.FilterSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All kinds of acks, removals, checkpoints and limits in random order, compared with {@link NaiveLedger} after each
 * step.
 */
final class ConsumerModelTest {
    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    private static ConsumerConfig.Builder config(final SplittableRandom random) {
        final AckPolicy policy = switch (random.nextInt(5)) {
            case 0 -> AckPolicy.NONE;
            case 1, 2 -> AckPolicy.ALL;
            default -> AckPolicy.EXPLICIT;
        };
        final ConsumerConfig.Builder config =
                ConsumerConfig.builder().durableName("C").ackPolicy(policy).ackWaitNs(10 * SECOND);
        if (random.nextBoolean()) {
            config.filterSubjects(List.of("a", "c.*"));
        }
        if (policy != AckPolicy.NONE) {
            config.maxAckPending(random.nextInt(3) == 0 ? -1 : 1 + random.nextInt(10));
            config.maxDeliver(random.nextInt(3) == 0 ? -1 : 1 + random.nextInt(3));
        }
        return config;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void stateIsWhatTheEntriesSay(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final ConsumerBench bench = new ConsumerBench(config(random), random.nextBoolean()).lead();
        final NaiveLedger naive = new NaiveLedger();
        final boolean withResets = random.nextInt(3) == 0;
        final List<RecordingOutbox.Sent> open = new ArrayList<>();
        final Map<Long, Integer> deliveries = new HashMap<>();
        int applied = 0;
        for (int step = 0; step < 500; step++) {
            act(bench, random, open);
            if (withResets && random.nextInt(30) == 0) {
                reset(bench, random.nextBoolean() ? 0 : 1 + random.nextLong(bench.stream.lastSeq() + 2));
            }
            if (random.nextInt(3) > 0) {
                bench.settle();
            } else {
                bench.cycle();
            }
            while (applied < bench.appliedCount()) {
                naive.apply(bench.log.get(applied++));
            }
            compare(bench, naive, "seed " + seed + ", step " + step);
            for (final RecordingOutbox.Sent sent : bench.sent()) {
                if (sent.reply().startsWith("$JS.ACK.")) {
                    open.add(sent);
                    assertTrue(withResets || bench.config.maxDeliver() <= 0
                            || sent.deliveries() <= bench.config.maxDeliver(), "seed " + seed);
                    if (withResets) {
                        continue;
                    }
                    assertEquals(deliveries.merge(sent.streamSeq(), 1, Integer::sum), (int) sent.deliveries(),
                            "seed " + seed);
                }
            }
        }
    }

    private static void reset(final ConsumerBench bench, final long seq) {
        final EntryBatch batch = new EntryBatch(64);
        bench.engine.proposeReset(seq, bench.epochNs(), batch);
        bench.append(batch);
    }

    private static void act(final ConsumerBench bench, final SplittableRandom random,
            final List<RecordingOutbox.Sent> open) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> bench.publish(List.of("a", "b", "c.x", "c.x.y").get(random.nextInt(4)));
            case 4, 5 -> bench.pull("r", "{\"batch\":" + (1 + random.nextInt(6)) + ",\"expires\":7000000000}");
            case 6, 7, 8 -> {
                if (!open.isEmpty()) {
                    final String word = List.of("", "+ACK", "-NAK", "-NAK 3s", "+WPI", "+TERM", "junk")
                            .get(random.nextInt(7));
                    bench.ack(open.get(random.nextInt(open.size())).reply(), word, "");
                }
            }
            case 9 -> bench.nowNs += random.nextLong(8 * SECOND);
            case 10 -> {
                final long seq = 1 + random.nextLong(Math.max(1, bench.stream.lastSeq()));
                if (seq <= bench.stream.lastSeq()) {
                    bench.remove(seq);
                }
            }
            default -> {
                if (random.nextInt(10) == 0 && bench.stream.lastSeq() > 5) {
                    final long below = bench.stream.lastSeq() - 4;
                    for (long seq = 1; seq < below; seq++) {
                        bench.stream.remove(seq);
                    }
                    bench.engine.onRemovedBelow(below, RemovalReason.LIMIT);
                }
            }
        }
    }

    private static void compare(final ConsumerBench bench, final NaiveLedger naive, final String where) {
        final ConsumerState state = bench.engine.appliedState(bench.epochNs());
        assertEquals(naive.consumerSeq, state.deliveredConsumerSeq(), where);
        assertEquals(naive.streamSeq, state.deliveredStreamSeq(), where);
        assertEquals(naive.floorConsumerSeq, state.floorConsumerSeq(), where);
        assertEquals(naive.floorStreamSeq, state.floorStreamSeq(), where);
        assertEquals(naive.pending.size(), state.ackPending(), where);
        assertEquals(bench.config.maxDeliver() == 1 ? 0 : naive.redelivered(), state.redelivered(), where);
        assertEquals(naive.done.stream().map(seq -> "acked " + seq).toList(),
                bench.events.stream().filter(event -> event.startsWith("acked")).toList(), where);
        if (bench.appliedCount() == bench.log.size()) {
            final FilterSet filter = FilterSet.of(bench.config.filters());
            assertEquals(bench.stream.pending(filter, naive.streamSeq + 1), bench.state().pending(), where);
        }
        if (bench.appliedCount() == bench.log.size()) {
            final ConsumerState shown = bench.state();
            assertEquals(state.floorStreamSeq(), shown.floorStreamSeq(), where);
            assertEquals(state.floorConsumerSeq(), shown.floorConsumerSeq(), where);
            assertEquals(state.ackPending(), shown.ackPending(), where);
            assertEquals(state.redelivered(), shown.redelivered(), where);
            assertEquals(state.deliveredConsumerSeq(), shown.deliveredConsumerSeq(), where);
        }
        if (!naive.pending.isEmpty()) {
            assertTrue(naive.pending.firstKey() > state.floorStreamSeq(), where + ": L3");
        }
        final ConsumerEngine restored = bench.newEngine();
        restored.restore(ConsumerBench.checkpoint(bench.engine));
        assertEquals(bench.engine.stateHash(), restored.stateHash(), where);
    }
}
