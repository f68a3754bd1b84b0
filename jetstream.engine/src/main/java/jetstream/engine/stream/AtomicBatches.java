package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/**
 * Atomic batches that clients have begun and not ended, on a stream's leader: their messages are kept here, and nobody
 * else knows of them, until the one that ends the batch has come (spec/streams.md section 11.1, ADR 0140). What is open
 * is lost with the leader. Owner: the shard thread.
 */
public final class AtomicBatches {
    /** Most messages of a batch. */
    static final int MESSAGES_MAX = 1_000;
    /** Most bytes of a batch: what is proposed at once must fit among what is under way. */
    static final int BYTES_MAX = 16 << 20;
    /** Most batches open at a time, of a stream. */
    static final int OPEN_MAX = 50;
    /** Most batches open at a time, of a server. */
    static final int OPEN_IN_ALL_MAX = 1_000;
    /** Time without a message after which a batch is dropped, nanoseconds. */
    static final long IDLE_NS = 10_000_000_000L;
    private static final int ID_LENGTH_MAX = 64;

    private final Map<String, Open> open = new HashMap<>();
    private final HeaderScanner headers = new HeaderScanner();
    private final HeaderRewriter rewriter = new HeaderRewriter();
    private final OpenCount inAll;
    private final BiConsumer<String, String> onAbandoned;
    private Open complete;

    /** Batches open on a server. Owner: the shard thread. */
    public static final class OpenCount {
        private int count;

        /** None yet. */
        public OpenCount() {
        }
    }

    /**
     * None yet.
     *
     * @param inAll counts those of all streams of the server
     * @param onAbandoned told the id of a batch that was dropped, and why: timeout, large, incomplete or unsupported
     */
    public AtomicBatches(final OpenCount inAll, final BiConsumer<String, String> onAbandoned) {
        this.inAll = inAll;
        this.onAbandoned = onAbandoned;
    }

    /** A batch and its messages. */
    public static final class Open {
        private final String id;
        private final List<Message> messages = new ArrayList<>();
        private long bytes;
        private long touchedNs;

        private Open(final String id) {
            this.id = id;
        }

        /** Messages. */
        public int count() {
            return messages.size();
        }

        /** Points the draft at a message, from 0. */
        public void draft(final int place, final PublishDraft into) {
            final Message message = messages.get(place);
            into.subject(message.subject, message.subject.length)
                    .headers(message.headers, 0, message.headers.capacity())
                    .payload(message.payload, 0, message.payload.capacity());
        }
    }

    private record Message(byte[] subject, ByteBuffer headers, ByteBuffer payload) {
    }

    /** Whether the message asks to be part of a batch. */
    public boolean concerns(final PublishDraft draft) {
        return draft.headersLength() > 0 && headers
                .scan(draft.headers(), draft.headersOffset(), draft.headersLength()).has(HeaderField.BATCH_ID);
    }

    /**
     * Takes a message that {@link #concerns} was asked about just now. Its bytes are copied.
     *
     * @return null if it was taken: then {@link #complete} says whether it ended its batch
     */
    public ApiFailure take(final PublishDraft draft, final long nowNs) {
        complete = null;
        if (headers.length(HeaderField.BATCH_ID) > ID_LENGTH_MAX) {
            return ApiError.ATOMIC_PUBLISH_INVALID_BATCH_ID.failure();
        }
        final String id = headers.text(HeaderField.BATCH_ID);
        final long place = headers.has(HeaderField.BATCH_SEQUENCE) ? headers.number(HeaderField.BATCH_SEQUENCE) : 0;
        if (place <= 0) {
            drop(id, "incomplete");
            return ApiError.ATOMIC_PUBLISH_MISSING_SEQ.failure();
        }
        final boolean isCommit = headers.isPresent(HeaderField.BATCH_COMMIT);
        final boolean isEnd = isCommit && headers.isWord(HeaderField.BATCH_COMMIT, "eob");
        final ApiFailure failure = refusal(id, place, isCommit, isEnd);
        if (failure != null) {
            return failure;
        }
        final Open batch = open.get(id);
        batch.touchedNs = nowNs;
        if (isEnd) {
            markLast(batch);
        } else {
            batch.messages.add(copy(draft));
            batch.bytes += draft.subjectLength() + draft.headersLength() + draft.payloadLength();
            if (batch.count() > MESSAGES_MAX || batch.bytes > BYTES_MAX) {
                drop(id, "large");
                return ApiError.ATOMIC_PUBLISH_TOO_LARGE_BATCH
                        .with(batch.count() > MESSAGES_MAX ? MESSAGES_MAX : BYTES_MAX + " bytes");
            }
        }
        if (isCommit) {
            complete = batch;
            remove(id);
        }
        return null;
    }

