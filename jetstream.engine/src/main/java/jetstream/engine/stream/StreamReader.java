package jetstream.engine.stream;

import jetstream.engine.subject.FilterSet;

/**
 * The stored messages of a stream, as consumers and readers see them. Owner: the shard thread. "Live" means stored and
 * not removed.
 */
public interface StreamReader {
    /** Sequence of the first live message; {@code lastSeq() + 1} if there is none. */
    long firstSeq();

    /** Last sequence that was given, live or not; 0 in a new stream. */
    long lastSeq();

    /**
     * First live sequence {@code >= fromSeq} whose subject matches; 0 if there is none yet. May stop early after
     * examining many messages that do not match: then the answer is the negated sequence to go on from.
     */
    long next(FilterSet filter, long fromSeq);

    /**
     * Whether messages can be read now. Not while this member, far behind, has its log replaced by the leader's, or
     * misses a record: then {@link #message} finds nothing, which does not mean that it is gone, and nobody must draw
     * conclusions from it.
     */
    default boolean isReadable() {
        return true;
    }

    /** Points the view at a live message; false if it is not live. See also {@link #isReadable}. */
    boolean message(long seq, MessageView into);

    /** Whether a message is live and its subject matches. Cheaper than reading it. */
    default boolean isMatch(final FilterSet filter, final long seq) {
        final MessageView view = new MessageView();
        return message(seq, view) && filter.matches(view.buffer(), view.subjectOffset(), view.subjectLength());
    }

    /** Number of live messages with a sequence {@code >= fromSeq} that match. */
    long pending(FilterSet filter, long fromSeq);

    /** Last live sequence that matches; 0 if there is none. */
    long last(FilterSet filter);

    /** First live sequence stored at or after that time; {@code lastSeq() + 1} if there is none. */
    long seqAtTime(long epochNs);

    /** Last live sequences of all subjects that match, ascending. Allocates. */
    long[] lastPerSubject(FilterSet filter);
}
