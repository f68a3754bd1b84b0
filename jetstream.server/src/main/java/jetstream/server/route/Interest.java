package jetstream.server.route;

import java.util.ArrayList;
import java.util.List;
import jetstream.engine.subject.SubjectMatcher;
import jetstream.engine.subject.SubjectTrie;

/**
 * Interest of one account: a tree of patterns and, before it, a cache from subject to {@link Match}. The cache is a
 * fixed table: a subject has four places it may be in, the first stale or else one of them in turn is overwritten, so
 * a flood of different subjects costs tree walks but no memory. A change of a literal pattern spoils one entry, a
 * change of a wildcard pattern all of them (by the generation number, at no cost). Owner: node thread.
 */
final class Interest {
    private static final int WAYS = 4;
    private static final int SLOTS = 1 << 12;
    private static final Match[] NO_CACHE = new Match[0];

    private final SubjectTrie<InterestNode> trie = new SubjectTrie<>();
    private Match[] cache = NO_CACHE;
    private final List<InterestNode> found = new ArrayList<>();
    private long generation;
    private int turn;
    private long hits;
    private long misses;

    SubjectTrie<InterestNode> trie() {
        return trie;
    }

    long hits() {
        return hits;
    }

    long misses() {
        return misses;
    }

    /** Finds who takes messages of a subject; valid until the next call unless pinned. */
    Match match(final byte[] subject, final int length) {
        if (cache == NO_CACHE) {
            cache = new Match[SLOTS];
        }
        final int first = (hash(subject, length) & (SLOTS - 1)) & -WAYS;
        for (int i = first; i < first + WAYS; i++) {
            final Match match = cache[i];
            if (match != null && match.isFor(subject, length)) {
                if (match.isCurrent(generation)) {
                    hits++;
                    return match;
                }
                return fill(i, subject, length);
            }
        }
        return fill(victim(first), subject, length);
    }

    boolean hasAny(final byte[] subject, final int length) {
        return !match(subject, length).isEmpty();
    }

    InterestNode nodeOrNew(final byte[] pattern) {
        final InterestNode known = trie.get(pattern, pattern.length);
        if (known != null) {
            return known;
        }
        final InterestNode made = new InterestNode(pattern);
        trie.put(pattern, pattern.length, made);
        return made;
    }

    /** Must follow every change of a node: forgets cached answers, removes the node if nothing is left of it. */
    void changed(final InterestNode node) {
        final byte[] pattern = node.subject();
        if (node.isEmpty()) {
            trie.remove(pattern, pattern.length);
        }
        if (!SubjectMatcher.isLiteral(pattern, pattern.length)) {
            generation++;
            return;
        }
        if (cache == NO_CACHE) {
            return;
        }
        final int first = (hash(pattern, pattern.length) & (SLOTS - 1)) & -WAYS;
        for (int i = first; i < first + WAYS; i++) {
            if (cache[i] != null && cache[i].isFor(pattern, pattern.length)) {
                cache[i].invalidate();
            }
        }
    }

    private Match fill(final int slot, final byte[] subject, final int length) {
        misses++;
        if (cache[slot] == null || cache[slot].isPinned()) {
            cache[slot] = new Match();
        }
        found.clear();
        trie.match(subject, length, found);
        cache[slot].fill(subject, length, generation, found);
        return cache[slot];
    }

    private int victim(final int first) {
        for (int i = first; i < first + WAYS; i++) {
            if (cache[i] == null || !cache[i].isCurrent(generation)) {
                return i;
            }
        }
        return first + (turn++ & (WAYS - 1));
    }

    private static int hash(final byte[] bytes, final int length) {
        int h = length;
        for (int i = 0; i < length; i++) {
            h = 31 * h + bytes[i];
        }
        // The low bits choose the place, so the high ones must have a say in them.
        return (h ^ h >>> 15) * 0x2c1b3c6d >>> 8;
    }
}