    private ApiFailure refusal(final String id, final long place, final boolean isCommit, final boolean isEnd) {
        if (isCommit && !isEnd && !headers.isWord(HeaderField.BATCH_COMMIT, "1")) {
            drop(id, "incomplete");
            return ApiError.ATOMIC_PUBLISH_INVALID_BATCH_COMMIT.failure();
        }
        final Open known = open.get(id);
        if (place == 1 ? isEnd : known == null || place != known.count() + 1) {
            drop(id, "incomplete");
            return ApiError.ATOMIC_PUBLISH_INCOMPLETE_BATCH.failure();
        }
        final HeaderField unsupported = headers.has(HeaderField.EXPECTED_LAST_MSG_ID) ? HeaderField.EXPECTED_LAST_MSG_ID
                : headers.isPresent(HeaderField.INCREMENT) ? HeaderField.INCREMENT : null;
        if (unsupported != null) {
            drop(id, "unsupported");
            return ApiError.ATOMIC_PUBLISH_UNSUPPORTED_HEADER_BATCH.with(unsupported.text());
        }
        if (headers.has(HeaderField.REQUIRED_API_LEVEL) && isAboveLevel()) {
            drop(id, "unsupported");
            return ApiError.REQUIRED_API_LEVEL.failure();
        }
        return place == 1 ? begin(id) : null;
    }

    private boolean isAboveLevel() {
        final long level = headers.number(HeaderField.REQUIRED_API_LEVEL);
        return level < 0 || level > StreamIngest.API_LEVEL;
    }

    private ApiFailure begin(final String id) {
        drop(id, "incomplete");
        if (open.size() >= OPEN_MAX || inAll.count >= OPEN_IN_ALL_MAX) {
            return ApiError.ATOMIC_PUBLISH_TOO_MANY_INFLIGHT.failure();
        }
        open.put(id, new Open(id));
        inAll.count++;
        return null;
    }

    /** The batch that the last message taken has ended; null if it has not. */
    public Open complete() {
        return complete;
    }

    private void markLast(final Open batch) {
        final Message last = batch.messages.removeLast();
        rewriter.start(last.headers, 0, last.headers.capacity());
        rewriter.replace(HeaderField.BATCH_COMMIT.text(), "1");
        batch.messages.add(new Message(last.subject, rewriter.buffer(), last.payload));
    }

    private static Message copy(final PublishDraft draft) {
        final byte[] subject = new byte[draft.subjectLength()];
        System.arraycopy(draft.subject(), 0, subject, 0, subject.length);
        return new Message(subject, copy(draft.headers(), draft.headersOffset(), draft.headersLength()),
                copy(draft.payload(), draft.payloadOffset(), draft.payloadLength()));
    }

    private static ByteBuffer copy(final ByteBuffer from, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        from.get(offset, bytes);
        return ByteBuffer.wrap(bytes);
    }

    private void drop(final String id, final String reason) {
        if (remove(id)) {
            onAbandoned.accept(id, reason);
        }
    }

    private boolean remove(final String id) {
        if (open.remove(id) == null) {
            return false;
        }
        inAll.count--;
        return true;
    }

    /** Whether {@link #tick} may have something to drop. */
    public boolean hasOpen() {
        return !open.isEmpty();
    }

    /** Drops what has waited for too long. */
    public void tick(final long nowNs) {
        final Iterator<Open> all = open.values().iterator();
        while (all.hasNext()) {
            final Open batch = all.next();
            if (nowNs - batch.touchedNs >= IDLE_NS) {
                all.remove();
                inAll.count--;
                onAbandoned.accept(batch.id, "timeout");
            }
        }
    }

    /** The member leads no more. */
    public void clear() {
        inAll.count -= open.size();
        open.clear();
    }
}
