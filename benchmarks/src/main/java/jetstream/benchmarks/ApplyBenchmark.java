package jetstream.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import jetstream.api.GroupId;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.PublishDraft;
import jetstream.engine.stream.RemovalReason;
import jetstream.engine.stream.StreamEngine;
import jetstream.engine.stream.StreamEntries;
import jetstream.engine.stream.StreamIngest;
import jetstream.engine.stream.StreamListener;
import jetstream.engine.subject.FilterSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a stream does with a message: the leader's check, the entry, the append to a log in memory, and the apply that
 * decides, counts, indexes and, the stream being full, removes the oldest message. {@code LogBenchmark.appendOnly} is
 * the log's part.
 */
public class ApplyBenchmark extends LayerBenchmark {
    private static final int KEPT = 100_000;
    private static final int ID_DIGITS = 12;
    private static final long START_EPOCH_NS = 1_700_000_000_000_000_000L;
    private static final long MESSAGE_INTERVAL_NS = 1_000;
    private static final String HEADERS = "NATS/1.0\r\nNats-Msg-Id: ";

    /** Different subjects of the stream. */
    @Param({"1", "50000"}) public int subjects;

    private final EntryBatch batch = new EntryBatch(4096);
    private final EntryView view = new EntryView();
    private final MessageView message = new MessageView();
    private final PublishDraft draft = new PublishDraft();
    private final ByteBuffer payload = ByteBuffer.allocate(256);
    private final GroupId group = GroupId.ofAssignment(1, true);
    private byte[][] names;
    private ByteBuffer headers;
    private GroupLog log;
    private StreamEngine engine;
    private StreamIngest ingest;
    private long index;
    private long readSeq;

    /** A stream that is full. */
    @Setup
    public void fill() {
        log = ServiceLoader.load(StoreProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> "memory".equals(provider.name())).findFirst().orElseThrow()
                .open(new StoreContext(Path.of(""), "benchmark", Map.of(), (_, _) -> {})).open(group);
        final StreamConfig config = StreamConfig.builder().name("S").subjects(List.of("orders.>")).maxMsgs(KEPT)
                .duplicateWindowNs(KEPT * MESSAGE_INTERVAL_NS).build();
        engine = new StreamEngine(config, START_EPOCH_NS, log, new Silence(), _ -> config);
        ingest = new StreamIngest(engine);
        names = new byte[subjects][];
        for (int i = 0; i < subjects; i++) {
            names[i] = ("orders.eu." + i).getBytes(StandardCharsets.US_ASCII);
        }
        headers = ByteBuffer.wrap((HEADERS + "0".repeat(ID_DIGITS) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < KEPT; i++) {
            publish();
        }
    }

    /** A message without headers. */
    @Benchmark
    public long publish() {
        return stored(named());
    }

    /** A message with an id that was not seen before. */
    @Benchmark
    public long publishWithId() {
        long rest = index;
        for (int i = HEADERS.length() + ID_DIGITS - 1; i >= HEADERS.length(); i--) {
            headers.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return stored(named().headers(headers, 0, headers.capacity()));
    }

    /** The next message that a consumer with a filter of all subjects reads. */
    @Benchmark
    public boolean readNext() {
        readSeq = engine.next(FilterSet.ALL, readSeq + 1);
        if (readSeq <= 0 || readSeq >= engine.lastSeq()) {
            readSeq = engine.firstSeq();
        }
        return engine.message(readSeq, message);
    }

    private PublishDraft named() {
        final byte[] subject = names[(int) (index % subjects)];
        return draft.subject(subject, subject.length).payload(payload, 0, payload.capacity());
    }

    private long stored(final PublishDraft wanted) {
        if (ingest.check(wanted) != null) {
            throw new IllegalStateException("refused");
        }
        batch.clear();
        StreamEntries.publish(batch, START_EPOCH_NS + index * MESSAGE_INTERVAL_NS, (byte) 0, wanted);
        batch.seal(group.value(), index + 1, 1);
        log.append(batch);
        index++;
        engine.apply(view.wrap(batch.buffer(), batch.offset()));
        if (index % KEPT == 0) {
            log.discardHistory(index);
        }
        return engine.lastSeq();
    }

    /** Nobody waits for an answer. */
    private static final class Silence implements StreamListener {
        @Override
        public void onStored(final long index, final long seq, final EntryView entry) {
            // Counted by the engine.
        }

        @Override
        public void onSkipped(final long index, final long seq) {
            throw new IllegalStateException("skipped");
        }

        @Override
        public void onDuplicate(final long index, final long originalSeq) {
            throw new IllegalStateException("duplicate");
        }

        @Override
        public void onRefused(final long index, final ApiFailure failure) {
            throw new IllegalStateException(failure.toString());
        }

        @Override
        public void onRemoved(final long seq, final RemovalReason reason) {
            // One for each message that is stored.
        }

        @Override
        public void onRemovedBelow(final long seq, final RemovalReason reason) {
            // Not asked for.
        }

        @Override
        public void onPurged(final long index, final long count, final ApiFailure failure) {
            throw new IllegalStateException("purged");
        }

        @Override
        public void onDeleted(final long index, final ApiFailure failure) {
            throw new IllegalStateException("deleted");
        }

        @Override
        public void onConfig(final long index, final StreamConfig config) {
            throw new IllegalStateException("configured");
        }

        @Override
        public void onMarkerDue(final long seq) {
            throw new IllegalStateException("marker");
        }
    }
}
