package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three members of a consumer's group whose streams lag behind each other, under random leader changes, lost
 * proposals, restarts from checkpoints and acks. What must hold: a message whose ack was answered never comes again,
 * none is skipped, and members at the same index are equal.
 */
final class ConsumerClusterTest {
    private static final int MEMBERS = 3;

    static LongStream seeds() {
        return LongStream.range(0, 80);
    }

    /** A member: its stream lags, its engine is driven by the schedule. */
    private static final class Member {
        MemoryStream stream = new MemoryStream();
        ConsumerEngine engine;
        int applied;
    }

    private final Member[] members = new Member[MEMBERS];
    private final RecordingOutbox outbox = new RecordingOutbox();
    private final List<String> stored = new ArrayList<>();
    private final List<byte[]> log = new ArrayList<>();
    private final TreeSet<Long> confirmed = new TreeSet<>();
    private final TreeSet<Long> delivered = new TreeSet<>();
    private final List<RecordingOutbox.Sent> open = new ArrayList<>();
    private final Map<Integer, Long> hashes = new HashMap<>();
    private final ConsumerConfig config = ConsumerConfig.builder().durableName("C").ackPolicy(AckPolicy.EXPLICIT)
            .ackWaitNs(10 * SECOND).maxAckPending(15).filterSubject("a").build();
    private int committed;
    private int leader;
    private long nowNs = 1_000 * SECOND;
    private String where = "";

    @ParameterizedTest
    @MethodSource("seeds")
    void ackedMessagesStayAckedAndNoneIsSkipped(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MEMBERS; i++) {
            members[i] = new Member();
            members[i].engine = newEngine(members[i]);
        }
        elect(0);
        for (int step = 0; step < 600; step++) {
            where = "seed " + seed + ", step " + step;
            act(random);
            takeMessages();
        }
        drain();
        final TreeSet<Long> expected = new TreeSet<>();
        for (int i = 0; i < stored.size(); i++) {
            if (stored.get(i).equals("a")) {
                expected.add(i + 1L);
            }
        }
        assertEquals(expected, delivered, where);
        assertEquals(0, members[leader].engine.state(epochNs()).ackPending(), where);
    }

    private void act(final SplittableRandom random) {
        switch (random.nextInt(12)) {
            case 0, 1 -> stored.add(random.nextInt(3) > 0 ? "a" : "b");
            case 2 -> replicateStream(members[random.nextInt(MEMBERS)], random.nextInt(4));
            case 3, 4 -> pull(1 + random.nextInt(4));
            case 5, 6 -> {
                if (!open.isEmpty()) {
                    final RecordingOutbox.Sent sent = open.get(random.nextInt(open.size()));
                    final boolean isNak = random.nextInt(5) == 0;
                    final ClientMessage ack = ConsumerBench.message(sent.reply(),
                            isNak ? "" : "ack." + sent.streamSeq(), isNak ? "-NAK" : "+ACK");
                    members[leader].engine.onAck(ack, nowNs, epochNs());
                }
            }
            case 7 -> nowNs += random.nextLong(6 * SECOND);
            case 8 -> committed += random.nextInt(log.size() - committed + 1);
            case 9 -> apply(members[random.nextInt(MEMBERS)]);
            case 10 -> {
                if (random.nextInt(3) == 0) {
                    changeLeader(random.nextInt(MEMBERS));
                }
            }
            default -> restart(members[(leader + 1) % MEMBERS]);
        }
        apply(members[leader]);
        cycle();
    }

    private ConsumerEngine newEngine(final Member member) {
        return new ConsumerEngine(new ConsumerIdentity("S", "C", 0), config,
                new ConsumerPorts(member.stream, outbox, ConsumerListener.NONE),
                new ConsumerSettings(true, 1, "", "", 1 << 20, json -> config));
    }

    private long epochNs() {
        return ConsumerBench.EPOCH + nowNs;
    }

    private void replicateStream(final Member member, final int count) {
        for (int i = 0; i < count && member.stream.lastSeq() < stored.size(); i++) {
            final String subject = stored.get((int) member.stream.lastSeq());
            member.engine.onMessageStored(member.stream.publish(subject));
        }
    }

    private void pull(final int batch) {
        members[leader].engine.onPullRequest(ConsumerBench.message("next", "r", Integer.toString(batch)), nowNs);
    }

    private void cycle() {
        final EntryBatch batch = new EntryBatch(256);
        members[leader].engine.deliver(nowNs, epochNs(), batch);
        batch.seal(7, log.size() + 1L, 1);
        int at = batch.offset();
        while (at < batch.limit()) {
            final byte[] entry = new byte[EntryLayout.entryLength(batch.buffer(), at)];
            batch.buffer().get(at, entry);
            log.add(entry);
            at += entry.length;
        }
    }

    private void apply(final Member member) {
        while (member.applied < committed) {
            ConsumerBench.apply(member.engine, log.get(member.applied++));
            final Long hash = hashes.putIfAbsent(member.applied, member.engine.stateHash());
            assertTrue(hash == null || hash == member.engine.stateHash(), where + ": members differ");
        }
    }

    /** The old leader's entries that are not committed may be lost; the new one knows all that are. */
    private void changeLeader(final int next) {
        members[leader].engine.onFollower();
        while (log.size() > committed) {
            log.removeLast();
        }
        takeMessages();
        elect(next);
    }

    private void elect(final int next) {
        leader = next;
        apply(members[next]);
        members[next].engine.onLeader(nowNs, epochNs());
    }

    private void restart(final Member member) {
        final ConsumerEngine restored = newEngine(member);
        restored.restore(ConsumerBench.checkpoint(member.engine));
        assertEquals(member.engine.stateHash(), restored.stateHash(), where);
        member.engine = restored;
    }

    private void takeMessages() {
        for (final RecordingOutbox.Sent sent : outbox.take()) {
            if (sent.to().startsWith("ack.")) {
                confirmed.add(Long.parseLong(sent.to().substring(4)));
            } else if (sent.reply().startsWith("$JS.ACK.")) {
                assertFalse(confirmed.contains(sent.streamSeq()), where + ": delivered after a confirmed ack");
                delivered.add(sent.streamSeq());
                open.add(sent);
            }
        }
    }

    private void drain() {
        for (int round = 0; round < 60; round++) {
            nowNs += 11 * SECOND;
            replicateStream(members[leader], stored.size());
            pull(100);
            for (int i = 0; i < 4; i++) {
                cycle();
                committed = log.size();
                apply(members[leader]);
                takeMessages();
            }
            for (final RecordingOutbox.Sent sent : open) {
                members[leader].engine.onAck(ConsumerBench.message(sent.reply(), "", ""), nowNs, epochNs());
            }
            open.clear();
        }
        for (final Member member : members) {
            apply(member);
        }
    }
}
