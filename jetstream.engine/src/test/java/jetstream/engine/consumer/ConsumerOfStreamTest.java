package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiFailure;
import jetstream.engine.Outbox;
import jetstream.engine.stream.PublishDraft;
import jetstream.engine.stream.RemovalReason;
import jetstream.engine.stream.StreamEngine;
import jetstream.engine.stream.StreamEntries;
import jetstream.engine.stream.StreamListener;
import jetstream.engine.subject.FilterSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Consumers over the real stream: limits, deletes and purges while they deliver. The seed is the argument. */
final class ConsumerOfStreamTest implements StreamListener {
    private final TestLog log = new TestLog();
    private final StreamEngine stream = new StreamEngine(StreamConfig.builder().name("S").subjects(List.of(">"))
            .maxMsgs(40).maxMsgsPerSubject(9).build(), 0, log, this, bytes -> null);
    private final RecordingOutbox outbox = new RecordingOutbox();
    private final EntryBatch batch = new EntryBatch(256);
    private final List<RecordingOutbox.Sent> open = new ArrayList<>();
    private ConsumerConfig config;
    private ConsumerEngine consumer;
    private long nowNs = SECOND;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void numbersFitTheStream(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<List<String>> filters = List.of(List.of(), List.of("s.1"), List.of("s.*"), List.of("s.2", "t.>"));
        config = ConsumerBench.explicit().filterSubjects(filters.get(random.nextInt(filters.size()))).build();
        consumer = new ConsumerEngine(new ConsumerIdentity("S", "C", 0), config,
                new ConsumerPorts(stream, outbox, ConsumerListener.NONE),
                new ConsumerSettings(random.nextBoolean(), seed, "", "", 1 << 20, json -> config));
        consumer.onLeader(nowNs, nowNs);
        cycle();
        long lastNew = 0;
        for (int step = 0; step < 400; step++) {
            act(random);
            cycle();
            final FilterSet filter = FilterSet.of(config.filters());
            final ConsumerState state = consumer.state(nowNs);
            assertEquals(stream.pending(filter, state.deliveredStreamSeq() + 1), state.pending(), "seed " + seed);
            for (final RecordingOutbox.Sent sent : outbox.take()) {
                if (sent.reply().startsWith("$JS.ACK.")) {
                    assertEquals("body " + sent.streamSeq(), sent.payload(), "seed " + seed);
                    assertTrue(sent.deliveries() > 1 || sent.streamSeq() > lastNew, "seed " + seed);
                    lastNew = Math.max(lastNew, sent.streamSeq());
                    open.add(sent);
                }
            }
        }
    }

    private void act(final SplittableRandom random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> publish(List.of("s.1", "s.2", "t.x.y").get(random.nextInt(3)));
            case 4, 5 -> consumer.onPullRequest(ConsumerBench.message("n", "r", "" + (1 + random.nextInt(4))), nowNs);
            case 6, 7 -> {
                if (!open.isEmpty()) {
                    final RecordingOutbox.Sent sent = open.remove(random.nextInt(open.size()));
                    consumer.onAck(ConsumerBench.message(sent.reply(), "", random.nextInt(3) == 0 ? "-NAK" : ""),
                            nowNs, nowNs);
                }
            }
            case 8 -> {
                if (stream.lastSeq() > 0) {
                    StreamEntries.deleteMessage(batch, nowNs, 1 + random.nextLong(stream.lastSeq()), false);
                    apply();
                }
            }
            default -> {
                nowNs += random.nextLong(9 * SECOND);
                if (random.nextInt(6) == 0) {
                    StreamEntries.purge(batch, nowNs, "s.1".getBytes(StandardCharsets.UTF_8), 0, random.nextInt(2));
                    apply();
                }
            }
        }
    }

    private void publish(final String subject) {
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        final byte[] body = ("body " + (stream.lastSeq() + 1)).getBytes(StandardCharsets.UTF_8);
        final PublishDraft draft = new PublishDraft().subject(bytes, bytes.length).headers(Outbox.EMPTY, 0, 0)
                .payload(ByteBuffer.wrap(body), 0, body.length);
        StreamEntries.publish(batch, nowNs, (byte) 0, draft);
        apply();
    }

    private void apply() {
        batch.seal(1, log.lastIndex() + 1, 1);
        log.append(batch);
        final EntryView view = new EntryView();
        view.wrap(batch.buffer(), batch.offset());
        stream.apply(view);
        batch.clear();
    }

    /** Delivers and commits until nothing is left. */
    private void cycle() {
        final EntryBatch proposals = new EntryBatch(256);
        for (int i = 0; i < 3; i++) {
            proposals.clear();
            consumer.deliver(nowNs, nowNs, proposals);
            final ConsumerBench.EntryWalk walk = new ConsumerBench.EntryWalk(proposals);
            while (walk.hasNext()) {
                consumer.apply(walk.next());
            }
        }
    }

    @Override
    public void onStored(final long index, final long seq, final EntryView entry) {
        consumer.onMessageStored(seq);
    }

    @Override
    public void onRemoved(final long seq, final RemovalReason reason) {
        consumer.onRemoved(seq, reason);
    }

    @Override
    public void onRemovedBelow(final long seq, final RemovalReason reason) {
        consumer.onRemovedBelow(seq, reason);
    }

    @Override
    public void onRefused(final long index, final ApiFailure failure) {
        throw new AssertionError(failure.description());
    }

    @Override
    public void onSkipped(final long index, final long seq) {
        // Nothing is skipped.
    }

    @Override
    public void onDuplicate(final long index, final long originalSeq) {
        // There are no duplicates.
    }

    @Override
    public void onPurged(final long index, final long count, final ApiFailure failure) {
        // Removals tell enough.
    }

    @Override
    public void onDeleted(final long index, final ApiFailure failure) {
        // Removals tell enough.
    }

    @Override
    public void onConfig(final long index, final StreamConfig newConfig) {
        // It stays.
    }

    @Override
    public void onMarkerDue(final long seq) {
        // There are no markers.
    }
}
