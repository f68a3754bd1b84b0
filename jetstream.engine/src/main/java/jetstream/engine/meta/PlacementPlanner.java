package jetstream.engine.meta;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import jetstream.api.NodeId;
import jetstream.api.config.Placement;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/**
 * Chooses the nodes of a new asset: reachable ones with the wanted tags, those with the fewest replicated assets first
 * (spec/clustering.md section 3), and of these the one that leads the fewest as the first leader. Pure; used by the
 * meta leader before it proposes.
 */
public final class PlacementPlanner {
    private final MetaState state;
    private final Predicate<NodeId> isOnline;
    private final String clusterName;

    /** A planner over that state; {@code isOnline} tells which nodes can be reached now. */
    public PlacementPlanner(final MetaState state, final Predicate<NodeId> isOnline, final String clusterName) {
        this.state = state;
        this.isOnline = isOnline;
        this.clusterName = clusterName;
    }

    /**
     * What was chosen, or why not.
     *
     * @param peers chosen nodes, the preferred leader first; empty on failure
     * @param failure error 10005 with the reasons; null on success
     */
    public record Choice(List<NodeId> peers, ApiFailure failure) {
    }

    /** Chooses {@code replicas} nodes. */
    public Choice choose(final int replicas, final Placement placement) {
        return choose(replicas, placement, List.of(), node -> true);
    }

    /**
     * Chooses {@code replicas} nodes.
     *
     * @param preferred nodes that come first, in that order, if they are suitable
     * @param isAllowed which nodes may be chosen at all
     */
    public Choice choose(final int replicas, final Placement placement, final List<NodeId> preferred,
            final Predicate<NodeId> isAllowed) {
        final TreeSet<String> reasons = new TreeSet<>();
        final List<MetaNode> candidates = new ArrayList<>();
        int offline = 0;
        for (final MetaNode node : state.nodes()) {
            if (!isAllowed.test(node.node()) || !fits(node, placement, reasons)) {
                continue;
            }
            if (!isOnline.test(node.node())) {
                offline++;
            }
            candidates.add(node);
        }
        final PlacementLoad load = state.load();
        candidates.sort(Comparator.comparing((MetaNode n) -> place(n.node(), preferred))
                .thenComparing(n -> !isOnline.test(n.node()))
                .thenComparing(n -> load.replicated(n.node())).thenComparing(n -> load.all(n.node()))
                .thenComparing(MetaNode::node));
        final int majority = replicas / 2 + 1;
        if (candidates.size() < replicas || candidates.size() - offline < majority) {
            if (offline > 0) {
                reasons.add(", peer offline");
            }
            return new Choice(List.of(), failure(reasons));
        }
        final List<MetaNode> chosen = candidates.subList(0, replicas);
        if (preferred.isEmpty()) {
            // Where all servers hold everything, as three do, leading is the load that can be shared.
            chosen.sort(Comparator.comparing((MetaNode n) -> !isOnline.test(n.node()))
                    .thenComparing(n -> load.led(n.node())));
        }
        return new Choice(chosen.stream().map(MetaNode::node).toList(), null);
    }

    private static int place(final NodeId node, final List<NodeId> preferred) {
        final int at = preferred.indexOf(node);
        return at < 0 ? preferred.size() : at;
    }

    private boolean fits(final MetaNode node, final Placement placement, final TreeSet<String> reasons) {
        return placement == null || (placement.cluster().isEmpty() || placement.cluster().equals(clusterName))
                && hasTags(node, placement.tags(), reasons);
    }

    private static ApiFailure failure(final TreeSet<String> reasons) {
        return ApiError.CLUSTER_NO_PEERS.with("no suitable peers for placement" + String.join("", reasons));
    }

    private static boolean hasTags(final MetaNode node, final List<String> wanted, final TreeSet<String> reasons) {
        for (final String tag : wanted) {
            final boolean excluded = tag.startsWith("!");
            final String name = excluded ? tag.substring(1) : tag;
            final boolean has = node.tags().stream().anyMatch(name::equalsIgnoreCase);
            if (has == excluded) {
                reasons.add(excluded ? ", tags excluded ['" + name + "']" : ", tags not matched ['" + name + "']");
                return false;
            }
        }
        return true;
    }
}
