package jetstream.engine.meta;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;
import jetstream.api.entry.EntryView;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.json.StreamConfigJson;

/** Entries of the meta group. Their bodies are JSON: they are few, and a person may have to read them. */
public final class MetaEntries {
    /** A stream is made or changed. */
    static final byte ASSIGN_STREAM = EntryType.APPLICATION;
    /** A stream goes, with its consumers. */
    static final byte REMOVE_STREAM = EntryType.APPLICATION + 1;
    /** A consumer is made or changed. */
    static final byte ASSIGN_CONSUMER = EntryType.APPLICATION + 2;
    /** A consumer goes. */
    static final byte REMOVE_CONSUMER = EntryType.APPLICATION + 3;
    /** A JetStream server is known by this name and these tags. */
    static final byte REGISTER_NODE = EntryType.APPLICATION + 4;
    /** A JetStream server is not counted any more. */
    static final byte FORGET_NODE = EntryType.APPLICATION + 5;
    /** The members of a group are those that were wanted. */
    static final byte SETTLE_GROUP = EntryType.APPLICATION + 6;

    private MetaEntries() {
    }

    /** A stream shall be as configured on those nodes. */
    public static void assignStream(final EntryBatch batch, final long nowEpochNs, final String account,
            final StreamConfig config, final Change change) {
        append(batch, ASSIGN_STREAM, nowEpochNs, t -> {
            t.put("account", account).object("config", c -> StreamConfigJson.write(c, config));
            change.write(t);
        });
    }

    /** A stream shall go. */
    public static void removeStream(final EntryBatch batch, final long nowEpochNs, final String account,
            final String name, final Origin origin) {
        append(batch, REMOVE_STREAM, nowEpochNs,
                t -> t.put("account", account).put("name", name).object("origin", origin::write));
    }

    /** A consumer shall be as configured on those nodes. */
    public static void assignConsumer(final EntryBatch batch, final long nowEpochNs, final ConsumerKey key,
            final ConsumerConfig config, final boolean memory, final Change change) {
        append(batch, ASSIGN_CONSUMER, nowEpochNs, t -> {
            key.write(t);
            t.object("config", c -> ConsumerConfigJson.write(c, config)).put("memory", memory);
            change.write(t);
        });
    }

    /** A consumer shall go. */
    public static void removeConsumer(final EntryBatch batch, final long nowEpochNs, final ConsumerKey key,
            final Origin origin) {
        append(batch, REMOVE_CONSUMER, nowEpochNs, t -> {
            key.write(t);
            t.object("origin", origin::write);
        });
    }

    /** A server is known. */
    public static void registerNode(final EntryBatch batch, final long nowEpochNs, final MetaNode node) {
        append(batch, REGISTER_NODE, nowEpochNs,
                t -> t.put("node", node.node().value()).put("name", node.name()).strings("tags", node.tags())
                        .put("life", node.life()));
    }

    /** A server is removed: what it is now may not come back. Who asked, if anybody, is in the system account. */
    public static void forgetNode(final EntryBatch batch, final long nowEpochNs, final NodeId node,
            final String account, final Origin origin) {
        append(batch, FORGET_NODE, nowEpochNs,
                t -> t.put("node", node.value()).put("account", account).object("origin", origin::write));
    }

    /** The members of a group are those nodes; counts only while they are what is wanted of that very group. */
    public static void settleGroup(final EntryBatch batch, final long nowEpochNs, final Settled settled) {
        append(batch, SETTLE_GROUP, nowEpochNs, settled::write);
    }

    /**
     * What is common to all assignments. The entry is refused when it is applied if something else was decided since.
     *
     * @param peers members of the group, the preferred first leader first
     * @param revision revision of the assignment that is replaced; 0: there must be none, or an equal one
     * @param origin who waits for the answer
     * @param isAnew the group starts again without data: none of its members will ever come back
     */
    public record Change(List<NodeId> peers, long revision, Origin origin, boolean isAnew) {
        /** Copies the list. */
        public Change {
            peers = List.copyOf(peers);
        }

        /** A change that keeps the group. */
        public Change(final List<NodeId> peers, final long revision, final Origin origin) {
            this(peers, revision, origin, false);
        }

        void write(final JsonText t) {
            t.integers("peers", peers.stream().map(NodeId::value).toList()).put("revision", revision);
            t.object("origin", origin::write).opt("anew", isAnew);
        }

        static Change read(final JsonObject o) {
            return new Change(GroupPeers.nodes(o, "peers"), o.integer("revision", 0), Origin.read(o.object("origin")),
                    o.bool("anew", false));
        }
    }

    /**
     * What the leader of a group reports when its members are those that were wanted.
     *
     * @param key names the asset; the consumer's name is empty for a stream
     * @param group the group
     * @param peers its members, all of them voters
     */
    public record Settled(ConsumerKey key, GroupId group, List<NodeId> peers) {
        /** Copies the list. */
        public Settled {
            peers = List.copyOf(peers);
        }

        /** Writes the members of an object. */
        public void write(final JsonText t) {
            key.write(t);
            t.put("group", group.value()).integers("peers", peers.stream().map(NodeId::value).toList());
        }

        /** Reads what {@link #write} wrote. */
        public static Settled read(final JsonObject o) {
            return new Settled(ConsumerKey.read(o), new GroupId(o.integer("group", 0)), GroupPeers.nodes(o, "peers"));
        }
    }

    /**
     * Names a consumer.
     *
     * @param account account name
     * @param stream stream name
     * @param name consumer name
     */
    public record ConsumerKey(String account, String stream, String name) {
        /** Writes the members of an object. */
        public void write(final JsonText t) {
            t.put("account", account).put("stream", stream).put("name", name);
        }

        /** Reads what {@link #write} wrote. */
        public static ConsumerKey read(final JsonObject o) {
            return new ConsumerKey(o.string("account", ""), o.string("stream", ""), o.string("name", ""));
        }
    }

    static JsonObject body(final EntryView entry) {
        final byte[] json = new byte[entry.bodyLength()];
        entry.buffer().get(entry.bodyOffset(), json);
        return JsonObject.parse(json);
    }

    private static void append(final EntryBatch batch, final byte type, final long nowEpochNs,
            final Consumer<JsonText> body) {
        final byte[] json = JsonText.object(body);
        final int at = batch.begin(type, (byte) 0, nowEpochNs, json.length);
        final ByteBuffer buffer = batch.buffer();
        buffer.put(at, json);
        batch.end(json.length);
    }
}
