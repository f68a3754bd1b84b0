package jetstream.engine.meta;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.NodeId;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;

/** What the meta group has decided: servers, streams, consumers. Owner: the shard thread. */
public final class MetaState {
    private final Map<String, AccountStreams> accounts = new TreeMap<>();
    private final PlacementLoad load = new PlacementLoad();
    private final Map<NodeId, MetaNode> nodes = new HashMap<>();
    private final Map<NodeId, MetaNode> removed = new TreeMap<>();
    private long hash;
    private long changes;

    /** Nothing decided yet. */
    public MetaState() {
    }

    /** A stream; null if unknown. */
    public StreamAssignment stream(final String account, final String name) {
        final AccountStreams.Stream stream = find(account, name);
        return stream == null ? null : stream.assignment();
    }

    /** All streams of an account, by name. */
    public List<StreamAssignment> streams(final String account) {
        final AccountStreams streams = accounts.get(account);
        return streams == null ? List.of()
                : streams.all().stream().map(AccountStreams.Stream::assignment).toList();
    }

    /** Number of streams of an account. */
    public int streamCount(final String account) {
        final AccountStreams streams = accounts.get(account);
        return streams == null ? 0 : streams.all().size();
    }

    /** What the streams of an account may take of that storage by their configured limits, all replicas together. */
    public long reservedBytes(final String account, final Storage storage) {
        final AccountStreams streams = accounts.get(account);
        return streams == null ? 0 : streams.reservedBytes(storage);
    }

    /** Whether another stream of the account listens on what a stream of that configuration would listen on. */
    public boolean overlaps(final String account, final StreamConfig config) {
        final AccountStreams streams = accounts.get(account);
        return streams != null && streams.overlaps(config);
    }

    /** Grows with every change: as long as it is the same, so is everything here. Counts on this node alone. */
    public long changes() {
        return changes;
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
        final AccountStreams.Stream found = find(account, stream);
        return found == null ? null : found.consumers().get(name);
    }

    /** All consumers of a stream, by name. */
    public List<ConsumerAssignment> consumers(final String account, final String stream) {
        final AccountStreams.Stream found = find(account, stream);
        return found == null ? List.of() : List.copyOf(found.consumers().values());
    }

    /** Number of consumers of a stream. */
    public int consumerCount(final String account, final String stream) {
        final AccountStreams.Stream found = find(account, stream);
        return found == null ? 0 : found.consumers().size();
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

    /** How many assets each node holds. */
    PlacementLoad load() {
        return load;
    }

    void put(final StreamAssignment assignment) {
        final StreamAssignment before =
                accounts.computeIfAbsent(assignment.account(), a -> new AccountStreams()).put(assignment);
        changed(MetaHash.of(assignment) ^ (before == null ? 0 : MetaHash.of(before)));
        load.add(assignment.peers());
        if (before != null) {
            load.remove(before.peers());
        }
    }

    void remove(final StreamAssignment assignment) {
        final AccountStreams streams = accounts.get(assignment.account());
        final AccountStreams.Stream gone = streams.remove(assignment.name());
        changed(MetaHash.of(gone.assignment()));
        load.remove(gone.assignment().peers());
        gone.consumers().values().forEach(this::forget);
        if (streams.all().isEmpty()) {
            accounts.remove(assignment.account());
        }
    }

    void put(final ConsumerAssignment assignment) {
        final ConsumerAssignment before =
                find(assignment.account(), assignment.stream()).consumers().put(assignment.name(), assignment);
        changed(MetaHash.of(assignment));
        load.add(assignment.peers());
        if (before != null) {
            forget(before);
        }
    }

    void remove(final ConsumerAssignment assignment) {
        final ConsumerAssignment gone =
                find(assignment.account(), assignment.stream()).consumers().remove(assignment.name());
        if (gone != null) {
            forget(gone);
        }
    }

    private void forget(final ConsumerAssignment gone) {
        changed(MetaHash.of(gone));
        load.remove(gone.peers());
    }

    private void changed(final long hashOfChange) {
        hash ^= hashOfChange;
        changes++;
    }

    void put(final MetaNode node) {
        final MetaNode gone = removed.remove(node.node());
        final MetaNode before = nodes.put(node.node(), node);
        changed(MetaHash.of(node) ^ (before == null ? 0 : MetaHash.of(before))
                ^ (gone == null ? 0 : MetaHash.ofRemoved(gone)));
    }

    MetaNode remove(final NodeId node) {
        final MetaNode gone = nodes.remove(node);
        if (gone != null) {
            changed(MetaHash.of(gone));
            putRemoved(gone);
        }
        return gone;
    }

    void putRemoved(final MetaNode gone) {
        final MetaNode before = removed.put(gone.node(), gone);
        changed(MetaHash.ofRemoved(gone) ^ (before == null ? 0 : MetaHash.ofRemoved(before)));
    }

    void clear() {
        accounts.clear();
        nodes.clear();
        removed.clear();
        load.clear();
        hash = 0;
        changes++;
    }

    private AccountStreams.Stream find(final String account, final String name) {
        final AccountStreams streams = accounts.get(account);
        return streams == null ? null : streams.find(name);
    }
}
