package jetstream.engine.meta;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.StreamConfigJson;

/**
 * State machine of the meta group: the only place where streams and consumers come to be, change members and go.
 * Decides when an entry is applied (DESIGN D2): what an earlier entry made impossible is refused here, on every node
 * alike. Owner: the shard thread.
 */
public final class MetaEngine {
    private final MetaState state = new MetaState();
    private final MetaListener listener;
    private long liveFromIndex = Long.MAX_VALUE;

    /** An engine without decisions that tells the listener of every new one. */
    public MetaEngine(final MetaListener listener) {
        this.listener = listener;
    }

    /** What was decided. */
    public MetaState state() {
        return state;
    }

    /** Entries with a lower index are history of an earlier process, not news: nobody waits for their answers. */
    public void liveFrom(final long index) {
        liveFromIndex = index;
    }

    /** Applies a committed entry. */
    public void apply(final EntryView entry) {
        final JsonObject body = MetaEntries.body(entry);
        final boolean existed = entry.index() < liveFromIndex;
        switch (entry.type()) {
            case MetaEntries.ASSIGN_STREAM -> assignStream(entry, body, existed);
            case MetaEntries.REMOVE_STREAM -> removeStream(body);
            case MetaEntries.ASSIGN_CONSUMER -> assignConsumer(entry, body, existed);
            case MetaEntries.REMOVE_CONSUMER -> removeConsumer(body);
            case MetaEntries.REGISTER_NODE -> register(MetaImage.node(body));
            case MetaEntries.FORGET_NODE -> forget(body);
            case MetaEntries.SETTLE_GROUP -> settle(MetaEntries.Settled.read(body), existed);
            default -> Invariant.check(false, "unknown meta entry type", entry.type());
        }
    }

    private void assignStream(final EntryView entry, final JsonObject body, final boolean existed) {
        final String account = body.string("account", "");
        final MetaEntries.Change change = MetaEntries.Change.read(body);
        final StreamConfig config = StreamConfigJson.read(body.object("config"));
        final StreamAssignment before = state.stream(account, config.name());
        final ApiFailure failure = refusal(account, config, before, change.revision());
        if (failure != null) {
            listener.onRefused(account, change.origin(), failure);
            return;
        }
        if (before != null && change.revision() == 0) {
            listener.onStream(before, before, change.origin(), existed);
            return;
        }
        final StreamAssignment now = before == null || change.isAnew()
                ? founded(entry, account, config, change.peers(), before) : changed(entry, before, config, change);
        state.put(now);
        listener.onStream(before, now, change.origin(), existed);
        if (before != null) {
            follow(now, existed);
        }
    }

    private static StreamAssignment founded(final EntryView entry, final String account, final StreamConfig config,
            final List<NodeId> peers, final StreamAssignment before) {
        return new StreamAssignment(GroupId.ofAssignment(entry.index(), config.storage() == Storage.MEMORY), account,
                config, before == null ? entry.timestampEpochNs() : before.createdEpochNs(), GroupPeers.founded(peers),
                null, entry.index());
    }

    private static StreamAssignment changed(final EntryView entry, final StreamAssignment before,
            final StreamConfig config, final MetaEntries.Change change) {
        final GroupPeers members = before.members().toward(change.peers());
        final boolean isOther = members != before.members() && before.change() == null;
        return new StreamAssignment(before.group(), before.account(), config, before.createdEpochNs(), members,
                isOther ? new Reconfiguration(entry.timestampEpochNs(), before.config(), before.peers())
                        : before.change(),
                entry.index());
    }

    /** The consumers of a stream are on its nodes; the same entry moves both. */
    private void follow(final StreamAssignment stream, final boolean existed) {
        for (final ConsumerAssignment consumer : state.consumers(stream.account(), stream.name())) {
            final List<NodeId> peers = ConsumerPeers.following(consumer, stream.config(), stream.peers());
            final GroupPeers members = consumer.members().toward(peers);
            if (members != consumer.members()) {
                final ConsumerAssignment now = consumer.with(members, stream.revision());
                state.put(now);
                listener.onConsumer(consumer, now, Origin.NOBODY, existed);
            }
        }
    }

    private void settle(final MetaEntries.Settled settled, final boolean existed) {
        final MetaEntries.ConsumerKey key = settled.key();
        if (key.name().isEmpty()) {
            final StreamAssignment stream = state.stream(key.account(), key.stream());
            if (stream != null && isSettling(stream.group(), stream.members(), settled)) {
                state.put(stream.settled());
                listener.onStream(stream, stream.settled(), Origin.NOBODY, existed);
            }
            return;
        }
        final ConsumerAssignment consumer = state.consumer(key.account(), key.stream(), key.name());
        if (consumer != null && isSettling(consumer.group(), consumer.members(), settled)) {
            final ConsumerAssignment now = consumer.with(consumer.members().settled(), consumer.revision());
            state.put(now);
            listener.onConsumer(consumer, now, Origin.NOBODY, existed);
        }
    }

    /** A report of another incarnation, or of members that are not wanted any more, changes nothing. */
    private static boolean isSettling(final GroupId group, final GroupPeers members,
            final MetaEntries.Settled settled) {
        return members.isMoving() && group.equals(settled.group()) && members.isTarget(settled.peers());
    }

