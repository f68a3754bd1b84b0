package jetstream.engine.meta;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.NodeId;

/** What the meta group has decided: servers, streams, consumers. Owner: the shard thread. */
public final class MetaState {
    private final Map<String, TreeMap<String, Stream>> accounts = new TreeMap<>();
    private final Map<NodeId, MetaNode> nodes = new HashMap<>();
    private final Map<NodeId, MetaNode> removed = new TreeMap<>();
    private long hash;

    /** Nothing decided yet. */
    public MetaState() {
    }

    /** A stream and its consumers by name. */
    static final class Stream {
        private StreamAssignment assignment;
        private final TreeMap<String, ConsumerAssignment> consumers = new TreeMap<>();

        Stream(final StreamAssignment assignment) {
            this.assignment = assignment;
        }
    }

    /** A stream; null if unknown. */
    public StreamAssignment stream(final String account, final String name) {
        final Stream stream = find(account, name);
        return stream == null ? null : stream.assignment;
    }

    /** All streams of an account, by name. */
    public List<StreamAssignment> streams(final String account) {
        final TreeMap<String, Stream> streams = accounts.get(account);
        return streams == null ? List.of() : streams.values().stream().map(s -> s.assignment).toList();
    }

    /** Hash of everything decided, whatever the order in which it was: equal on all members at the same index. */
    public long hash() {
        return hash;
    }

    /** Names of accounts with streams. */
    public Collection<String> accounts() {
        return List.copyOf(accounts.keySet());
    }

    /** A consumer; null if unknown. */
    public ConsumerAssignment consumer(final String account, final String stream, final String name) {
        final Stream found = find(account, stream);
        return found == null ? null : found.consumers.get(name);
    }

    /** All consumers of a stream, by name. */
    public List<ConsumerAssignment> consumers(final String account, final String stream) {
        final Stream found = find(account, stream);
        return found == null ? List.of() : List.copyOf(found.consumers.values());
    }

    /** Number of consumers of a stream. */
    public int consumerCount(final String account, final String stream) {
        final Stream found = find(account, stream);
        return found == null ? 0 : found.consumers.size();
    }

    /** A server; null if unknown. */
    public MetaNode node(final NodeId node) {
        return nodes.get(node);
    }

    /** All known JetStream servers, by name. */
    public List<MetaNode> nodes() {
        final List<MetaNode> sorted = new ArrayList<>(nodes.values());
        sorted.sort((a, b) -> a.name().compareTo(b.name()));
        return sorted;
    }

    /** Whether a server was removed, and has not come back with an empty store since. */
    public boolean isRemoved(final NodeId node, final String life) {
        final MetaNode gone = removed.get(node);
        return gone != null && gone.life().equals(life);
    }

    /** Servers that were removed and have not come back. */
    public Collection<MetaNode> removedNodes() {
        return List.copyOf(removed.values());
    }

    /** Streams and consumers with more than one replica that have a member on each node. */
    public Map<NodeId, int[]> load() {
        final Map<NodeId, int[]> load = new HashMap<>();
        nodes.keySet().forEach(node -> load.put(node, new int[2]));
        for (final TreeMap<String, Stream> streams : accounts.values()) {
            for (final Stream stream : streams.values()) {
                count(load, stream.assignment.peers());
                stream.consumers.values().forEach(consumer -> count(load, consumer.peers()));
            }
        }
        return load;
    }

    private static void count(final Map<NodeId, int[]> load, final List<NodeId> peers) {
        for (final NodeId peer : peers) {
            final int[] counts = load.computeIfAbsent(peer, p -> new int[2]);
            counts[0] += peers.size() > 1 ? 1 : 0;
            counts[1]++;
        }
    }

    void put(final StreamAssignment assignment) {
        final TreeMap<String, Stream> streams = accounts.computeIfAbsent(assignment.account(), a -> new TreeMap<>());
        final Stream stream = streams.get(assignment.name());
        hash ^= MetaHash.of(assignment) ^ (stream == null ? 0 : MetaHash.of(stream.assignment));
        if (stream == null) {
            streams.put(assignment.name(), new Stream(assignment));
        } else {
            stream.assignment = assignment;
        }
    }

    void remove(final StreamAssignment assignment) {
        final TreeMap<String, Stream> streams = accounts.get(assignment.account());
        final Stream gone = streams.remove(assignment.name());
        hash ^= MetaHash.of(gone.assignment);
        gone.consumers.values().forEach(consumer -> hash ^= MetaHash.of(consumer));
        if (streams.isEmpty()) {
            accounts.remove(assignment.account());
        }
    }

    void put(final ConsumerAssignment assignment) {
        final ConsumerAssignment before =
                find(assignment.account(), assignment.stream()).consumers.put(assignment.name(), assignment);
        hash ^= MetaHash.of(assignment) ^ (before == null ? 0 : MetaHash.of(before));
    }

    void remove(final ConsumerAssignment assignment) {
        final ConsumerAssignment gone =
                find(assignment.account(), assignment.stream()).consumers.remove(assignment.name());
        hash ^= gone == null ? 0 : MetaHash.of(gone);
    }

    void put(final MetaNode node) {
        final MetaNode gone = removed.remove(node.node());
        final MetaNode before = nodes.put(node.node(), node);
        hash ^= MetaHash.of(node) ^ (before == null ? 0 : MetaHash.of(before))
                ^ (gone == null ? 0 : MetaHash.ofRemoved(gone));
    }

    MetaNode remove(final NodeId node) {
        final MetaNode gone = nodes.remove(node);
        if (gone != null) {
            hash ^= MetaHash.of(gone);
            putRemoved(gone);
        }
        return gone;
    }

    void putRemoved(final MetaNode gone) {
        final MetaNode before = removed.put(gone.node(), gone);
        hash ^= MetaHash.ofRemoved(gone) ^ (before == null ? 0 : MetaHash.ofRemoved(before));
    }

    void clear() {
        accounts.clear();
        nodes.clear();
        removed.clear();
        hash = 0;
    }

    private Stream find(final String account, final String name) {
        final TreeMap<String, Stream> streams = accounts.get(account);
        return streams == null ? null : streams.get(name);
    }
}
