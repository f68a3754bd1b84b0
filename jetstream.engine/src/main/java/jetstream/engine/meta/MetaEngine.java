package jetstream.engine.meta;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
import jetstream.engine.json.JsonText;
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
            case MetaEntries.REGISTER_NODE -> register(new MetaNode(new NodeId(body.integer("node", 0)),
                    body.string("name", ""), body.strings("tags")));
            case MetaEntries.FORGET_NODE -> forget(new NodeId(body.integer("node", 0)));
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
        final boolean isRepeat = before != null && change.revision() == 0;
        final StreamAssignment now = isRepeat ? before : new StreamAssignment(
                before == null ? GroupId.ofAssignment(entry.index(), config.storage() == Storage.MEMORY)
                        : before.group(),
                account, config, before == null ? entry.timestampEpochNs() : before.createdEpochNs(), change.peers(),
                entry.index());
        state.put(now);
        listener.onStream(before, now, change.origin(), existed);
    }

    private ApiFailure refusal(final String account, final StreamConfig config, final StreamAssignment before,
            final long revision) {
        if (before == null) {
            return revision != 0 ? ApiError.STREAM_NOT_FOUND.failure()
                    : overlaps(account, config) ? ApiError.STREAM_SUBJECT_OVERLAP.failure() : null;
        }
        if (revision == 0) {
            return config.equals(before.config()) ? null : ApiError.STREAM_NAME_EXIST.failure();
        }
        if (revision != before.revision()) {
            return ApiError.STREAM_UPDATE.with("stream was changed at the same time");
        }
        return overlaps(account, config) ? ApiError.STREAM_SUBJECT_OVERLAP.failure() : null;
    }

    private boolean overlaps(final String account, final StreamConfig config) {
        for (final StreamAssignment other : state.streams(account)) {
            if (!other.name().equals(config.name())
                    && Subjects.anyOverlap(other.config().subjects(), config.subjects())) {
                return true;
            }
        }
        return false;
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
        final boolean memory = body.bool("memory", false);
        final boolean isRepeat = before != null && change.revision() == 0;
        final ConsumerAssignment now = isRepeat ? before : new ConsumerAssignment(
                before == null ? GroupId.ofAssignment(entry.index(), memory) : before.group(), key.account(),
                key.stream(), key.name(), config, before == null ? entry.timestampEpochNs() : before.createdEpochNs(),
                change.peers(), before == null ? memory : before.memory(), entry.index());
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
        state.put(node);
        listener.onNode(node);
    }

    private void forget(final NodeId node) {
        if (state.remove(node) != null) {
            listener.onNodeForgotten(node);
        }
    }

    /** Replaces the state by an image. */
    public void restore(final Checkpoint checkpoint) {
        final byte[] json = new byte[checkpoint.image().remaining()];
        checkpoint.image().duplicate().get(json);
        final JsonObject image = JsonObject.parse(json);
        state.clear();
        final Set<GroupId> groups = new HashSet<>();
        image.objects("streams").forEach(o -> groups.add(new GroupId(o.integer("group", 0))));
        image.objects("consumers").forEach(o -> groups.add(new GroupId(o.integer("group", 0))));
        listener.onReset(groups);
        for (final JsonObject o : image.objects("nodes")) {
            register(new MetaNode(new NodeId(o.integer("node", 0)), o.string("name", ""), o.strings("tags")));
        }
        image.objects("streams").forEach(this::restoreStream);
        image.objects("consumers").forEach(this::restoreConsumer);
    }

    private void restoreStream(final JsonObject o) {
        final StreamAssignment now = new StreamAssignment(new GroupId(o.integer("group", 0)), o.string("account", ""),
                StreamConfigJson.read(o.object("config")), o.integer("created", 0), MetaEntries.peers(o),
                o.integer("revision", 0));
        state.put(now);
        listener.onStream(null, now, Origin.NOBODY, true);
    }

    private void restoreConsumer(final JsonObject o) {
        final MetaEntries.ConsumerKey key = MetaEntries.ConsumerKey.read(o);
        final ConsumerAssignment now = new ConsumerAssignment(new GroupId(o.integer("group", 0)), key.account(),
                key.stream(), key.name(), ConsumerConfigJson.read(o.object("config")), o.integer("created", 0),
                MetaEntries.peers(o), o.bool("memory", false), o.integer("revision", 0));
        state.put(now);
        listener.onConsumer(null, now, Origin.NOBODY, true);
    }

    /** Writes the image of the present state. */
    public void writeCheckpoint(final CheckpointWriter out) {
        out.write(ByteBuffer.wrap(JsonText.object(t -> {
            t.objects("nodes", state.nodes(), (o, node) -> o.put("node", node.node().value()).put("name", node.name())
                    .strings("tags", node.tags()));
            final List<StreamAssignment> streams =
                    state.accounts().stream().flatMap(a -> state.streams(a).stream()).toList();
            t.objects("streams", streams, (o, s) -> o.put("group", s.group().value()).put("account", s.account())
                    .object("config", c -> StreamConfigJson.write(c, s.config())).put("created", s.createdEpochNs())
                    .integers("peers", s.peers().stream().map(NodeId::value).toList()).put("revision", s.revision()));
            final List<ConsumerAssignment> consumers = streams.stream()
                    .flatMap(s -> state.consumers(s.account(), s.name()).stream()).toList();
            t.objects("consumers", consumers, MetaEngine::writeConsumer);
        })));
    }

    private static void writeConsumer(final JsonText o, final ConsumerAssignment c) {
        new MetaEntries.ConsumerKey(c.account(), c.stream(), c.name()).write(o);
        o.put("group", c.group().value()).object("config", x -> ConsumerConfigJson.write(x, c.config()))
                .put("created", c.createdEpochNs()).integers("peers", c.peers().stream().map(NodeId::value).toList())
                .put("memory", c.memory()).put("revision", c.revision());
    }
}
