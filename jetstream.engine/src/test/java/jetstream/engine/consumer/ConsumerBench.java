package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.engine.stream.RemovalReason;

/** A consumer on a test bench: a log that commits when told, a stream in memory, an outbox that keeps everything. */
final class ConsumerBench {
    static final long SECOND = 1_000_000_000L;
    static final long EPOCH = 1_700_000_000L * SECOND;

    final MemoryStream stream = new MemoryStream();
    final RecordingOutbox outbox = new RecordingOutbox();
    final List<String> events = new ArrayList<>();
    final List<byte[]> log = new ArrayList<>();
    ConsumerConfig config;
    boolean replicated;
    ConsumerEngine engine;
    long nowNs = 1_000 * SECOND;
    private int appliedCount;

    ConsumerBench(final ConsumerConfig.Builder config) {
        this(config, false);
    }

    ConsumerBench(final ConsumerConfig.Builder config, final boolean replicated) {
        this.config = config.build();
        this.replicated = replicated;
        engine = newEngine();
    }

    static ConsumerConfig.Builder explicit() {
        return ConsumerConfig.builder().durableName("C").ackPolicy(AckPolicy.EXPLICIT).ackWaitNs(30 * SECOND)
                .maxAckPending(1000);
    }

    static ConsumerConfig.Builder push() {
        return explicit().deliverSubject("to.me");
    }

    ConsumerEngine newEngine() {
        return new ConsumerEngine(new ConsumerIdentity("S", "C", EPOCH), config,
                new ConsumerPorts(stream, outbox, listener()),
                new ConsumerSettings(replicated, 42, "", "", 1 << 20, this::decode));
    }

    private ConsumerConfig decode(final ByteBuffer json) {
        final String text = StandardCharsets.UTF_8.decode(json).toString();
        return config.toBuilder().filterSubject(text).build();
    }

    /** Becomes leader and settles where delivery starts. */
    ConsumerBench lead() {
        engine.onLeader(nowNs, epochNs());
        settle();
        return this;
    }

    long epochNs() {
        return EPOCH + nowNs;
    }

    /** One duty cycle; nothing is committed. */
    ConsumerBench cycle() {
        boolean more = true;
        for (int i = 0; i < 100 && more; i++) {
            final EntryBatch batch = new EntryBatch(1024);
            more = engine.deliver(nowNs, epochNs(), batch);
            append(batch);
        }
        return this;
    }

    /** Adds the entries of a batch to the log. */
    void append(final EntryBatch batch) {
        batch.seal(7, log.size() + 1L, 1);
        int at = batch.offset();
        while (at < batch.limit()) {
            final int length = EntryLayout.entryLength(batch.buffer(), at);
            final byte[] entry = new byte[length];
            batch.buffer().get(at, entry);
            log.add(entry);
            at += length;
        }
    }

    /** Commits and applies everything that is in the log. */
    ConsumerBench commit() {
        while (appliedCount < log.size()) {
            apply(engine, log.get(appliedCount++));
        }
        return this;
    }

    int appliedCount() {
        return appliedCount;
    }

    /** Loses what is not applied. */
    void loseProposals() {
        while (log.size() > appliedCount) {
            log.removeLast();
        }
    }

