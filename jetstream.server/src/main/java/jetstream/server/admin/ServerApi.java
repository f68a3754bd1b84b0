package jetstream.server.admin;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jetstream.api.NodeId;
import jetstream.api.error.ApiError;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.PlacementPlanner;
import jetstream.engine.meta.StreamAssignment;

/** Requests of operators about servers and whole accounts (spec/jetstream-api.md section 3). Owner: the node thread. */
final class ServerApi {
    static final String REMOVE = "meta_server_remove_response";
    static final String EVACUATE = "meta_server_evacuate_response";
    static final String PURGE = "account_purge_response";
    private static final String RESCUE = "meta_rescue_response";
    private static final long RESCUE_NS = TimeUnit.MINUTES.toNanos(5);

    private final AdminContext context;
    private final ApiReplies replies;
    private final StreamPeers peers;
    private final Advisories advisories;

    ServerApi(final AdminContext context, final ApiReplies replies, final StreamPeers peers,
            final Advisories advisories) {
        this.context = context;
        this.replies = replies;
        this.peers = peers;
        this.advisories = advisories;
    }

    private MetaState state() {
        return context.shard().meta().state();
    }

    /** The server that a request names by {@code peer_id} or {@code peer}; null after an answer that it is none. */
    private NodeId named(final ApiRequest request, final String type) {
        if (!context.clustered()) {
            replies.fail(request, type, ApiError.CLUSTER_REQUIRED.failure());
            return null;
        }
        try {
            final JsonObject body = request.optional();
            final String id = body.string("peer_id", "");
            final String called = id.isEmpty() ? body.string("peer", "") : id;
            if (called.isEmpty()) {
                replies.fail(request, type, ApiError.BAD_REQUEST.failure());
                return null;
            }
            final NodeId node = Peers.known(state(), called);
            if (node == null) {
                replies.fail(request, type, ApiError.CLUSTER_SERVER_NOT_MEMBER.failure());
            }
            return node;
        } catch (final JsonException e) {
            replies.fail(request, type, ApiError.INVALID_JSON.with(e.getMessage()));
            return null;
        }
    }

    /**
     * A server is removed for good. What it holds is placed elsewhere; one that can be reached gives everything away
     * before it loses its vote and switches JetStream off.
     */
    void remove(final ApiRequest request) {
        final NodeId node = named(request, REMOVE);
        if (node == null) {
            return;
        }
        if (isRemovalRunning()) {
            replies.fail(request, REMOVE, ApiError.CLUSTER_SERVER_MEMBER_CHANGE_INFLIGHT.failure());
            return;
        }
        context.shard().meta().propose(batch -> MetaEntries.forgetNode(batch, InfoJson.now(), node,
                request.account().name(), request.origin(REMOVE)));
    }

    private boolean isRemovalRunning() {
        return context.shard().meta().group().report().members().stream()
                .anyMatch(member -> state().node(member.node()) == null && state().removedNodes().stream()
                        .anyMatch(gone -> gone.node().equals(member.node())));
    }

    /** Streams leave a server, each as soon as another one has caught up in its place. */
    void evacuate(final ApiRequest request) {
        final NodeId node = named(request, EVACUATE);
        if (node == null) {
            return;
        }
        for (final String account : state().accounts()) {
            for (final StreamAssignment stream : state().streams(account)) {
                if (stream.peers().contains(node) && !stream.members().isMoving()) {
                    evacuate(stream, node);
                }
            }
        }
        replies.ok(request, EVACUATE, t -> t.put("success", true));
    }

    private void evacuate(final StreamAssignment stream, final NodeId node) {
        final PlacementPlanner.Choice choice = peers.without(stream, node);
        if (choice.failure() == null) {
            context.shard().meta()
                    .propose(batch -> MetaEntries.assignStream(batch, InfoJson.now(), stream.account(), stream.config(),
                            new MetaEntries.Change(choice.peers(), stream.revision(), Origin.NOBODY)));
        }
    }

    /**
     * Fewer servers may decide for a while, because the others are lost for good. Each server answers for itself.
     */
    void rescue(final ApiRequest request) {
        if (request.tokens().length != 2 || !context.clustered() || context.shard().meta().group() == null) {
            return;
        }
        final Consumer<JsonText> server =
                t -> t.put("server", context.serverName()).put("server_id", context.serverId());
        if (request.isEmpty()) {
            replies.fail(request, RESCUE, ApiError.BAD_REQUEST.failure(), server);
            return;
        }
        final int quorum;
        try {
            quorum = Math.clamp(JsonObject.parse(request.body()).integer("quorum_needed", 0), 0, Integer.MAX_VALUE);
        } catch (final JsonException e) {
            replies.fail(request, RESCUE, ApiError.INVALID_JSON.with(e.getMessage()), server);
            return;
        }
        final int before = context.shard().meta().group().report().quorum();
        final String refusal = context.shard().rescueMeta(quorum, RESCUE_NS);
        if (!refusal.isEmpty()) {
            replies.fail(request, RESCUE, ApiError.CLUSTER_RESCUE.with("raft: " + refusal), server);
            return;
        }
        advisories.metaRescued(before, quorum);
        replies.ok(request, RESCUE, server.andThen(t -> t.put("prev_quorum", before).put("new_quorum", quorum)));
    }

    /** All assets of an account go. */
    void purgeAccount(final ApiRequest request) {
        final String account = request.token(2);
        for (final StreamAssignment stream : List.copyOf(state().streams(account))) {
            context.shard().meta().propose(batch -> MetaEntries.removeStream(batch, InfoJson.now(), account,
                    stream.name(), Origin.NOBODY));
        }
        replies.ok(request, PURGE, t -> t.put("initiated", true));
    }
}
