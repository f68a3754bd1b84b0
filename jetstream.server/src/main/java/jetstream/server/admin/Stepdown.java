package jetstream.server.admin;

import java.util.List;
import jetstream.api.NodeId;
import jetstream.api.config.Placement;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.PartsJson;

/** Requests to hand leadership over: stream, consumer and meta (spec/jetstream-api.md section 3). */
final class Stepdown {
    private Stepdown() {
    }

    /** Answers and, if it may be, hands over. This node leads the group. */
    static void answer(final AdminContext context, final ApiReplies replies, final ApiRequest request,
            final String type, final ConsensusGroup group, final List<NodeId> peers) {
        try {
            final JsonObject body = request.optional();
            final Placement placement = PartsJson.placement(body.object("placement"));
            if (!context.clustered()) {
                replies.fail(request, type, ApiError.CLUSTER_REQUIRED.failure());
                return;
            }
            final NodeId target = placement == null || placement.preferred().isEmpty() ? null
                    : NodeId.of(placement.preferred());
            final ApiFailure failure = failure(context, peers, target, placement);
            if (failure != null) {
                replies.fail(request, type, failure);
                return;
            }
            if (peers.size() > 1) {
                group.transferTo(target != null ? target : tagged(context, peers, placement));
            }
            replies.ok(request, type, t -> t.put("success", true));
        } catch (final JsonException e) {
            replies.fail(request, type, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private static ApiFailure failure(final AdminContext context, final List<NodeId> peers, final NodeId target,
            final Placement placement) {
        if (target != null && target.equals(context.node())) {
            return ApiError.CLUSTER_NO_PEERS
                    .with("preferred server \"" + placement.preferred() + "\" is already leader");
        }
        if (target != null && !peers.contains(target)) {
            return ApiError.CLUSTER_NO_PEERS.with("preferred server \"" + placement.preferred() + "\" not known");
        }
        final boolean isElsewhere = placement != null && !placement.cluster().isEmpty()
                && !placement.cluster().equals(context.clusterName());
        final boolean isTagged = placement != null && !placement.tags().isEmpty() && target == null;
        final boolean somebody = peers.size() == 1 || !isElsewhere && (isTagged
                ? tagged(context, peers, placement) != null
                : peers.stream().anyMatch(p -> !p.equals(context.node()) && context.isOnline().test(p)));
        return somebody ? null : ApiError.CLUSTER_NO_PEERS.with("no replacement peer connected");
    }

    private static NodeId tagged(final AdminContext context, final List<NodeId> peers, final Placement placement) {
        if (placement == null || placement.tags().isEmpty()) {
            return null;
        }
        return peers.stream().filter(p -> !p.equals(context.node()) && context.isOnline().test(p)).filter(p -> {
            final var known = context.shard().meta().state().node(p);
            return known != null && known.tags().containsAll(placement.tags());
        }).findFirst().orElse(null);
    }
}
