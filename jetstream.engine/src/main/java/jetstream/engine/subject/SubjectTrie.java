package jetstream.engine.subject;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Values kept by subject pattern, found by literal subject: a tree with one level per token. Children are hashed by
 * token, the wildcard {@code *} and the tail {@code >} have slots of their own, so a look-up visits at most two
 * children per token. Not thread-safe; owner: the thread of whoever holds it. Look-ups allocate nothing.
 *
 * <p>A {@code *} or {@code >} in a looked-up subject is an ordinary token: it is matched by wildcards only, as in NATS.
 *
 * @param <V> type of the values
 */
public final class SubjectTrie<V> {
    private static final int FIRST_BUCKETS = 4;
    private static final byte DOT = '.';

    private final Node<V> root = new Node<>(null, new byte[0], 0);
    private int size;

    /** Makes an empty trie. */
    public SubjectTrie() {
    }

    /**
     * Number of patterns that have a value.
     *
     * @return count
     */
    public int size() {
        return size;
    }

    /**
     * Sets the value of a pattern.
     *
     * @param pattern valid pattern
     * @param length  number of its bytes
     * @param value   not null
     * @return the value that was replaced, or null
     */
    public V put(final byte[] pattern, final int length, final V value) {
        final Node<V> node = nodeFor(pattern, length, true);
        final V before = node.value;
        node.value = value;
        if (before == null) {
            size++;
        }
        return before;
    }

    /**
     * Finds the value of exactly this pattern.
     *
     * @param pattern pattern
     * @param length  number of its bytes
     * @return value or null
     */
    public V get(final byte[] pattern, final int length) {
        final Node<V> node = nodeFor(pattern, length, false);
        return node == null ? null : node.value;
    }

    /**
     * Removes the value of exactly this pattern and the branches that have become empty.
     *
     * @param pattern pattern
     * @param length  number of its bytes
     * @return value that was removed, or null
     */
    public V remove(final byte[] pattern, final int length) {
        final Node<V> node = nodeFor(pattern, length, false);
        if (node == null || node.value == null) {
            return null;
        }
        final V before = node.value;
        node.value = null;
        size--;
        prune(node);
        return before;
    }

    /**
     * Adds the values of all patterns that match a subject to a list, in no particular order.
     *
     * @param subject literal subject
     * @param length  number of its bytes
     * @param out     receives the values
     */
    public void match(final byte[] subject, final int length, final List<? super V> out) {
        if (SubjectMatcher.hasOnlyFullTokens(subject, length)) {
            match(root, subject, 0, length, out);
        }
    }

    /**
     * Tells whether some pattern matches a subject.
     *
     * @param subject literal subject
     * @param length  number of its bytes
     * @return true if {@link #match} would find something
     */
    public boolean matchesAny(final byte[] subject, final int length) {
        return SubjectMatcher.hasOnlyFullTokens(subject, length) && matchesAny(root, subject, 0, length);
    }

    /**
     * Visits every pattern that has a value. The tree must not be changed meanwhile.
     *
     * @param visitor called with the pattern's bytes (a fresh array) and the value
     */
    public void forEach(final BiConsumer<byte[], V> visitor) {
        forEach(root, new byte[0], visitor);
    }

    private void forEach(final Node<V> node, final byte[] prefix, final BiConsumer<byte[], V> visitor) {
        if (node.value != null) {
            visitor.accept(prefix, node.value);
        }
        if (node.star != null) {
            forEach(node.star, join(prefix, node.star.token), visitor);
        }
        if (node.rest != null) {
            forEach(node.rest, join(prefix, node.rest.token), visitor);
        }
        if (node.buckets == null) {
            return;
        }
        for (final Node<V> bucket : node.buckets) {
            for (Node<V> child = bucket; child != null; child = child.next) {
                forEach(child, join(prefix, child.token), visitor);
            }
        }
    }

