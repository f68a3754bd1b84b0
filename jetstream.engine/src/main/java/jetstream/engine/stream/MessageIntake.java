package jetstream.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.GroupLog;
import jetstream.engine.subject.FilterSet;
import jetstream.engine.subject.SubjectMatcher;

/**
 * Decides what becomes of a publish entry: stored under the next sequence, a duplicate, refused, or given a sequence
 * but not stored (spec/streams.md section 3). Holds the state that only this needs: the last sequence and what is known
 * of it, and the message ids of the window. Owner: the shard thread.
 */
final class MessageIntake {
    private static final int ID_LENGTH_USUAL = 64;
    private static final byte[] NO_ID = {};

    private final GroupLog log;
    private final StreamListener listener;
    private final StreamContents contents;
    private final StoredMessages messages;
    private final PublishRules rules;
    private final LimitEnforcer limits;
    private final DuplicateWindow window = new DuplicateWindow(0);
    private final OriginPositions origins = new OriginPositions();
    private final HeaderScanner headers = new HeaderScanner();
    private final MessageView message = new MessageView();
    private final StagedBatch staged = new StagedBatch();
    private StreamConfig config;
    private byte[] lastMsgId = NO_ID;
    private int lastMsgIdLength;
    private long lastSeq;
    private long lastEpochNs;

    MessageIntake(final GroupLog log, final StreamContents contents, final StreamQueries queries,
            final LimitEnforcer limits) {
        this.log = log;
        this.contents = contents;
        this.limits = limits;
        listener = contents.listener();
        messages = contents.messages();
        rules = new PublishRules(messages, queries);
    }

    /** Last sequence that was given. */
    long lastSeq() {
        return lastSeq;
    }

    /** When it was given, epoch nanoseconds; 0 if none was. */
    long lastEpochNs() {
        return lastEpochNs;
    }

    /** The next message gets a sequence above this one. */
    void lastSeq(final long newLastSeq) {
        lastSeq = newLastSeq;
    }

    /** Positions in the origins of a sourced stream. */
    OriginPositions origins() {
        return origins;
    }

    StagedBatch staged() {
        return staged;
    }

    DuplicateWindow window() {
        return window;
    }

    /** Told of every entry before it is applied: a batch that something else follows never happened. */
    void onEntry(final EntryView entry) {
        if (!staged.isEmpty() && !staged.isContinuedBy(entry)) {
            contents.mix(staged.size());
            staged.abandon(log);
        }
    }

    /** Applies a publish entry. */
    void apply(final StreamConfig newConfig, final EntryView entry) {
        config = newConfig;
        if (StagedBatch.isMember(entry)) {
            applyBatched(entry);
        } else {
            applySingle(entry);
        }
    }

    private void applyBatched(final EntryView entry) {
        final long index = entry.index();
        if (staged.isEmpty() && PublishLayout.batchPosition(entry) != 1) {
            log.free(index, index); // its beginning was lost with a leader
            return;
        }
        final boolean isLast = PublishLayout.batchPosition(entry) == PublishLayout.batchCount(entry);
        staged.add(entry);
        if (!isLast) {
            return;
        }
        final ApiFailure failure = checkBatch();
        if (failure == null) {
            for (int i = 0; i < staged.size(); i++) {
                final EntryView member = show(i);
                store(member, member.index());
            }
            staged.clear();
        } else {
            contents.mix(failure.errCode());
            staged.abandon(log);
            listener.onRefused(index, failure);
        }
    }

    private ApiFailure checkBatch() {
        final BatchRules batch = new BatchRules(config, rules, window, limits, lastSeq);
        ApiFailure failure = null;
        for (int i = 0; i < staged.size() && failure == null; i++) {
            final boolean isCounted = (show(i).flags() & PublishLayout.NO_INTEREST) == 0;
            failure = batch.next(message, headers, footprint(), isCounted);
        }
        return failure;
    }

    private EntryView show(final int place) {
        final EntryView member = staged.entry(place);
        message.entry().wrap(member.buffer(), member.offset());
        headers.scan(member.buffer(), message.headersOffset(), message.headersLength());
        return member;
    }

