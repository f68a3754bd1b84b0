package jetstream.engine.meta;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.NodeId;

/** How many assets each node holds; counted as they come and go, since placement asks for every new one. */
final class PlacementLoad {
    private static final int REPLICATED = 0;
    private static final int ALL = 1;
    private static final int LED = 2;
    private static final int[] NOTHING = new int[3];

    private final Map<NodeId, int[]> counts = new HashMap<>();

    /** An asset on those nodes came to be. */
    void add(final List<NodeId> peers) {
        count(peers, 1);
    }

    /** An asset on those nodes is gone. */
    void remove(final List<NodeId> peers) {
        count(peers, -1);
    }

    private void count(final List<NodeId> peers, final int sign) {
        for (final NodeId peer : peers) {
            final int[] ofNode = counts.computeIfAbsent(peer, p -> new int[NOTHING.length]);
            ofNode[REPLICATED] += peers.size() > 1 ? sign : 0;
            ofNode[ALL] += sign;
            ofNode[LED] += peer.equals(peers.getFirst()) ? sign : 0;
        }
    }

    /** Assets of more than one replica on that node. */
    int replicated(final NodeId node) {
        return counts.getOrDefault(node, NOTHING)[REPLICATED];
    }

    /** Assets on that node. */
    int all(final NodeId node) {
        return counts.getOrDefault(node, NOTHING)[ALL];
    }

    /** Assets that this node shall lead first. */
    int led(final NodeId node) {
        return counts.getOrDefault(node, NOTHING)[LED];
    }

    void clear() {
        counts.clear();
    }
}