    private ApiFailure refusal(final String account, final StreamConfig config, final StreamAssignment before,
            final long revision) {
        if (before == null) {
            return revision != 0 ? ApiError.STREAM_NOT_FOUND.failure()
                    : state.overlaps(account, config) ? ApiError.STREAM_SUBJECT_OVERLAP.failure() : null;
        }
        if (revision == 0) {
            return config.equals(before.config()) ? null : ApiError.STREAM_NAME_EXIST.failure();
        }
        if (revision != before.revision()) {
            return ApiError.STREAM_UPDATE.with("stream was changed at the same time");
        }
        return state.overlaps(account, config) ? ApiError.STREAM_SUBJECT_OVERLAP.failure() : null;
    }

    private void removeStream(final JsonObject body) {
        final String account = body.string("account", "");
        final Origin origin = Origin.read(body.object("origin"));
        final StreamAssignment gone = state.stream(account, body.string("name", ""));
        if (gone == null) {
            listener.onRefused(account, origin, ApiError.STREAM_NOT_FOUND.failure());
            return;
        }
        for (final ConsumerAssignment consumer : state.consumers(account, gone.name())) {
            state.remove(consumer);
            listener.onConsumerRemoved(consumer, Origin.NOBODY);
        }
        state.remove(gone);
        listener.onStreamRemoved(gone, origin);
    }

    private void assignConsumer(final EntryView entry, final JsonObject body, final boolean existed) {
        final MetaEntries.ConsumerKey key = MetaEntries.ConsumerKey.read(body);
        final MetaEntries.Change change = MetaEntries.Change.read(body);
        final ConsumerAssignment before = state.consumer(key.account(), key.stream(), key.name());
        final ConsumerConfig config = ConsumerConfigJson.read(body.object("config"));
        final ApiFailure failure = refusal(key, config, before, change.revision());
        if (failure != null) {
            listener.onRefused(key.account(), change.origin(), failure);
            return;
        }
        if (before != null && change.revision() == 0) {
            listener.onConsumer(before, before, change.origin(), existed);
            return;
        }
        final boolean memory = before == null ? body.bool("memory", false) : before.memory();
        final StreamAssignment stream = state.stream(key.account(), key.stream());
        // The stream may have been moved since the nodes were chosen.
        final List<NodeId> peers = ConsumerPeers.chosen(config, stream.config(), stream.peers(), change.peers());
        final boolean isNew = before == null || change.isAnew();
        final ConsumerAssignment now = new ConsumerAssignment(
                isNew ? GroupId.ofAssignment(entry.index(), memory) : before.group(), key.account(), key.stream(),
                key.name(), config, before == null ? entry.timestampEpochNs() : before.createdEpochNs(),
                isNew ? GroupPeers.founded(peers) : before.members().toward(peers), memory,
                entry.index());
        state.put(now);
        listener.onConsumer(before, now, change.origin(), existed);
    }

    private ApiFailure refusal(final MetaEntries.ConsumerKey key, final ConsumerConfig config,
            final ConsumerAssignment before, final long revision) {
        if (state.stream(key.account(), key.stream()) == null) {
            return ApiError.STREAM_NOT_FOUND.failure();
        }
        if (before == null) {
            return revision == 0 ? null : ApiError.CONSUMER_DOES_NOT_EXIST.failure();
        }
        if (revision == 0) {
            return config.equals(before.config()) ? null : ApiError.CONSUMER_ALREADY_EXISTS.failure();
        }
        return revision == before.revision() ? null
                : ApiError.CONSUMER_CREATE.with("consumer was changed at the same time");
    }

    private void removeConsumer(final JsonObject body) {
        final MetaEntries.ConsumerKey key = MetaEntries.ConsumerKey.read(body);
        final Origin origin = Origin.read(body.object("origin"));
        final ConsumerAssignment gone = state.consumer(key.account(), key.stream(), key.name());
        if (gone == null) {
            final ApiFailure failure = ApiError.CONSUMER_NOT_FOUND.failure();
            listener.onRefused(key.account(), origin, failure);
            return;
        }
        state.remove(gone);
        listener.onConsumerRemoved(gone, origin);
    }

    private void register(final MetaNode node) {
        if (!state.isRemoved(node.node(), node.life())) {
            state.put(node);
            listener.onNode(node);
        }
    }

    private void forget(final JsonObject body) {
        final String account = body.string("account", "");
        final Origin origin = Origin.read(body.object("origin"));
        final MetaNode gone = state.remove(new NodeId(body.integer("node", 0)));
        if (gone == null) {
            listener.onRefused(account, origin, ApiError.CLUSTER_SERVER_NOT_MEMBER.failure());
        } else {
            listener.onNodeForgotten(gone, account, origin);
        }
    }

    /** Replaces the state by an image. */
    public void restore(final Checkpoint checkpoint) {
        new MetaImage(state, listener).restore(checkpoint);
    }

    /** Writes the image of the present state. */
    public void writeCheckpoint(final CheckpointWriter out) {
        new MetaImage(state, listener).write(out);
    }
}