    private void applySingle(final EntryView entry) {
        final long index = entry.index();
        message.entry().wrap(entry.buffer(), entry.offset());
        headers.scan(entry.buffer(), message.headersOffset(), message.headersLength());
        final boolean trusted = (entry.flags() & PublishLayout.TRUSTED) != 0;
        if ((entry.flags() & PublishLayout.COPY) != 0 && PublishLayout.originSeq(entry) <= lastSeq) {
            onDuplicate(index, PublishLayout.originSeq(entry), false);
            return;
        }
        final boolean isCounter = (entry.flags() & PublishLayout.COUNTER) != 0;
        final long duplicate = duplicateOf(entry);
        final boolean idFirst = config.replicas() > 1;
        if (duplicate != 0) {
            rememberOrigin(entry);
        }
        if (idFirst && duplicate != 0) {
            onDuplicate(index, duplicate, isCounter);
            return;
        }
        final ApiFailure early = trusted ? null : checkBeforeId(isCounter);
        if (early == null && duplicate != 0) {
            onDuplicate(index, duplicate, isCounter);
            return;
        }
        final ApiFailure failure = early != null ? early : checkAfterId(entry, trusted);
        if (failure == null) {
            store(entry, index);
        } else {
            onRefused(index, failure, isCounter);
        }
    }

    private void onRefused(final long index, final ApiFailure failure, final boolean isCounter) {
        contents.mix(failure.errCode());
        if (isCounter) {
            contents.counters().onApplied(false);
        }
        log.free(index, index);
        listener.onRefused(index, failure);
    }

    private long duplicateOf(final EntryView entry) {
        if (headers.isEmpty() || !headers.has(HeaderField.MSG_ID)) {
            return 0;
        }
        return window.find(headers.buffer(), headers.offset(HeaderField.MSG_ID), headers.length(HeaderField.MSG_ID),
                entry.timestampEpochNs());
    }

    private void onDuplicate(final long index, final long original, final boolean isCounter) {
        contents.mix(original);
        if (isCounter) {
            contents.counters().onApplied(false);
        }
        log.free(index, index);
        listener.onDuplicate(index, original);
    }

    private ApiFailure checkBeforeId(final boolean isCounter) {
        ApiFailure failure = PublishRules.checkSize(config, message.headersLength(), message.payloadLength());
        if (failure == null && !headers.isEmpty()) {
            failure = PublishRules.checkHeaders(config, headers, isCounter ? 0 : message.payloadLength());
            if (failure == null) {
                failure = rules.checkExpectedSequences(headers, message, lastSeq);
            }
            if (failure == null) {
                failure = PublishRules.checkFeatures(headers);
            }
        }
        return failure;
    }

    private ApiFailure checkAfterId(final EntryView entry, final boolean trusted) {
        if (!trusted && (!headers.isEmpty() || config.allowMsgCounter())) {
            final ApiFailure id = PublishRules.checkExpectedMsgId(headers, lastMsgId, lastMsgIdLength);
            final ApiFailure failure = id != null ? id : PublishRules.checkEffects(config, headers);
            if (failure != null) {
                return failure;
            }
        }
        if ((entry.flags() & PublishLayout.IF_LAST) != 0) {
            final long last = rules.lastOf(message.buffer(), message.subjectOffset(), message.subjectLength());
            if (last != PublishLayout.ifLast(entry)) {
                return ApiError.STREAM_WRONG_LAST_SEQUENCE.with(last);
            }
        }
        if ((entry.flags() & PublishLayout.COUNTER) != 0 && !contents.counters().holds(entry,
                rules.lastOf(message.buffer(), message.subjectOffset(), message.subjectLength()))) {
            return ApiError.STREAM_WRONG_LAST_SEQUENCE_CONSTANT.failure();
        }
        if ((entry.flags() & PublishLayout.NO_INTEREST) != 0) {
            return null;
        }
        return limits.refusal(config, rules.idOf(message), footprint(), headers.has(HeaderField.ROLLUP),
                LimitEnforcer.Ahead.NONE);
    }

    private int footprint() {
        final int headersLength = message.headersLength();
        final int length = message.subjectLength() + headersLength + message.payloadLength();
        if (config.storage() == Storage.MEMORY) {
            return 16 + length;
        }
        return 30 + length + (headersLength > 0 ? 4 : 0);
    }

