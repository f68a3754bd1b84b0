package jetstream.engine.stream;

import java.util.Arrays;
import jetstream.engine.subject.FilterSet;
import jetstream.engine.subject.SubjectIndex;

/**
 * Answers questions about the live messages that match a filter set. Changes nothing but caches. Owner: the shard
 * thread.
 */
final class StreamQueries {
    /** Messages that are looked at in one call before it stops early. */
    static final int EXAMINED_MAX = 16_384;
    private static final int CHAIN_MAX = 64;
    private static final int TAIL_MAX = 256;

    private final StoredMessages messages;
    private final SequenceIndex sequences;
    private final SubjectIndex subjects;

    StreamQueries(final StoredMessages messages) {
        this.messages = messages;
        sequences = messages.sequences();
        subjects = messages.subjects();
    }

    /** As {@link StreamReader#next}. */
    long next(final FilterSet filter, final long fromSeq) {
        if (filter.isAll()) {
            return sequences.nextLive(fromSeq);
        }
        if (sequences.count() == 0 || fromSeq > sequences.last()) {
            return 0;
        }
        return filter.literal() == null ? scan(messages.matches(filter), fromSeq)
                : nextOfSubject(idOf(filter.literal()), fromSeq);
    }

    private int idOf(final byte[] literal) {
        return subjects.find(literal, literal.length);
    }

    private long nextOfSubject(final int id, final long fromSeq) {
        if (id < 0 || subjects.last(id) < fromSeq) {
            return 0;
        }
        if (subjects.first(id) >= fromSeq) {
            return subjects.first(id);
        }
        // A reader that goes on from the message it read last finds the next one in the chain.
        if (messages.isLive(fromSeq - 1) && messages.subjectOf(fromSeq - 1) == id) {
            return messages.following(fromSeq - 1);
        }
        long seq = subjects.last(id);
        for (int i = 0; i < CHAIN_MAX; i++) {
            final long before = messages.previous(seq);
            if (before < fromSeq) {
                return seq;
            }
            seq = before;
        }
        return scanSubject(id, fromSeq);
    }

    private long scanSubject(final int id, final long fromSeq) {
        long seq = sequences.nextLive(fromSeq);
        for (int i = 0; seq != 0; i++) {
            if (messages.subjectOf(seq) == id) {
                return seq;
            }
            if (i == EXAMINED_MAX) {
                return -seq;
            }
            seq = sequences.nextLive(seq + 1);
        }
        return 0;
    }

    private long scan(final FilterMatches matches, final long fromSeq) {
        long seq = sequences.nextLive(fromSeq);
        for (int i = 0; seq != 0; i++) {
            if (matches.matches(messages.subjectOf(seq))) {
                return seq;
            }
            if (i == EXAMINED_MAX) {
                return -seq;
            }
            seq = sequences.nextLive(seq + 1);
        }
        return 0;
    }

    /** As {@link StreamReader#pending}. */
    long pending(final FilterSet filter, final long fromSeq) {
        if (filter.isAll()) {
            return sequences.countFrom(fromSeq);
        }
        if (sequences.count() == 0 || fromSeq > sequences.last()) {
            return 0;
        }
        final FilterMatches matches = messages.matches(filter);
        final long last = sequences.last();
        if (matches.isCounted() && isNear(matches, fromSeq, last)) {
            final long added = count(matches, matches.countThrough() + 1, last);
            final long gone = count(matches, matches.countFrom(), fromSeq - 1);
            matches.counted(fromSeq, last, matches.count() + added - gone);
        } else {
            matches.counted(fromSeq, last, countAfresh(matches, fromSeq));
        }
        return matches.count();
    }

    private boolean isNear(final FilterMatches matches, final long fromSeq, final long last) {
        return fromSeq >= matches.countFrom() && fromSeq <= matches.countThrough() + 1
                && sequences.countFrom(matches.countFrom()) - sequences.countFrom(fromSeq)
                        + sequences.countFrom(matches.countThrough() + 1) <= EXAMINED_MAX
                && last >= matches.countThrough();
    }

