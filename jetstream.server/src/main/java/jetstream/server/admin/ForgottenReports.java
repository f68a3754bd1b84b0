package jetstream.server.admin;

import java.util.HashMap;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.engine.meta.GroupPeers;

/**
 * Which members of groups in memory have forgotten everything, as they tell the meta leader every second. If the others
 * are too few for a quorum, nothing will ever be committed in that group, and nobody is ever given back what he forgot
 * (DESIGN D8). Owner: the node thread.
 */
final class ForgottenReports {
    /** Who waits no more says nothing; what was said longer ago than that counts no more. */
    private static final long FRESH_NS = 2_000_000_000L;

    private final Map<GroupId, Map<NodeId, Long>> toldNs = new HashMap<>();

    void add(final GroupId group, final NodeId member, final long nowNs) {
        toldNs.computeIfAbsent(group, any -> new HashMap<>()).put(member, nowNs);
    }

    /** Drops what is too old; true if nothing is left. */
    boolean isEmpty(final long nowNs) {
        toldNs.values().forEach(members -> members.values().removeIf(atNs -> nowNs - atNs > FRESH_NS));
        toldNs.values().removeIf(Map::isEmpty);
        return toldNs.isEmpty();
    }

    /**
     * Whether the members that have not forgotten can not elect a leader any more. While members change it is not known
     * here who may vote: then all must have forgotten.
     */
    boolean isLost(final GroupId group, final GroupPeers members) {
        final Map<NodeId, Long> told = toldNs.getOrDefault(group, Map.of());
        final int size = members.holders().size();
        final long forgot = members.holders().stream().filter(told::containsKey).count();
        return forgot > 0 && forgot >= (members.isMoving() ? size : size - size / 2);
    }
}