    private static byte[] join(final byte[] prefix, final byte[] token) {
        if (prefix.length == 0) {
            return token.clone();
        }
        final byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + token.length);
        joined[prefix.length] = DOT;
        System.arraycopy(token, 0, joined, prefix.length + 1, token.length);
        return joined;
    }

    private static <V> void match(final Node<V> node, final byte[] subject, final int from, final int length,
            final List<? super V> out) {
        if (node.rest != null && node.rest.value != null) {
            out.add(node.rest.value);
        }
        final int end = tokenEnd(subject, from, length);
        if (node.star != null) {
            descend(node.star, subject, end, length, out);
        }
        final Node<V> child = node.child(subject, from, end);
        if (child != null) {
            descend(child, subject, end, length, out);
        }
    }

    private static <V> void descend(final Node<V> node, final byte[] subject, final int end, final int length,
            final List<? super V> out) {
        if (end < length) {
            match(node, subject, end + 1, length, out);
        } else if (node.value != null) {
            out.add(node.value);
        }
    }

    private static <V> boolean matchesAny(final Node<V> node, final byte[] subject, final int from, final int length) {
        if (node.rest != null && node.rest.value != null) {
            return true;
        }
        final int end = tokenEnd(subject, from, length);
        return isMatched(node.star, subject, end, length)
                || isMatched(node.child(subject, from, end), subject, end, length);
    }

    private static <V> boolean isMatched(final Node<V> node, final byte[] subject, final int end, final int length) {
        if (node == null) {
            return false;
        }
        return end < length ? matchesAny(node, subject, end + 1, length) : node.value != null;
    }

    private Node<V> nodeFor(final byte[] pattern, final int length, final boolean isAdding) {
        Node<V> node = root;
        int from = 0;
        while (node != null && from <= length) {
            final int end = tokenEnd(pattern, from, length);
            node = isAdding ? node.childOrNew(pattern, from, end) : node.patternChild(pattern, from, end);
            from = end + 1;
        }
        return node;
    }

    private static <V> void prune(final Node<V> leaf) {
        Node<V> node = leaf;
        while (node.parent != null && node.isEmpty()) {
            node.parent.drop(node);
            node = node.parent;
        }
    }

    private static int tokenEnd(final byte[] bytes, final int from, final int length) {
        int end = from;
        while (end < length && bytes[end] != DOT) {
            end++;
        }
        return end;
    }

    /** One token's place in the tree; the children form a chained hash table that is made on demand. */
    private static final class Node<V> {
        private final Node<V> parent;
        private final byte[] token;
        private final int hash;
        private V value;
        private Node<V> next;
        private Node<V> star;
        private Node<V> rest;
        private Node<V>[] buckets;
        private int childCount;

        Node(final Node<V> parent, final byte[] token, final int hash) {
            this.parent = parent;
            this.token = token;
            this.hash = hash;
        }

        boolean isEmpty() {
            return value == null && star == null && rest == null && childCount == 0;
        }

        Node<V> child(final byte[] bytes, final int from, final int to) {
            if (childCount == 0) {
                return null;
            }
            final int tokenHash = hash(bytes, from, to);
            for (Node<V> c = buckets[tokenHash & (buckets.length - 1)]; c != null; c = c.next) {
                if (c.hash == tokenHash && Arrays.equals(c.token, 0, c.token.length, bytes, from, to)) {
                    return c;
                }
            }
            return null;
        }

        Node<V> patternChild(final byte[] bytes, final int from, final int to) {
            if (to - from == 1 && bytes[from] == '*') {
                return star;
            }
            if (to - from == 1 && bytes[from] == '>') {
                return rest;
            }
            return child(bytes, from, to);
        }

        Node<V> childOrNew(final byte[] bytes, final int from, final int to) {
            final Node<V> known = patternChild(bytes, from, to);
            if (known != null) {
                return known;
            }
            final Node<V> made = new Node<>(this, Arrays.copyOfRange(bytes, from, to), hash(bytes, from, to));
            if (to - from == 1 && bytes[from] == '*') {
                star = made;
            } else if (to - from == 1 && bytes[from] == '>') {
                rest = made;
            } else {
                link(made);
            }
            return made;
        }

        void drop(final Node<V> node) {
            if (node == star) {
                star = null;
            } else if (node == rest) {
                rest = null;
            } else {
                unlink(node);
            }
        }

        private void link(final Node<V> made) {
            if (buckets == null) {
                buckets = newBuckets(FIRST_BUCKETS);
            } else if (childCount >= buckets.length) {
                grow();
            }
            final int slot = made.hash & (buckets.length - 1);
            made.next = buckets[slot];
            buckets[slot] = made;
            childCount++;
        }

        private void unlink(final Node<V> node) {
            final int slot = node.hash & (buckets.length - 1);
            Node<V> before = null;
            Node<V> c = buckets[slot];
            while (c != node) {
                before = c;
                c = c.next;
            }
            if (before == null) {
                buckets[slot] = node.next;
            } else {
                before.next = node.next;
            }
            childCount--;
            if (childCount == 0) {
                buckets = null;
            }
        }

        private void grow() {
            final Node<V>[] wider = newBuckets(buckets.length * 2);
            for (final Node<V> bucket : buckets) {
                Node<V> c = bucket;
                while (c != null) {
                    final Node<V> after = c.next;
                    final int slot = c.hash & (wider.length - 1);
                    c.next = wider[slot];
                    wider[slot] = c;
                    c = after;
                }
            }
            buckets = wider;
        }

        @SuppressWarnings("unchecked")
        private static <V> Node<V>[] newBuckets(final int length) {
            return (Node<V>[]) new Node<?>[length];
        }

        private static int hash(final byte[] bytes, final int from, final int to) {
            int h = 0;
            for (int i = from; i < to; i++) {
                h = 31 * h + bytes[i];
            }
            return h ^ h >>> 16;
        }
    }
}
