package jetstream.engine.meta;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.json.StreamConfigJson;

/** The state of the meta group as an image: one JSON object, since it is small and a person may have to read it. */
final class MetaImage {
    private final MetaState state;
    private final MetaListener listener;

    MetaImage(final MetaState state, final MetaListener listener) {
        this.state = state;
        this.listener = listener;
    }

    /** Replaces the state, and tells what is in it as history. */
    void restore(final Checkpoint checkpoint) {
        final byte[] json = new byte[checkpoint.image().remaining()];
        checkpoint.image().duplicate().get(json);
        final JsonObject image = JsonObject.parse(json);
        state.clear();
        final Set<GroupId> groups = new HashSet<>();
        image.objects("streams").forEach(o -> groups.add(new GroupId(o.integer("group", 0))));
        image.objects("consumers").forEach(o -> groups.add(new GroupId(o.integer("group", 0))));
        listener.onReset(groups);
        image.objects("removed").forEach(o -> state.putRemoved(node(o)));
        for (final JsonObject o : image.objects("nodes")) {
            state.put(node(o));
            listener.onNode(node(o));
        }
        image.objects("streams").forEach(this::restoreStream);
        image.objects("consumers").forEach(this::restoreConsumer);
    }

    static MetaNode node(final JsonObject o) {
        return new MetaNode(new NodeId(o.integer("node", 0)), o.string("name", ""), o.strings("tags"),
                o.string("life", ""));
    }

    private void restoreStream(final JsonObject o) {
        final StreamAssignment now = new StreamAssignment(new GroupId(o.integer("group", 0)), o.string("account", ""),
                StreamConfigJson.read(o.object("config")), o.integer("created", 0), GroupPeers.read(o),
                Reconfiguration.read(o.object("change")), o.integer("revision", 0));
        state.put(now);
        listener.onStream(null, now, Origin.NOBODY, true);
    }

    private void restoreConsumer(final JsonObject o) {
        final MetaEntries.ConsumerKey key = MetaEntries.ConsumerKey.read(o);
        final ConsumerAssignment now = new ConsumerAssignment(new GroupId(o.integer("group", 0)), key.account(),
                key.stream(), key.name(), ConsumerConfigJson.read(o.object("config")), o.integer("created", 0),
                GroupPeers.read(o), o.bool("memory", false), o.integer("revision", 0));
        state.put(now);
        listener.onConsumer(null, now, Origin.NOBODY, true);
    }

    void write(final CheckpointWriter out) {
        out.write(ByteBuffer.wrap(JsonText.object(t -> {
            t.objects("nodes", state.nodes(), MetaImage::writeNode);
            t.objects("removed", state.removedNodes(), MetaImage::writeNode);
            final List<StreamAssignment> streams =
                    state.accounts().stream().flatMap(a -> state.streams(a).stream()).toList();
            t.objects("streams", streams, MetaImage::writeStream);
            final List<ConsumerAssignment> consumers = streams.stream()
                    .flatMap(s -> state.consumers(s.account(), s.name()).stream()).toList();
            t.objects("consumers", consumers, MetaImage::writeConsumer);
        })));
    }

    private static void writeNode(final JsonText o, final MetaNode node) {
        o.put("node", node.node().value()).put("name", node.name()).strings("tags", node.tags()).opt("life",
                node.life());
    }

    private static void writeStream(final JsonText o, final StreamAssignment s) {
        o.put("group", s.group().value()).put("account", s.account())
                .object("config", c -> StreamConfigJson.write(c, s.config())).put("created", s.createdEpochNs());
        s.members().write(o);
        if (s.change() != null) {
            o.object("change", s.change()::write);
        }
        o.put("revision", s.revision());
    }

    private static void writeConsumer(final JsonText o, final ConsumerAssignment c) {
        new MetaEntries.ConsumerKey(c.account(), c.stream(), c.name()).write(o);
        o.put("group", c.group().value()).object("config", x -> ConsumerConfigJson.write(x, c.config()))
                .put("created", c.createdEpochNs());
        c.members().write(o);
        o.put("memory", c.memory()).put("revision", c.revision());
    }
}