    private void store(final EntryView entry, final long index) {
        final long seq = (entry.flags() & PublishLayout.COPY) != 0 ? PublishLayout.originSeq(entry) : lastSeq + 1;
        final long epochNs = message.timestampEpochNs();
        lastSeq = seq;
        lastEpochNs = epochNs;
        rememberId(seq, epochNs);
        rememberOrigin(entry);
        if ((entry.flags() & PublishLayout.NO_INTEREST) != 0) {
            log.free(index, index);
            listener.onSkipped(index, seq);
            return;
        }
        final boolean rollsUp = headers.has(HeaderField.ROLLUP);
        final boolean rollsUpAll = rollsUp && headers.isWord(HeaderField.ROLLUP, "all");
        final int id = messages.subjectId(message.buffer(), message.subjectOffset(), message.subjectLength());
        messages.store(seq, index, epochNs, id, footprint(), isUnmarked());
        keepTtl(seq, epochNs);
        if ((entry.flags() & PublishLayout.COUNTER) != 0) {
            contents.counters().onStored(message, seq, messages.previous(seq));
            contents.counters().onApplied(true);
        }
        contents.mix(seq);
        listener.onStored(index, seq, entry);
        // Nothing of the entry is read from here on: freeing records may move its bytes.
        if (rollsUpAll) {
            contents.removeBelow(seq, RemovalReason.ROLLUP);
        } else if (rollsUp) {
            rollUp(id, seq);
        }
        limits.enforce(config, id);
    }

    /**
     * Removes what the message replaces: all on its subject, or on all subjects that its subject covers as a pattern.
     */
    private void rollUp(final int id, final long seq) {
        final byte[] name = messages.subjects().name(id);
        if (SubjectMatcher.isLiteral(name, name.length)) {
            while (messages.subjects().first(id) != seq) {
                contents.remove(messages.subjects().first(id), RemovalReason.ROLLUP);
            }
            return;
        }
        final FilterSet covered = FilterSet.of(List.of(new String(name, StandardCharsets.UTF_8)));
        final StreamQueries queries = new StreamQueries(messages);
        long next = queries.next(covered, 0);
        while (next != 0 && next < seq) {
            if (next > 0) {
                contents.remove(next, RemovalReason.ROLLUP);
                next = queries.next(covered, next + 1);
            } else {
                next = queries.next(covered, -next);
            }
        }
    }

    private void rememberOrigin(final EntryView entry) {
        final boolean isCopy = (entry.flags() & (PublishLayout.TRUSTED | PublishLayout.COPY)) == PublishLayout.TRUSTED;
        if (isCopy && !headers.isEmpty() && headers.has(HeaderField.STREAM_SOURCE)) {
            origins.onTaken(headers);
        }
    }

    private void rememberId(final long seq, final long epochNs) {
        lastMsgIdLength = 0;
        if (!headers.isEmpty() && headers.has(HeaderField.MSG_ID)) {
            final int length = headers.length(HeaderField.MSG_ID);
            window.add(headers.buffer(), headers.offset(HeaderField.MSG_ID), length, seq, epochNs);
            if (lastMsgId.length < length) {
                lastMsgId = new byte[Math.max(ID_LENGTH_USUAL, length)];
            }
            headers.buffer().get(headers.offset(HeaderField.MSG_ID), lastMsgId, 0, length);
            lastMsgIdLength = length;
        }
    }

    private boolean isUnmarked() {
        return !headers.isEmpty() && (headers.has(HeaderField.MARKER_REASON)
                || headers.has(HeaderField.KV_OPERATION) && headers.isWord(HeaderField.KV_OPERATION, "purge"));
    }

    private void keepTtl(final long seq, final long epochNs) {
        if (!headers.isEmpty() && config.allowMsgTtl() && headers.has(HeaderField.TTL)) {
            final long ttlNs = TtlValue.read(headers);
            if (ttlNs == TtlValue.NEVER) {
                contents.expiry().add(seq, MessageExpiry.NEVER);
            } else if (ttlNs > 0) {
                contents.expiry().add(seq, Math.min(epochNs + ttlNs, MessageExpiry.NEVER - 1));
            }
        }
    }

    void write(final ImageWriter out) {
        out.number(lastSeq);
        out.fixed(lastEpochNs);
        out.bytes(lastMsgId, lastMsgIdLength);
        window.write(out);
    }

    /** Replaces all by what was written. The window's length must be set. */
    void read(final ImageReader in) {
        lastSeq = in.number();
        lastEpochNs = in.fixed();
        lastMsgId = in.bytes();
        lastMsgIdLength = lastMsgId.length;
        window.read(in);
    }
}
