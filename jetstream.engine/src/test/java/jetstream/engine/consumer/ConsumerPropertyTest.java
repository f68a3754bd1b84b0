package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.explicit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random schedules against naive models. The seed is the argument. */
final class ConsumerPropertyTest {
    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    /** At least once, nothing skipped, nothing delivered after a confirmed ack; all members agree. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyMessageIsDeliveredUntilItIsAcked(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final boolean replicated = random.nextInt(3) > 0;
        final ConsumerBench bench = new ConsumerBench(explicit().maxAckPending(1 + random.nextInt(20))
                .filterSubject("a"), replicated).lead();
        final TreeSet<Long> matching = new TreeSet<>();
        final TreeSet<Long> acked = new TreeSet<>();
        final List<RecordingOutbox.Sent> open = new ArrayList<>();
        long expectedConsumerSeq = 0;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> publishOne(bench, random, matching);
                case 3, 4 -> bench.pull("r" + random.nextInt(3), "{\"batch\":" + (1 + random.nextInt(5)) + "}");
                case 5, 6 -> ackOne(bench, random, open, acked);
                case 7 -> bench.nowNs += random.nextLong(20 * SECOND);
                case 8 -> bench.commit();
                default -> {
                    if (replicated && random.nextInt(4) == 0) {
                        bench.loseProposals();
                        acked.removeIf(seq -> bench.engine.needs(seq));
                        bench.engine.onFollower();
                        open.addAll(deliveries(bench));
                        bench.engine.onLeader(bench.nowNs, bench.epochNs());
                        expectedConsumerSeq = 0;
                    }
                }
            }
            bench.cycle();
            for (final RecordingOutbox.Sent sent : deliveries(bench)) {
                assertTrue(matching.contains(sent.streamSeq()), "seed " + seed + ": filter");
                assertFalse(acked.contains(sent.streamSeq()) && !replicated, "seed " + seed + ": after ack");
                // A redelivery that was acked on its way is not sent: its consumer sequence stays unused.
                assertTrue(replicated ? sent.consumerSeq() > expectedConsumerSeq
                        : sent.consumerSeq() == expectedConsumerSeq + 1, "seed " + seed);
                expectedConsumerSeq = sent.consumerSeq();
                open.add(sent);
            }
        }
        drain(bench, seed, matching, acked);
        final ConsumerEngine replay = bench.newEngine();
        bench.log.forEach(entry -> ConsumerBench.apply(replay, entry));
        assertEquals(bench.engine.stateHash(), replay.stateHash(), "seed " + seed);
    }

    private static void publishOne(final ConsumerBench bench, final SplittableRandom random,
            final TreeSet<Long> matching) {
        final boolean isMatch = random.nextInt(3) > 0;
        final long seq = bench.publish(isMatch ? "a" : "b");
        if (isMatch) {
            matching.add(seq);
        }
    }

    private static void ackOne(final ConsumerBench bench, final SplittableRandom random,
            final List<RecordingOutbox.Sent> open, final TreeSet<Long> acked) {
        if (open.isEmpty()) {
            return;
        }
        final RecordingOutbox.Sent sent = open.remove(random.nextInt(open.size()));
        if (random.nextInt(4) == 0) {
            bench.ack(sent.reply(), "-NAK", "");
        } else {
            bench.ack(sent);
            acked.add(sent.streamSeq());
        }
    }

    private static List<RecordingOutbox.Sent> deliveries(final ConsumerBench bench) {
        return bench.sent().stream().filter(sent -> sent.reply().startsWith("$JS.ACK.")).toList();
    }

    /** Acknowledges whatever still comes: in the end every matching message was acked and nothing is pending. */
    private static void drain(final ConsumerBench bench, final long seed, final TreeSet<Long> matching,
            final TreeSet<Long> acked) {
        for (int round = 0; round < 100; round++) {
            bench.pull("last", "1000").after(31 * SECOND);
            for (final RecordingOutbox.Sent sent : deliveries(bench)) {
                bench.ack(sent);
                acked.add(sent.streamSeq());
            }
            bench.settle();
        }
        final TreeSet<Long> missing = new TreeSet<>(matching);
        missing.removeAll(acked);
        assertEquals(new TreeSet<>(), missing, "seed " + seed);
        assertEquals(0, bench.state().ackPending(), "seed " + seed);
        assertEquals(0, bench.state().pending(), "seed " + seed);
        assertEquals(bench.state().deliveredStreamSeq(), bench.state().floorStreamSeq(), "seed " + seed);
        assertEquals(bench.state().deliveredConsumerSeq(), bench.state().floorConsumerSeq(), "seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void pendingTableBehavesAsASortedMap(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final PendingTable table = new PendingTable();
        final TreeMap<Long, int[]> model = new TreeMap<>();
        long next = 1;
        for (int step = 0; step < 3_000; step++) {
            final int choice = random.nextInt(100);
            if (choice < 45) {
                next += 1 + (random.nextInt(5) == 0 ? random.nextInt(50) : 0);
                table.add(next, step, step, 1);
                model.put(next, new int[] {step, step, 1});
            } else if (choice < 90) {
                final long seq = random.nextInt(3) == 0 && !model.isEmpty() ? model.firstKey() : pick(random, next);
                assertEquals(model.remove(seq) != null, table.remove(seq), "seed " + seed);
            } else {
                final long seq = pick(random, next);
                final int position = table.find(seq);
                assertEquals(model.containsKey(seq), position >= 0, "seed " + seed);
                if (position >= 0) {
                    table.update(position, step, table.countAt(position) + 1);
                    model.get(seq)[1] = step;
                    model.get(seq)[2]++;
                }
            }
            assertEquals(model.size(), table.size());
        }
        final PendingTable same = new PendingTable();
        model.forEach((seq, row) -> same.add(seq, row[0], row[1], row[2]));
        assertEquals(same.hash(), table.hash(), "seed " + seed);
        assertEquals(model.values().stream().filter(row -> row[2] > 1).count(), table.redelivered());
        if (!model.isEmpty()) {
            assertEquals(model.firstKey(), table.firstSeq());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void redeliveryForgetsDeadlinesOfAckedMessages(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Redelivery redelivery = new Redelivery();
        for (long seq = 1; seq <= 5_000; seq++) {
            redelivery.delivered(seq, seq, 1_000_000 + seq);
            redelivery.remove(seq - random.nextInt(20));
        }
        assertTrue(redelivery.scheduled() <= 2 * redelivery.size() + 65, "seed " + seed);
        final int waiting = redelivery.size();
        assertEquals(waiting, redelivery.expire(Long.MAX_VALUE - 5, 10_000), "seed " + seed);
    }

    private static long pick(final SplittableRandom random, final long next) {
        return Math.max(1, next - random.nextInt(400));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void heapGivesDeadlinesInOrder(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final DeadlineHeap heap = new DeadlineHeap();
        final List<Long> model = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            if (random.nextInt(3) > 0) {
                final long deadline = random.nextLong(500);
                heap.add(deadline, deadline * 7);
                model.add(deadline);
            } else if (heap.size() > 0) {
                final long least = model.stream().mapToLong(Long::longValue).min().orElseThrow();
                assertEquals(least, heap.firstDeadlineNs(), "seed " + seed);
                assertEquals(least * 7, heap.firstSeq(), "seed " + seed);
                heap.removeFirst();
                model.remove(Long.valueOf(least));
            }
        }
    }
}
