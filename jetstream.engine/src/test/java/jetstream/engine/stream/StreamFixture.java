package jetstream.engine.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;

/** A stream engine over a heap log, with a leader that proposes what a test asks for and commits it at once. */
final class StreamFixture {
    /** Configurations by name, as the bytes of a CONFIG entry name them. */
    static final List<StreamConfig> CONFIGS = new ArrayList<>();
    static final long START_NS = 1_700_000_000_000_000_000L;
    static final long SECOND_NS = 1_000_000_000L;

    final HeapLog log;
    final Outcomes outcomes = new Outcomes();
    final StreamEngine engine;
    final StreamIngest ingest;
    long nowNs = START_NS;
    private final EntryBatch batch = new EntryBatch(4096);
    private final EntryView view = new EntryView();
    private final PublishDraft draft = new PublishDraft();

    StreamFixture(final StreamConfig config) {
        this(config, new HeapLog());
    }

    StreamFixture(final StreamConfig config, final HeapLog log) {
        this.log = log;
        engine = new StreamEngine(config, START_NS, log, outcomes, StreamFixture::decode);
        ingest = new StreamIngest(engine);
    }

    static StreamConfig.Builder config() {
        return StreamConfig.builder().name("S").subjects(List.of(">")).duplicateWindowNs(120 * SECOND_NS);
    }

    static StreamConfig decode(final byte[] bytes) {
        return CONFIGS.get(Integer.parseInt(new String(bytes, StandardCharsets.US_ASCII)));
    }

    static byte[] encode(final StreamConfig config) {
        synchronized (CONFIGS) {
            CONFIGS.add(config);
            return Integer.toString(CONFIGS.size() - 1).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Proposes, commits and applies one entry; returns the outcome that was told. */
    String commit(final Consumer<EntryBatch> proposal) {
        batch.clear();
        proposal.accept(batch);
        final long first = log.lastIndex() + 1;
        batch.seal(7, first, 1);
        log.append(batch);
        final List<String> told = new ArrayList<>();
        for (long index = first; index <= log.lastIndex(); index++) {
            told.add(apply(index));
        }
        return String.join(", ", told);
    }

    /** Applies an entry of the log. */
    String apply(final long index) {
        outcomes.outcome = "";
        outcomes.effects.clear();
        engine.apply(view.wrap(log.bytes(index), 0));
        return outcomes.outcome;
    }

    static byte[] block(final String... headers) {
        if (headers.length == 0) {
            return new byte[0];
        }
        return ("NATS/1.0\r\n" + String.join("\r\n", headers) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    String publish(final String subject, final String payload, final String... headers) {
        return publish((byte) 0, subject, payload, headers);
    }

    String publish(final byte flags, final String subject, final String payload, final String... headers) {
        final ApiFailure failure = ingest.check(draft(subject, payload, block(headers)));
        if (failure != null) {
            return Outcomes.text(failure);
        }
        return commit(b -> StreamEntries.publish(b, nowNs, flags, draft));
    }

    PublishDraft draft(final String subject, final String payload, final byte[] headers) {
        final byte[] name = subject.getBytes(StandardCharsets.UTF_8);
        final byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        return draft.subject(name, name.length).headers(ByteBuffer.wrap(headers), 0, headers.length)
                .payload(ByteBuffer.wrap(body), 0, body.length);
    }

    String delete(final long seq) {
        return commit(b -> StreamEntries.deleteMessage(b, nowNs, seq, true));
    }

    String purge(final String filter, final long seq, final long keep) {
        return commit(b -> StreamEntries.purge(b, nowNs, filter.getBytes(StandardCharsets.UTF_8), seq, keep));
    }

    String remove(final long... ranges) {
        return commit(b -> StreamEntries.remove(b, nowNs, ranges, ranges.length));
    }

    String timePasses(final long byNs) {
        nowNs += byNs;
        return commit(b -> StreamEntries.time(b, nowNs));
    }

    String configure(final StreamConfig config) {
        final byte[] bytes = encode(config);
        return commit(b -> StreamEntries.config(b, nowNs, bytes));
    }

    byte[] image() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        engine.writeCheckpoint(new CheckpointWriter() {
            @Override
            public void write(final ByteBuffer bytes) {
                while (bytes.hasRemaining()) {
                    out.write(bytes.get());
                }
            }

            @Override
            public void commit() {
                throw new UnsupportedOperationException("the caller commits");
            }

            @Override
            public void abort() {
                throw new UnsupportedOperationException("the caller aborts");
            }
        });
        return out.toByteArray();
    }

    void restore(final byte[] image, final long index) {
        engine.restore(new Checkpoint(index, 1, ByteBuffer.wrap(image).asReadOnlyBuffer()));
    }

    /** Subject and payload of a live message; null if it is not live. */
    String read(final long seq) {
        final MessageView message = new MessageView();
        if (!engine.message(seq, message)) {
            return null;
        }
        return text(message.buffer(), message.subjectOffset(), message.subjectLength()) + '='
                + text(message.buffer(), message.payloadOffset(), message.payloadLength());
    }

    String headersOf(final long seq) {
        final MessageView message = new MessageView();
        engine.message(seq, message);
        return text(message.buffer(), message.headersOffset(), message.headersLength());
    }

    static String text(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes down what the engine tells. */
    static final class Outcomes implements StreamListener {
        String outcome = "";
        final List<String> effects = new ArrayList<>();
        final List<Long> markersDue = new ArrayList<>();
        final List<Long> missing = new ArrayList<>();

        static String text(final ApiFailure failure) {
            return failure.errCode() + " " + failure.description();
        }

        private void outcome(final String text) {
            outcome = outcome.isEmpty() ? text : outcome + " and " + text;
        }

        @Override
        public void onStored(final long index, final long seq, final EntryView entry) {
            outcome("stored " + seq);
        }

        @Override
        public void onSkipped(final long index, final long seq) {
            outcome("skipped " + seq);
        }

        @Override
        public void onDuplicate(final long index, final long originalSeq) {
            outcome("duplicate " + originalSeq);
        }

        @Override
        public void onRefused(final long index, final ApiFailure failure) {
            outcome(text(failure));
        }

        @Override
        public void onRemoved(final long seq, final RemovalReason reason) {
            effects.add(seq + " " + reason);
        }

        @Override
        public void onRemovedBelow(final long seq, final RemovalReason reason) {
            effects.add("<" + seq + " " + reason);
        }

        @Override
        public void onPurged(final long index, final long count, final ApiFailure failure) {
            outcome(failure == null ? "purged " + count : text(failure));
        }

        @Override
        public void onDeleted(final long index, final ApiFailure failure) {
            outcome(failure == null ? "deleted" : text(failure));
        }

        @Override
        public void onConfig(final long index, final StreamConfig config) {
            outcome("configured");
        }

        @Override
        public void onMarkerDue(final long seq) {
            markersDue.add(seq);
        }

        @Override
        public boolean onMissing(final long index) {
            missing.add(index);
            return true;
        }
    }
}
