package jetstream.engine.stream;

import java.nio.ByteBuffer;
import jetstream.api.config.StreamConfig;
import jetstream.api.config.SubjectTransform;
import jetstream.api.error.ApiFailure;
import jetstream.engine.subject.SubjectMapping;

/**
 * The leader's look at a message before it is proposed: refuses what will be refused for certain, so that it costs no
 * log entry, and brings the header block into the form in which it is stored. Everything that another entry in flight
 * could change is decided when the entry is applied (DESIGN D2). Owner: the shard thread of the leader.
 */
public final class StreamIngest {
    /** Level of the JetStream API that messages can rely on. */
    public static final int API_LEVEL = 5;
    private static final int SHORTEST_BLOCK = 12;

    private final StreamEngine engine;
    private final HeaderScanner headers = new HeaderScanner();
    private final HeaderRewriter rewriter = new HeaderRewriter();
    private final CounterIngest counters;
    private StreamConfig mappedConfig;
    private SubjectMapping mapping;
    private long random;

    /** Looks at messages for that stream. */
    public StreamIngest(final StreamEngine engine) {
        this.engine = engine;
        counters = new CounterIngest(engine);
    }

    /**
     * Checks a message and, if its headers are not stored as sent, points the draft at the rewritten ones, which are
     * valid until the next call.
     *
     * @return null if it may be proposed
     */
    public ApiFailure check(final PublishDraft draft) {
        final StreamConfig config = engine.config();
        mapSubject(config, draft);
        final ApiFailure size = PublishRules.checkSize(config, draft.headersLength(), draft.payloadLength());
        if (size != null || draft.headersLength() == 0) {
            return size;
        }
        headers.scan(draft.headers(), draft.headersOffset(), draft.headersLength());
        final ApiFailure failure = PublishRules.checkHeaders(config, headers, draft.payloadLength());
        if (failure != null) {
            return failure;
        }
        if (headers.has(HeaderField.INCREMENT)) {
            return counters.prepare(draft, headers);
        }
        prepare(config, draft);
        return null;
    }

    private void mapSubject(final StreamConfig config, final PublishDraft draft) {
        if (config != mappedConfig) {
            final SubjectTransform transform = config.subjectTransform();
            mapping = transform == null ? null : SubjectMapping.of(transform.src(), transform.dest());
            mappedConfig = config;
        }
        if (mapping != null) {
            // A walk through all numbers. Only the leader goes it; the entry holds its result.
            random += 0x9E3779B97F4A7C15L;
            final int length = mapping.apply(draft.subject(), draft.subjectLength(), random ^ random >>> 29);
            if (length > 0) {
                draft.rename(mapping.result(), length);
            }
        }
    }

    private void prepare(final StreamConfig config, final PublishDraft draft) {
        final ByteBuffer block = draft.headers();
        final int offset = draft.headersOffset();
        final boolean hasStatus = draft.headersLength() >= SHORTEST_BLOCK && block.get(offset + 8) != '\r';
        final long ttlNs = headers.has(HeaderField.TTL) ? TtlValue.read(headers) : 0;
        final long leastNs = config.subjectDeleteMarkerTtlNs();
        final boolean isShort = ttlNs > 0 && ttlNs < leastNs && config.maxMsgsPerSubject() != 1;
        final boolean isLevelled = headers.has(HeaderField.BATCH_ID) && headers.has(HeaderField.REQUIRED_API_LEVEL);
        if (!hasStatus && !isShort && !isLevelled) {
            return;
        }
        rewriter.start(block, offset, draft.headersLength());
        if (isShort) {
            rewriter.replace(HeaderField.TTL.text(), Long.toString(leastNs / 1_000_000_000L));
        }
        if (isLevelled) {
            rewriter.remove(HeaderField.REQUIRED_API_LEVEL.text());
        }
        draft.headers(rewriter.buffer(), 0, rewriter.length());
    }
}
