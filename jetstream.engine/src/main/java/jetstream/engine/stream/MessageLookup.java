package jetstream.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import jetstream.engine.subject.FilterSet;
import jetstream.engine.subject.SubjectIndex;

/**
 * Finds the messages that the stream API asks for (spec/jetstream-api.md sections 3 and 6): sequences only; reading
 * them is {@link StreamEngine#message}. Changes nothing. Owner: the shard thread.
 */
public final class MessageLookup {
    private final StreamEngine engine;

    /** Looks into that stream. */
    public MessageLookup(final StreamEngine engine) {
        this.engine = engine;
    }

    /** The sequence itself if it is live; else 0. */
    public long bySeq(final long seq) {
        return seq > 0 && engine.contents().messages().isLive(seq) ? seq : 0;
    }

    /** Last live sequence that matches; 0 if there is none. */
    public long lastBySubject(final FilterSet filter) {
        return engine.last(filter);
    }

    /** First live sequence at or after {@code fromSeq} that matches, however far it is; 0 if there is none. */
    public long nextBySubject(final FilterSet filter, final long fromSeq) {
        long found = engine.queries().next(filter, fromSeq);
        while (found < 0) {
            found = engine.queries().next(filter, -found);
        }
        return found;
    }

    /** First live sequence that matches among those stored at or after that time; 0 if there is none. */
    public long nextAtTime(final FilterSet filter, final long epochNs) {
        return nextBySubject(filter, engine.seqAtTime(epochNs));
    }

    /** Last sequence that was stored before that time: what {@code up_to_time} means. */
    public long upToTime(final long epochNs) {
        return engine.seqAtTime(epochNs) - 1;
    }

    /**
     * Newest message of each subject that matches, as of the moment when {@code upToSeq} was the last one.
     *
     * @param fromSeq lowest sequence that counts
     * @param upToSeq highest; 0 for all
     * @param most so many may be found
     * @return ascending; null if there are more than {@code most}
     */
    public long[] multiLast(final FilterSet filter, final long fromSeq, final long upToSeq, final int most) {
        final long through = upToSeq == 0 ? Long.MAX_VALUE : upToSeq;
        final long[] found = engine.queries().lastPerSubject(filter, through);
        int first = 0;
        while (first < found.length && found[first] < fromSeq) {
            first++;
        }
        return found.length - first > most ? null : Arrays.copyOfRange(found, first, found.length);
    }

    /**
     * A page of the subjects that have messages.
     *
     * @param total how many match in all
     * @param counts messages by subject, for the subjects of the page in their order
     */
    public record SubjectPage(int total, Map<String, Long> counts) {
    }

    /** So many subjects that match, in the order of their names, after leaving out the first {@code offset}. */
    public SubjectPage subjects(final FilterSet filter, final int offset, final int limit) {
        final SubjectIndex subjects = engine.contents().messages().subjects();
        final FilterMatches matches = filter.isAll() ? null : engine.contents().messages().matches(filter);
        final Map<String, Long> all = new TreeMap<>();
        for (int id = 0; id < subjects.idLimit(); id++) {
            if (subjects.name(id) != null && (matches == null || matches.matches(id))) {
                all.put(new String(subjects.name(id), StandardCharsets.UTF_8), subjects.count(id));
            }
        }
        final Map<String, Long> page = new LinkedHashMap<>();
        int at = 0;
        for (final Map.Entry<String, Long> entry : all.entrySet()) {
            if (at >= offset && page.size() < limit) {
                page.put(entry.getKey(), entry.getValue());
            }
            at++;
        }
        return new SubjectPage(all.size(), page);
    }

    /** Sequences between the first live one and the last that was given that are not live, at most so many. */
    public long[] deleted(final int limit) {
        final SequenceIndex sequences = engine.contents().messages().sequences();
        if (sequences.count() == 0) {
            return new long[0];
        }
        final long gaps = engine.lastSeq() - sequences.first() + 1 - sequences.count();
        final long[] deleted = new long[(int) Math.min(gaps, limit)];
        int count = 0;
        long seq = sequences.first();
        while (count < deleted.length) {
            final long next = sequences.nextLive(seq + 1);
            final long end = next == 0 ? engine.lastSeq() + 1 : next;
            for (long gap = seq + 1; gap < end && count < deleted.length; gap++) {
                deleted[count++] = gap;
            }
            seq = end;
        }
        return deleted;
    }
}
