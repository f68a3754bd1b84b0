package jetstream.server.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import jetstream.api.NodeId;
import jetstream.api.config.Placement;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.meta.PlacementPlanner;
import jetstream.engine.meta.StreamAssignment;

/**
 * Which nodes a stream is on after a change: of its replicas, of its placement, or of the servers that are there
 * (spec/clustering.md sections 3 and 5). Asked by the meta leader before it proposes. Owner: the node thread.
 */
final class StreamPeers {
    private final AdminContext context;

    StreamPeers(final AdminContext context) {
        this.context = context;
    }

    private PlacementPlanner planner() {
        return new PlacementPlanner(context.shard().meta().state(), context.isOnline(), context.clusterName());
    }

    /** Nodes of a new stream. */
    PlacementPlanner.Choice create(final StreamConfig config) {
        return planner().choose(config.replicas(), config.placement());
    }

    /** Nodes after an update, or the error that stands in its way. */
    PlacementPlanner.Choice update(final StreamAssignment existing, final StreamConfig config) {
        final boolean isScaled = existing.config().replicas() != config.replicas();
        final boolean isMoved = !Objects.equals(target(existing.config()), target(config));
        if (!isScaled && !isMoved) {
            return new PlacementPlanner.Choice(existing.peers(), null);
        }
        final ApiFailure running = running(existing);
        if (running != null) {
            return failed(running);
        }
        if (isScaled && isMoved && existing.config().placement() != null) {
            return failed(ApiError.STREAM_MOVE_AND_SCALE.failure());
        }
        return isMoved ? move(existing, config.placement(), config.replicas()) : scale(existing, config);
    }

    /** Where a placement leads to; a preferred server only matters for leaders. */
    private static Placement target(final StreamConfig config) {
        final Placement placement = config.placement();
        return placement == null || placement.cluster().isEmpty() && placement.tags().isEmpty() ? null
                : new Placement(placement.cluster(), placement.tags(), "");
    }

    /** The error for a change of members while another one is under way; null if none is. */
    static ApiFailure running(final StreamAssignment stream) {
        if (!stream.members().isMoving()) {
            return null;
        }
        final boolean isMove =
                stream.change() != null && stream.change().origin().replicas() == stream.config().replicas();
        return isMove ? ApiError.STREAM_MOVE_IN_PROGRESS.failure() : ApiError.STREAM_RECONFIGURE_IN_PROGRESS.failure();
    }

    private PlacementPlanner.Choice scale(final StreamAssignment existing, final StreamConfig config) {
        final List<NodeId> kept = ordered(existing);
        if (config.replicas() <= kept.size()) {
            return new PlacementPlanner.Choice(kept.subList(0, config.replicas()), null);
        }
        final PlacementPlanner.Choice more = planner().choose(config.replicas() - kept.size(), config.placement(),
                List.of(), node -> !kept.contains(node));
        if (more.failure() != null) {
            return more;
        }
        kept.addAll(more.peers());
        return new PlacementPlanner.Choice(kept, null);
    }

    /** Nodes that fit a placement, with as few changes as possible. */
    PlacementPlanner.Choice move(final StreamAssignment existing, final Placement placement, final int replicas) {
        return planner().choose(replicas, placement, ordered(existing), node -> true);
    }

    /** Nodes without that one, another in its place; the failure says that there is none. */
    PlacementPlanner.Choice without(final StreamAssignment existing, final NodeId gone) {
        final List<NodeId> kept = ordered(existing);
        kept.remove(gone);
        final PlacementPlanner.Choice choice = planner().choose(1, existing.config().placement(), List.of(),
                node -> !kept.contains(node) && !node.equals(gone) && context.isOnline().test(node));
        if (choice.failure() != null) {
            return failed(ApiError.PEER_REMAP.failure());
        }
        kept.addAll(choice.peers());
        return new PlacementPlanner.Choice(kept, null);
    }

    /** As many of the wanted nodes as there are: those known ones that hold it, and others that can be reached. */
    List<NodeId> refilled(final StreamAssignment existing) {
        final List<NodeId> nodes = ordered(existing);
        nodes.removeIf(node -> context.shard().meta().state().node(node) == null);
        for (int missing = existing.config().replicas() - nodes.size(); missing > 0; missing--) {
            final List<NodeId> found = planner().choose(1, existing.config().placement(), List.of(),
                    node -> !nodes.contains(node) && context.isOnline().test(node)).peers();
            nodes.addAll(found);
        }
        return nodes;
    }

    /** Nodes off that server, or all others than now if none is named. */
    PlacementPlanner.Choice away(final StreamAssignment existing, final NodeId server, final Placement placement) {
        final int replicas = existing.config().replicas();
        return server == null
                ? planner().choose(replicas, placement, List.of(), node -> !existing.peers().contains(node))
                : planner().choose(replicas, placement, ordered(existing), node -> !node.equals(server));
    }

    /** The stream's nodes: its leader first, which then need not hand over; then those that can be reached. */
    private List<NodeId> ordered(final StreamAssignment stream) {
        final NodeId leader = context.leaderOf().apply(stream.group());
        final List<NodeId> ordered = new ArrayList<>(stream.peers());
        ordered.sort(Comparator.comparing((NodeId node) -> !node.equals(leader))
                .thenComparing(node -> !context.isOnline().test(node)));
        return ordered;
    }

    private static PlacementPlanner.Choice failed(final ApiFailure failure) {
        return new PlacementPlanner.Choice(List.of(), failure);
    }
}
