package jetstream.engine.stream;

import jetstream.api.config.Discard;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.subject.SubjectIndex;

/** Limits of messages and bytes: refuses what is too much (discard new), or makes room (discard old). */
final class LimitEnforcer {
    private static final ApiFailure MESSAGES = ApiError.STREAM_STORE_FAILED.with("maximum messages exceeded");
    private static final ApiFailure BYTES = ApiError.STREAM_STORE_FAILED.with("maximum bytes exceeded");
    private static final ApiFailure PER_SUBJECT =
            ApiError.STREAM_STORE_FAILED.with("maximum messages per subject exceeded");

    private final StreamContents contents;
    private final StoredMessages messages;
    private final SubjectIndex subjects;

    LimitEnforcer(final StreamContents contents) {
        this.contents = contents;
        messages = contents.messages();
        subjects = messages.subjects();
    }

    /**
     * What stands before a message in its batch and is not stored yet.
     *
     * @param count messages
     * @param bytes their footprint
     * @param onSubject those on the message's subject
     */
    record Ahead(int count, long bytes, int onSubject) {
        /** Nothing. */
        static final Ahead NONE = new Ahead(0, 0, 0);
    }

    /**
     * Why a full stream does not take the message; null if it does.
     *
     * @param id subject; -1 if it has no messages yet
     * @param isRollup the message replaces those of its subject
     */
    ApiFailure refusal(final StreamConfig config, final int id, final int footprint, final boolean isRollup,
            final Ahead ahead) {
        if (config.discard() != Discard.NEW) {
            return null;
        }
        // A subject that is full gives up its oldest message for the new one, unless that is forbidden too.
        final long onSubject = (id >= 0 ? subjects.count(id) : 0) + ahead.onSubject();
        final boolean replaces = config.maxMsgsPerSubject() > 0 && onSubject >= config.maxMsgsPerSubject();
        if (replaces && config.discardNewPerSubject() && !isRollup) {
            return PER_SUBJECT;
        }
        if (config.maxMsgs() > 0 && messages.count() + ahead.count() >= config.maxMsgs() && !replaces) {
            return MESSAGES;
        }
        final long given = replaces && id >= 0 ? messages.footprintOf(subjects.first(id)) : 0;
        return config.maxBytes() > 0 && messages.bytes() + ahead.bytes() + footprint - given > config.maxBytes()
                ? BYTES : null;
    }

    /** Makes room after a message was stored on that subject: first on the subject, then in the stream. */
    void enforce(final StreamConfig config, final int id) {
        if (config.maxMsgsPerSubject() > 0) {
            while (subjects.count(id) > config.maxMsgsPerSubject()) {
                contents.remove(subjects.first(id), RemovalReason.LIMIT);
            }
        }
        enforceStream(config);
    }

    private void enforceStream(final StreamConfig config) {
        while (config.maxMsgs() > 0 && messages.count() > config.maxMsgs()) {
            contents.remove(messages.first(), RemovalReason.LIMIT);
        }
        while (config.maxBytes() > 0 && messages.bytes() > config.maxBytes()) {
            contents.remove(messages.first(), RemovalReason.LIMIT);
        }
    }

    /** Makes room after the limits became others. */
    void enforceAll(final StreamConfig config) {
        if (config.maxMsgsPerSubject() > 0) {
            for (long seq = messages.first(); seq != 0; seq = messages.sequences().nextLive(seq + 1)) {
                if (subjects.count(messages.subjectOf(seq)) > config.maxMsgsPerSubject()) {
                    contents.remove(seq, RemovalReason.LIMIT);
                }
            }
        }
        enforceStream(config);
    }
}
