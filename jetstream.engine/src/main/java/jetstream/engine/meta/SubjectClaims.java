package jetstream.engine.meta;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which streams of an account listen on which subjects, so that a new stream need not be compared with all others: a
 * tree with one level per token. A question visits what the pattern can meet, for literal subjects at most two children
 * per token. Says the same as {@link Subjects#overlap} on every pair. Owner: the shard thread.
 */
final class SubjectClaims {
    private static final String ANY = "*";
    private static final String TAIL = ">";

    private final Node root = new Node();

    /** A place in the tree: what follows, and who listens on exactly the pattern that ends here. */
    private static final class Node {
        private Map<String, Node> next = Map.of();
        private List<String> owners = List.of();

        Node child(final String token) {
            return next.get(token);
        }

        Node childFor(final String token) {
            if (next.isEmpty()) {
                next = new HashMap<>(4);
            }
            return next.computeIfAbsent(token, t -> new Node());
        }

        boolean isEmpty() {
            return next.isEmpty() && owners.isEmpty();
        }

        boolean isOthers(final String self) {
            for (int i = 0; i < owners.size(); i++) {
                if (!owners.get(i).equals(self)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A place to look at, and how many tokens led there. */
    private record Visit(Node node, int depth) {
    }

    /** That stream listens on those patterns. */
    void add(final String stream, final List<String> subjects) {
        for (final String subject : subjects) {
            Node node = root;
            for (final String token : tokens(subject)) {
                node = node.childFor(token);
            }
            if (node.owners.isEmpty()) {
                node.owners = new ArrayList<>(1);
            }
            node.owners.add(stream);
        }
    }

    /** That stream does not listen on those patterns any more. */
    void remove(final String stream, final List<String> subjects) {
        for (final String subject : subjects) {
            remove(stream, tokens(subject));
        }
    }

    private void remove(final String stream, final String[] tokens) {
        final Node[] path = new Node[tokens.length + 1];
        path[0] = root;
        for (int i = 0; i < tokens.length; i++) {
            path[i + 1] = path[i].child(tokens[i]);
        }
        final Node last = path[tokens.length];
        last.owners.remove(stream);
        if (last.owners.isEmpty()) {
            last.owners = List.of();
        }
        for (int i = tokens.length; i > 0 && path[i].isEmpty(); i--) {
            path[i - 1].next.remove(tokens[i - 1]);
            if (path[i - 1].next.isEmpty()) {
                path[i - 1].next = Map.of();
            }
        }
    }

    /** Whether a stream of another name listens on a subject that one of those patterns matches, too. */
    boolean overlaps(final String stream, final List<String> subjects) {
        for (final String subject : subjects) {
            if (meets(stream, tokens(subject))) {
                return true;
            }
        }
        return false;
    }

    /** With a stack of its own: a pattern may have thousands of tokens. */
    private boolean meets(final String self, final String[] tokens) {
        final ArrayDeque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(root, 0));
        while (!open.isEmpty()) {
            final Visit visit = open.pop();
            final Node node = visit.node();
            if (visit.depth() >= tokens.length) {
                if (node.isOthers(self)) {
                    return true;
                }
                continue;
            }
            final Node tail = node.child(TAIL);
            if (tail != null && tail.isOthers(self)) {
                return true;
            }
            final String token = tokens[visit.depth()];
            if (token.equals(TAIL)) {
                if (node.next.values().stream().anyMatch(child -> hasOthers(child, self))) {
                    return true;
                }
            } else if (token.equals(ANY)) {
                node.next.values().forEach(child -> open.push(new Visit(child, visit.depth() + 1)));
            } else {
                visit(open, node.child(token), visit.depth() + 1);
                visit(open, node.child(ANY), visit.depth() + 1);
            }
        }
        return false;
    }

    private static void visit(final ArrayDeque<Visit> open, final Node node, final int depth) {
        if (node != null) {
            open.push(new Visit(node, depth));
        }
    }

    private static boolean hasOthers(final Node from, final String self) {
        final ArrayDeque<Node> open = new ArrayDeque<>();
        open.push(from);
        while (!open.isEmpty()) {
            final Node node = open.pop();
            if (node.isOthers(self)) {
                return true;
            }
            node.next.values().forEach(open::push);
        }
        return false;
    }

    private static String[] tokens(final String subject) {
        return subject.split("\\.", -1);
    }
}
