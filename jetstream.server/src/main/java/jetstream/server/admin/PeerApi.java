package jetstream.server.admin;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.NodeId;
import jetstream.api.config.Placement;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.PlacementPlanner;
import jetstream.engine.meta.StreamAssignment;

/**
 * Streams and consumers leave servers by request (spec/jetstream-api.md section 3); decided by the meta leader. Removal
 * and evacuation do the same here: the replacement comes first, unless the server is dead. Owner: the node thread.
 */
final class PeerApi {
    static final String STREAM_REMOVE = "stream_remove_peer_response";
    static final String STREAM_EVACUATE = "stream_evacuate_peer_response";
    static final String CONSUMER_REMOVE = "consumer_remove_peer_response";
    static final String CONSUMER_EVACUATE = "consumer_evacuate_peer_response";
    static final String CANCEL = "stream_cancel_move_response";

    private final AdminContext context;
    private final ApiReplies replies;
    private final StreamPeers peers;

    PeerApi(final AdminContext context, final ApiReplies replies, final StreamPeers peers) {
        this.context = context;
        this.replies = replies;
        this.peers = peers;
    }

    private MetaState state() {
        return context.shard().meta().state();
    }

    /** The peer that a request names; null after it was answered that it names none. */
    private String named(final ApiRequest request, final String type) {
        try {
            final String peer = request.isEmpty() ? "" : request.object().string("peer", "");
            if (!peer.isEmpty()) {
                return peer;
            }
            replies.fail(request, type, ApiError.BAD_REQUEST.failure());
        } catch (final JsonException e) {
            replies.fail(request, type, ApiError.INVALID_JSON.with(e.getMessage()));
        }
        return null;
    }

    /** A stream leaves a server. */
    void stream(final ApiRequest request, final String type) {
        final String peer = named(request, type);
        if (peer == null) {
            return;
        }
        final StreamAssignment stream = state().stream(request.account().name(), request.token(3));
        if (stream == null) {
            replies.fail(request, type, ApiError.STREAM_NOT_FOUND.failure());
            return;
        }
        final NodeId node = Peers.of(stream.members(), peer);
        if (node == null) {
            replies.fail(request, type, ApiError.CLUSTER_PEER_NOT_MEMBER.failure());
            return;
        }
        final PlacementPlanner.Choice choice = peers.without(stream, node);
        if (choice.failure() != null) {
            replies.fail(request, type, choice.failure());
            return;
        }
        // Who removes the only, dead holder knows that its messages are gone.
        final boolean isAnew =
                type.equals(STREAM_REMOVE) && stream.members().isLone() && !context.isOnline().test(node);
        propose(stream, stream.config(), new MetaEntries.Change(choice.peers(), stream.revision(),
                request.origin(type).toMeta(), isAnew));
    }

    private void propose(final StreamAssignment stream, final StreamConfig config, final MetaEntries.Change change) {
        context.shard().meta().propose(
                batch -> MetaEntries.assignStream(batch, InfoJson.now(), stream.account(), config, change));
    }

    /** A consumer leaves a server. */
    void consumer(final ApiRequest request, final String type) {
        final String peer = named(request, type);
        if (peer == null) {
            return;
        }
        final StreamAssignment stream = state().stream(request.account().name(), request.token(3));
        final ConsumerAssignment consumer =
                stream == null ? null : state().consumer(stream.account(), stream.name(), request.token(4));
        if (consumer == null) {
            replies.fail(request, type,
                    stream == null ? ApiError.STREAM_NOT_FOUND.failure() : ApiError.CONSUMER_NOT_FOUND.failure());
            return;
        }
        final NodeId node = Peers.of(consumer.members(), peer);
        final List<NodeId> spare = stream.peers().stream()
                .filter(n -> !consumer.peers().contains(n) && context.isOnline().test(n)).toList();
        if (node == null || spare.isEmpty()) {
            replies.fail(request, type, node == null ? ApiError.CLUSTER_PEER_NOT_MEMBER.failure()
                    : ApiError.PEER_REMAP.failure());
            return;
        }
        final List<NodeId> nodes = new ArrayList<>(consumer.peers());
        nodes.remove(node);
        nodes.add(spare.getFirst());
        final boolean isAnew =
                type.equals(CONSUMER_REMOVE) && consumer.members().isLone() && !context.isOnline().test(node);
        final MetaEntries.Change change =
                new MetaEntries.Change(nodes, consumer.revision(), request.origin(type).toMeta(), isAnew);
        context.shard().meta().propose(batch -> MetaEntries.assignConsumer(batch, InfoJson.now(),
                new MetaEntries.ConsumerKey(consumer.account(), consumer.stream(), consumer.name()), consumer.config(),
                consumer.memory(), change));
    }

    /** A user calls a move of a stream off. */
    void cancelMove(final ApiRequest request) {
        cancel(request, state().stream(request.account().name(), request.token(2)), request.origin(CANCEL));
    }

    /** An operator calls a move of a user's stream off. */
    void cancelMoveOf(final ApiRequest request) {
        cancel(request, state().stream(request.token(3), request.token(4)),
                request.origin(CANCEL).of(request.account().name()));
    }

    private void cancel(final ApiRequest request, final StreamAssignment stream, final Origin origin) {
        if (stream == null) {
            replies.fail(request, CANCEL, ApiError.STREAM_NOT_FOUND.failure());
        } else if (!stream.members().isMoving() || stream.change() == null) {
            replies.fail(request, CANCEL, ApiError.STREAM_RECONFIGURE_NOT_IN_PROGRESS.failure());
        } else {
            propose(stream, stream.change().origin(),
                    new MetaEntries.Change(stream.change().originPeers(), stream.revision(), origin));
        }
    }

    /** An operator moves a user's stream: off a server, or to servers that fit. */
    void move(final ApiRequest request) {
        final StreamAssignment stream = state().stream(request.token(3), request.token(4));
        if (stream == null) {
            replies.fail(request, StreamApi.UPDATE, ApiError.STREAM_NOT_FOUND.failure());
            return;
        }
        try {
            final JsonObject body = request.optional();
            final String server = body.string("server", "");
            final Placement wanted = new Placement(body.string("cluster", ""), body.strings("tags"), "");
            final NodeId node = server.isEmpty() ? null : Peers.of(stream.members(), server);
            final ApiFailure failure = StreamPeers.running(stream) != null ? StreamPeers.running(stream)
                    : node == null && !server.isEmpty() ? ApiError.CLUSTER_PEER_NOT_MEMBER.failure() : null;
            if (failure != null) {
                replies.fail(request, StreamApi.UPDATE, failure);
            } else {
                move(request, stream, node, wanted);
            }
        } catch (final JsonException e) {
            replies.fail(request, StreamApi.UPDATE, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private void move(final ApiRequest request, final StreamAssignment stream, final NodeId server,
            final Placement wanted) {
        final boolean isPlaced = !wanted.cluster().isEmpty() || !wanted.tags().isEmpty();
        final PlacementPlanner.Choice choice = server == null && isPlaced
                ? peers.move(stream, wanted, stream.config().replicas())
                : peers.away(stream, server, isPlaced ? wanted : stream.config().placement());
        if (choice.failure() != null) {
            replies.fail(request, StreamApi.UPDATE, choice.failure());
        } else {
            propose(stream, stream.config(), new MetaEntries.Change(choice.peers(), stream.revision(),
                    request.origin(StreamApi.UPDATE).of(request.account().name())));
        }
    }
}