    private long count(final FilterMatches matches, final long fromSeq, final long throughSeq) {
        long count = 0;
        for (long seq = sequences.nextLive(fromSeq); seq != 0 && seq <= throughSeq; seq = sequences.nextLive(seq + 1)) {
            if (matches.matches(messages.subjectOf(seq))) {
                count++;
            }
        }
        return count;
    }

    private long countAfresh(final FilterMatches matches, final long fromSeq) {
        final byte[] literal = matches.filter().literal();
        if (literal != null) {
            final int id = idOf(literal);
            return id < 0 ? 0 : countOfSubject(id, fromSeq);
        }
        if (sequences.countFrom(fromSeq) <= subjects.size()) {
            return count(matches, fromSeq, sequences.last());
        }
        long count = 0;
        for (int id = 0; id < subjects.idLimit(); id++) {
            if (subjects.name(id) != null && subjects.last(id) >= fromSeq && matches.matches(id)) {
                count += countOfSubject(id, fromSeq);
            }
        }
        return count;
    }

    private long countOfSubject(final int id, final long fromSeq) {
        if (subjects.first(id) >= fromSeq) {
            return subjects.count(id);
        }
        long count = 0;
        for (long seq = subjects.last(id); seq >= fromSeq && seq != 0; seq = messages.previous(seq)) {
            count++;
        }
        return count;
    }

    /** As {@link StreamReader#last}. */
    long last(final FilterSet filter) {
        return lastThrough(filter, Long.MAX_VALUE);
    }

    /** Last live sequence at or below {@code throughSeq} that matches; 0 if there is none. */
    long lastThrough(final FilterSet filter, final long throughSeq) {
        if (filter.isAll() || sequences.count() == 0) {
            return sequences.previousLive(throughSeq);
        }
        if (filter.literal() != null) {
            final int id = idOf(filter.literal());
            return id < 0 ? 0 : lastOfSubject(id, throughSeq);
        }
        final FilterMatches matches = messages.matches(filter);
        long seq = sequences.previousLive(throughSeq);
        for (int i = 0; seq != 0 && i < TAIL_MAX; i++) {
            if (matches.matches(messages.subjectOf(seq))) {
                return seq;
            }
            seq = sequences.previousLive(seq - 1);
        }
        return seq == 0 ? 0 : lastOfSubjects(matches, seq);
    }

    private long lastOfSubjects(final FilterMatches matches, final long throughSeq) {
        long last = 0;
        for (int id = 0; id < subjects.idLimit(); id++) {
            if (subjects.name(id) != null && subjects.last(id) > last && matches.matches(id)) {
                last = Math.max(last, lastOfSubject(id, throughSeq));
            }
        }
        return last;
    }

    private long lastOfSubject(final int id, final long throughSeq) {
        long seq = subjects.last(id);
        while (seq > throughSeq) {
            seq = messages.previous(seq);
        }
        return seq;
    }

    /** As {@link StreamReader#isMatch}. */
    boolean isMatch(final FilterSet filter, final long seq) {
        return messages.isLive(seq) && (filter.isAll() || messages.matches(filter).matches(messages.subjectOf(seq)));
    }

    /** Last live sequences, at or below {@code throughSeq}, of all subjects that match, ascending. */
    long[] lastPerSubject(final FilterSet filter, final long throughSeq) {
        long[] found = new long[16];
        int count = 0;
        final FilterMatches matches = filter.isAll() ? null : messages.matches(filter);
        for (int id = 0; id < subjects.idLimit(); id++) {
            if (subjects.name(id) != null && (matches == null || matches.matches(id))) {
                final long seq = lastOfSubject(id, throughSeq);
                if (seq != 0) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, count * 2);
                    }
                    found[count++] = seq;
                }
            }
        }
        final long[] sorted = Arrays.copyOf(found, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
