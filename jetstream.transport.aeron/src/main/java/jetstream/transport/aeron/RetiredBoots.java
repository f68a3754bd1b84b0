package jetstream.transport.aeron;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import jetstream.api.NodeId;

/** Processes that are dead for sure, so that a hello of theirs is an echo of the past. Owner: the polling thread. */
final class RetiredBoots {
    private static final int PER_NODE = 8;

    private final Map<NodeId, Deque<Long>> boots = new HashMap<>();

    void add(final NodeId node, final long bootId) {
        final Deque<Long> ofNode = boots.computeIfAbsent(node, key -> new ArrayDeque<>());
        ofNode.addLast(bootId);
        if (ofNode.size() > PER_NODE) {
            ofNode.removeFirst();
        }
    }

    boolean contains(final NodeId node, final long bootId) {
        final Deque<Long> ofNode = boots.get(node);
        return ofNode != null && ofNode.contains(bootId);
    }
}