    static void apply(final ConsumerEngine target, final byte[] entry) {
        target.apply(new EntryView().wrap(ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN), 0));
    }

    /** Cycles and commits until nothing changes. */
    ConsumerBench settle() {
        int before;
        do {
            before = log.size();
            cycle();
            commit();
        } while (log.size() > before);
        return cycle();
    }

    ConsumerBench after(final long ns) {
        nowNs += ns;
        return settle();
    }

    void publish(final int count) {
        for (int i = 0; i < count; i++) {
            publish("orders.new");
        }
    }

    long publish(final String subject) {
        final long seq = stream.publish(subject, "", "payload", epochNs());
        engine.onMessageStored(seq);
        return seq;
    }

    void remove(final long seq) {
        stream.remove(seq);
        engine.onRemoved(seq, RemovalReason.DELETE);
    }

    ConsumerBench pull(final String reply, final String body) {
        engine.onPullRequest(message("$JS.API.CONSUMER.MSG.NEXT.S.C", reply, body), nowNs);
        return this;
    }

    /** Acknowledges with a payload. */
    ConsumerBench ack(final String subject, final String payload, final String reply) {
        engine.onAck(message(subject, reply, payload), nowNs, epochNs());
        return this;
    }

    ConsumerBench ack(final RecordingOutbox.Sent delivered) {
        return ack(delivered.reply(), "+ACK", "");
    }

    static ClientMessage message(final String subject, final String reply, final String payload) {
        final byte[] s = subject.getBytes(StandardCharsets.UTF_8);
        final byte[] r = reply.getBytes(StandardCharsets.UTF_8);
        final byte[] p = payload.getBytes(StandardCharsets.UTF_8);
        return new ClientMessage().wrap(s, s.length, r, r.length).payload(ByteBuffer.wrap(p), 0, p.length);
    }

    List<RecordingOutbox.Sent> sent() {
        return outbox.take();
    }

    /** What left, in short: {@code to:streamSeq/consumerSeq*deliveries} or {@code to:status}. */
    List<String> brief() {
        return outbox.take().stream().map(ConsumerBench::brief).toList();
    }

    static String brief(final RecordingOutbox.Sent sent) {
        if (sent.reply().startsWith("$JS.ACK.")) {
            return sent.to() + ':' + sent.streamSeq() + '/' + sent.consumerSeq() + '*' + sent.deliveries();
        }
        return sent.to() + ':' + sent.status();
    }

    ConsumerState state() {
        return engine.state(epochNs());
    }

    /** The state of an engine as bytes. */
    static Checkpoint checkpoint(final ConsumerEngine engine) {
        final ByteBuffer image = ByteBuffer.allocate(1 << 20);
        engine.writeCheckpoint(new CheckpointWriter() {
            @Override
            public void write(final ByteBuffer bytes) {
                image.put(bytes);
            }

            @Override
            public void commit() {
                throw new AssertionError("the caller commits");
            }

            @Override
            public void abort() {
                throw new AssertionError("the caller aborts");
            }
        });
        return new Checkpoint(1, 1, image.flip());
    }

    static Instant instant(final long epochNs) {
        return Instant.ofEpochSecond(0, epochNs);
    }

    private ConsumerListener listener() {
        return new ConsumerListener() {
            @Override
            public void onAcked(final long streamSeq) {
                events.add("acked " + streamSeq);
            }

            @Override
            public void onMaxDeliveries(final long streamSeq, final int deliveries) {
                events.add("max " + streamSeq + ' ' + deliveries);
            }

            @Override
            public void onNak(final long consumerSeq, final long streamSeq, final int deliveries) {
                events.add("nak " + consumerSeq + ' ' + streamSeq + ' ' + deliveries);
            }

            @Override
            public void onTerminated(final long consumerSeq, final long streamSeq, final int deliveries,
                    final String reason) {
                events.add("term " + consumerSeq + ' ' + streamSeq + ' ' + deliveries + ' ' + reason);
            }

            @Override
            public void onAckSampled(final long consumerSeq, final long streamSeq, final int deliveries,
                    final long ackTimeNs) {
                events.add("sample " + consumerSeq + ' ' + streamSeq + ' ' + deliveries + ' ' + ackTimeNs);
            }

            @Override
            public void onPinned(final String group, final String pinnedId) {
                events.add("pinned " + group);
            }

            @Override
            public void onUnpinned(final String group, final String reason) {
                events.add("unpinned " + group + ' ' + reason);
            }

            @Override
            public void onPause(final boolean paused, final long untilEpochNs) {
                events.add(paused ? "paused" : "resumed");
            }

            @Override
            public void onReset(final long resetSeq) {
                events.add("reset " + resetSeq);
            }
        };
    }

    /** Walks over the entries of a batch. */
    static final class EntryWalk {
        private final EntryBatch batch;
        private final EntryView view = new EntryView();
        private int at;

        EntryWalk(final EntryBatch batch) {
            this.batch = batch;
            at = batch.offset();
        }

        boolean hasNext() {
            return at < batch.limit();
        }

        EntryView next() {
            view.wrap(batch.buffer(), at);
            at += view.length();
            return view;
        }
    }
}
