package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jetstream.engine.subject.FilterSet;
import jetstream.engine.subject.SubjectIndex;

/**
 * What one filter set makes of a stream's subjects: which ids match, found out when first asked and remembered in two
 * bits per subject; and how many messages matched in a range that was counted before. A cache: never part of the state.
 */
final class FilterMatches {
    private final FilterSet filter;
    private final SubjectIndex subjects;
    private long[] known = new long[1];
    private long[] matching = new long[1];
    private long countFrom;
    private long countThrough;
    private long count;
    private boolean counted;
    private long lastUse;

    FilterMatches(final FilterSet filter, final SubjectIndex subjects) {
        this.filter = filter;
        this.subjects = subjects;
    }

    FilterSet filter() {
        return filter;
    }

    long lastUse() {
        return lastUse;
    }

    void lastUse(final long newLastUse) {
        lastUse = newLastUse;
    }

    /** Whether the subject of that id matches. */
    boolean matches(final int id) {
        final int word = id >>> 6;
        final long bit = 1L << id;
        if (word < known.length && (known[word] & bit) != 0) {
            return (matching[word] & bit) != 0;
        }
        return find(id, word, bit);
    }

    private boolean find(final int id, final int word, final long bit) {
        if (word >= known.length) {
            final int words = Math.max(word + 1, (subjects.idLimit() >>> 6) + 1);
            known = Arrays.copyOf(known, words);
            matching = Arrays.copyOf(matching, words);
        }
        final byte[] name = subjects.name(id);
        final boolean matches = filter.matches(ByteBuffer.wrap(name), 0, name.length);
        known[word] |= bit;
        matching[word] = matches ? matching[word] | bit : matching[word] & ~bit;
        return matches;
    }

    /** The id stands for another subject from now on. */
    void forget(final int id) {
        final int word = id >>> 6;
        if (word < known.length) {
            known[word] &= ~(1L << id);
        }
    }

    /** All ids stand for other subjects from now on, and nothing is counted. */
    void forgetAll() {
        Arrays.fill(known, 0);
        counted = false;
    }

    /** A live message went; the count of the range goes with it. Called before the subject's id may be forgotten. */
    void onRemoved(final long seq, final int id) {
        if (counted && seq >= countFrom && seq <= countThrough && matches(id)) {
            count--;
        }
    }

    boolean isCounted() {
        return counted;
    }

    long countFrom() {
        return countFrom;
    }

    long countThrough() {
        return countThrough;
    }

    long count() {
        return count;
    }

    void counted(final long from, final long through, final long matched) {
        countFrom = from;
        countThrough = through;
        count = matched;
        counted = true;
    }
}
