package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.subject.FilterSet;

/**
 * Whether a message may be stored, in the order of spec/streams.md section 3. The first half of the rules needs nothing
 * but message and configuration, and is asked by the leader already; all of them are asked when the entry is applied,
 * where the answer counts. Owner: the shard thread.
 */
final class PublishRules {
    /** Longest header block in bytes. */
    static final int HEADERS_MAX = 65_535;
    /** Longest message, headers and payload, in bytes. */
    static final int MESSAGE_MAX = 32 << 20;

    private static final ApiFailure TOO_LARGE = ApiError.STREAM_STORE_FAILED.with("message too large");
    private static final ApiFailure SEALED = ApiError.STREAM_SEALED.failure();
    private static final ApiFailure EXCEEDS = ApiError.STREAM_MESSAGE_EXCEEDS_MAXIMUM.failure();
    private static final ApiFailure HEADERS = ApiError.STREAM_HEADER_EXCEEDS_MAXIMUM.failure();
    private static final ApiFailure NO_ROLLUP = ApiError.STREAM_ROLLUP_FAILED.with("rollup not permitted");

    private final StoredMessages messages;
    private final StreamQueries queries;
    private String expectedPattern = "";
    private FilterSet expectedFilter = FilterSet.ALL;

    PublishRules(final StoredMessages messages, final StreamQueries queries) {
        this.messages = messages;
        this.queries = queries;
    }

    /** What is wrong with a message by its size alone, or with the stream; null if nothing. */
    static ApiFailure checkSize(final StreamConfig config, final int headersLength, final int payloadLength) {
        final long length = (long) headersLength + payloadLength;
        if (length > MESSAGE_MAX) {
            return TOO_LARGE;
        }
        if (config.sealed()) {
            return SEALED;
        }
        if (config.maxMsgSize() > 0 && length > config.maxMsgSize()) {
            return EXCEEDS;
        }
        return headersLength > HEADERS_MAX ? HEADERS : null;
    }

    /** What is wrong with its headers whatever the stream holds; null if nothing. */
    static ApiFailure checkHeaders(final StreamConfig config, final HeaderScanner headers, final int payloadLength) {
        if (headers.has(HeaderField.BATCH_ID) && !config.allowAtomic()) {
            return ApiError.ATOMIC_PUBLISH_DISABLED.failure();
        }
        final ApiFailure counter = checkCounter(config, headers, payloadLength);
        if (counter != null || headers.isEmpty()) {
            return counter;
        }
        if (headers.has(HeaderField.EXPECTED_STREAM)) {
            final byte[] name = config.name().getBytes(StandardCharsets.UTF_8);
            if (!headers.is(HeaderField.EXPECTED_STREAM, name, name.length)) {
                return ApiError.STREAM_NOT_MATCH.failure();
            }
        }
        if (headers.has(HeaderField.TTL) && !config.allowMsgTtl()) {
            return ApiError.MESSAGE_TTL_DISABLED.failure();
        }
        return null;
    }

    private static ApiFailure checkCounter(final StreamConfig config, final HeaderScanner headers,
            final int payloadLength) {
        if (!headers.isPresent(HeaderField.INCREMENT)) {
            return null;
        }
        if (!config.allowMsgCounter()) {
            return ApiError.MESSAGE_INCR_DISABLED.failure();
        }
        if (headers.has(HeaderField.ROLLUP) || headers.has(HeaderField.EXPECTED_LAST_SEQUENCE)
                || headers.has(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE)
                || headers.has(HeaderField.EXPECTED_LAST_MSG_ID)
                || !CounterValue.isIncrement(headers)) {
            return ApiError.MESSAGE_INCR_INVALID.failure();
        }
        return payloadLength > 0 ? ApiError.MESSAGE_INCR_PAYLOAD.failure() : null;
    }

    /** What is wrong with the sequences that it expects; null if nothing. */
    ApiFailure checkExpectedSequences(final HeaderScanner headers, final MessageView message, final long lastSeq) {
        if (headers.isPresent(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE)) {
            final long expected = headers.number(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE);
            final long found = headers.has(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT) ? lastOfPattern(headers)
                    : lastOf(message.buffer(), message.subjectOffset(), message.subjectLength());
            if (expected != found) {
                return ApiError.STREAM_WRONG_LAST_SEQUENCE.with(found);
            }
        } else if (headers.has(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT)) {
            return ApiError.STREAM_EXPECTED_LAST_SEQ_PER_SUBJECT_INVALID.failure();
        }
        if (headers.isPresent(HeaderField.EXPECTED_LAST_SEQUENCE)
                && headers.number(HeaderField.EXPECTED_LAST_SEQUENCE) != lastSeq) {
            return ApiError.STREAM_WRONG_LAST_SEQUENCE.with(lastSeq);
        }
        return null;
    }

    /** Last sequence of a subject; 0 if it has no messages. */
    long lastOf(final ByteBuffer buffer, final int offset, final int length) {
        final int id = messages.subjects().find(buffer, offset, length);
        return id < 0 ? 0 : messages.subjects().last(id);
    }

    /** Id of the message's subject; -1 if it has no messages. */
    int idOf(final MessageView message) {
        return messages.subjects().find(message.buffer(), message.subjectOffset(), message.subjectLength());
    }

    private long lastOfPattern(final HeaderScanner headers) {
        final String pattern = headers.text(HeaderField.EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT);
        if (!pattern.equals(expectedPattern)) {
            expectedPattern = pattern;
            expectedFilter = FilterSet.of(List.of(pattern));
        }
        return queries.last(expectedFilter);
    }

    /** What is wrong with features that it asks for; null if nothing. */
    static ApiFailure checkFeatures(final HeaderScanner headers) {
        if (headers.has(HeaderField.SCHEDULE)) {
            return ApiError.MESSAGE_SCHEDULES_DISABLED.failure();
        }
        return headers.has(HeaderField.STREAM_SOURCE) ? ApiError.MESSAGE_SOURCE_HDR_NOT_ALLOWED.failure() : null;
    }

    /** What is wrong with the message id that it expects; null if nothing. */
    static ApiFailure checkExpectedMsgId(final HeaderScanner headers, final byte[] lastMsgId,
            final int lastMsgIdLength) {
        if (headers.has(HeaderField.EXPECTED_LAST_MSG_ID)
                && !headers.is(HeaderField.EXPECTED_LAST_MSG_ID, lastMsgId, lastMsgIdLength)) {
            return ApiError.STREAM_WRONG_LAST_MSG_ID
                    .with(new String(lastMsgId, 0, lastMsgIdLength, StandardCharsets.UTF_8));
        }
        return null;
    }

    /** What is wrong with its rollup and time to live; null if nothing. */
    static ApiFailure checkEffects(final StreamConfig config, final HeaderScanner headers) {
        if (headers.has(HeaderField.ROLLUP)) {
            if (!config.allowRollup() || config.denyPurge()) {
                return NO_ROLLUP;
            }
            if (!headers.isWord(HeaderField.ROLLUP, "sub") && !headers.isWord(HeaderField.ROLLUP, "all")) {
                return ApiError.STREAM_ROLLUP_FAILED
                        .with("rollup value invalid: \"" + headers.text(HeaderField.ROLLUP) + '"');
            }
        }
        if (config.allowMsgCounter() && !headers.has(HeaderField.INCREMENT)) {
            return ApiError.MESSAGE_INCR_MISSING.failure();
        }
        if (headers.isPresent(HeaderField.TTL) && TtlValue.read(headers) == TtlValue.INVALID) {
            return ApiError.MESSAGE_TTL_INVALID.failure();
        }
        return null;
    }
}
