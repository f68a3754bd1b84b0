package jetstream.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.subject.SubjectMatcher;

/**
 * Whether all messages of an atomic batch may be stored, one after the other, against the stream and what stands before
 * them in the batch (spec/streams.md section 11.1). One object per decision. Owner: the shard thread.
 */
final class BatchRules {
    private static final ApiFailure ROLLUP_SUB = ApiError.STREAM_ROLLUP_FAILED.with("batch rollup sub invalid");
    private static final ApiFailure ROLLUP_ALL = ApiError.STREAM_ROLLUP_FAILED.with("batch rollup all invalid");

    private final StreamConfig config;
    private final PublishRules rules;
    private final DuplicateWindow window;
    private final LimitEnforcer limits;
    private final long lastSeq;
    private final Set<String> ids = new HashSet<>();
    private final Map<String, Integer> written = new HashMap<>();
    private int count;
    private long bytes;

    BatchRules(final StreamConfig config, final PublishRules rules, final DuplicateWindow window,
            final LimitEnforcer limits, final long lastSeq) {
        this.config = config;
        this.rules = rules;
        this.window = window;
        this.limits = limits;
        this.lastSeq = lastSeq;
    }

    /**
     * Looks at the next message.
     *
     * @param isCounted whether it will take room
     * @return why the batch can not be stored; null if this message does not stand against it
     */
    ApiFailure next(final MessageView message, final HeaderScanner headers, final int footprint,
            final boolean isCounted) {
        final String subject = subjectOf(message);
        ApiFailure failure = PublishRules.checkSize(config, message.headersLength(), message.payloadLength());
        failure = failure != null ? failure : PublishRules.checkHeaders(config, headers, message.payloadLength());
        failure = failure != null ? failure : duplicate(message, headers);
        failure = failure != null ? failure : expectations(message, headers, subject);
        failure = failure != null ? failure : PublishRules.checkFeatures(headers);
        failure = failure != null ? failure : PublishRules.checkEffects(config, headers);
        failure = failure != null ? failure : rollup(headers, subject);
        if (failure == null && isCounted) {
            failure = limits.refusal(config, rules.idOf(message), footprint, headers.has(HeaderField.ROLLUP),
                    new LimitEnforcer.Ahead(count, bytes, written.getOrDefault(subject, 0)));
            count++;
            bytes += footprint;
        }
        written.merge(subject, 1, Integer::sum);
        return failure;
    }

    private ApiFailure duplicate(final MessageView message, final HeaderScanner headers) {
        if (!headers.has(HeaderField.MSG_ID)) {
            return null;
        }
        final boolean isNew = ids.add(headers.text(HeaderField.MSG_ID))
                && window.find(headers.buffer(), headers.offset(HeaderField.MSG_ID),
                        headers.length(HeaderField.MSG_ID), message.timestampEpochNs()) == 0;
        return isNew ? null : ApiError.ATOMIC_PUBLISH_CONTAINS_DUPLICATE_MESSAGE.failure();
    }

    private ApiFailure expectations(final MessageView message, final HeaderScanner headers, final String subject) {
        if (written.isEmpty()) {
            return rules.checkExpectedSequences(headers, message, lastSeq);
        }
        if (headers.isPresent(HeaderField.EXPECTED_LAST_SEQUENCE)) {
            final long running = lastSeq + written.values().stream().mapToInt(Integer::intValue).sum();
            return headers.number(HeaderField.EXPECTED_LAST_SEQUENCE) != running
                    ? ApiError.STREAM_WRONG_LAST_SEQUENCE.with(running)
                    : ApiError.STREAM_WRONG_LAST_SEQUENCE_CONSTANT.failure();
        }
        if (headers.isPresent(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE)) {
            final String expected = headers.has(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT)
                    ? headers.text(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT) : subject;
            if (written.keySet().stream().anyMatch(earlier -> covers(expected, earlier))) {
                return ApiError.STREAM_WRONG_LAST_SEQUENCE_CONSTANT.failure();
            }
        }
        return rules.checkExpectedSequences(headers, message, lastSeq);
    }

    private ApiFailure rollup(final HeaderScanner headers, final String subject) {
        if (!headers.has(HeaderField.ROLLUP)) {
            return null;
        }
        if (headers.isWord(HeaderField.ROLLUP, "all")) {
            return written.isEmpty() ? null : ROLLUP_ALL;
        }
        return written.containsKey(subject) ? ROLLUP_SUB : null;
    }

    private static boolean covers(final String pattern, final String subject) {
        final byte[] outer = pattern.getBytes(StandardCharsets.UTF_8);
        final byte[] inner = subject.getBytes(StandardCharsets.UTF_8);
        return SubjectMatcher.covers(outer, outer.length, inner, inner.length);
    }

    private static String subjectOf(final MessageView message) {
        final byte[] bytes = new byte[message.subjectLength()];
        message.buffer().get(message.subjectOffset(), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
