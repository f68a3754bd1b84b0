package jetstream.server.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.NodeId;
import jetstream.api.transport.PeerInfo;

/**
 * Agrees with the other servers on the first members of the meta group (DESIGN D7). Decides from what each server
 * publishes in its handshake attributes: whether it is fresh, which incarnation it belongs to, and which proposal it
 * promised itself to. Pure: told of peers, asked for a step.
 *
 * <p>Invariants: (B1) a server promises itself to one proposal in its life, remembered on disk before it is published;
 * (B2) a proposal names a quorum of the configured size, all of them fresh; (B3) an incarnation exists once every
 * server that its proposal names has promised. Two quorums share a server, so at most one incarnation can come to be.
 */
final class Bootstrap {
    /** Attribute: this server has JetStream. */
    static final String JETSTREAM = "jetstream";
    /** Attribute: the incarnation this server belongs to; empty or absent for a fresh one. */
    static final String INCARNATION = "incarnation";
    /** Attribute: random name of this server's store. */
    static final String LIFE = "life";
    /** Attribute: the proposal this server promised itself to. */
    static final String PROMISE = "promise";

    private final NodeId self;
    private final int configuredSize;
    private final NodeMemory memory;
    private final Map<NodeId, PeerInfo> peers = new TreeMap<>();

    /**
     * A bootstrap of that many servers.
     *
     * @param configuredSize servers of the configuration: this one and its routes
     */
    Bootstrap(final NodeId self, final int configuredSize, final NodeMemory memory) {
        this.self = self;
        this.configuredSize = configuredSize;
        this.memory = memory;
    }

    /**
     * What to do next.
     *
     * @param kind see {@link Kind}
     * @param incarnation the incarnation in question
     * @param voters first voters of the meta group; empty for JOIN and WAIT
     */
    record Step(Kind kind, String incarnation, List<NodeId> voters) {
        /** What to do. */
        enum Kind {
            /** Nothing yet; ask again when peers changed. */
            WAIT,
            /** The promise changed: publish the attributes anew. */
            PUBLISH,
            /** The incarnation exists and this server is one of its first voters: open the meta group with them. */
            FOUND,
            /** Others have an incarnation: become a learner of it. */
            JOIN
        }

        private static final Step WAIT = new Step(Kind.WAIT, "", List.of());
    }

    /** A peer came up or changed its attributes. */
    void onPeer(final PeerInfo peer) {
        peers.put(peer.node(), peer);
    }

    /** A peer went down. */
    void onPeerDown(final NodeId peer) {
        peers.remove(peer);
    }

    /** Decides, given a fresh random incarnation name to use if this server has to propose. */
    Step step(final String freshIncarnation) {
        final String existing = existing();
        if (!existing.isEmpty()) {
            return existing.equals(name(memory.promise())) ? found() : new Step(Step.Kind.JOIN, existing, List.of());
        }
        if (!memory.promise().isEmpty()) {
            return allPromised() ? found() : Step.WAIT;
        }
        return promise(freshIncarnation);
    }

    /** First voters of the incarnation this node belongs to; empty if it joined later. */
    static List<NodeId> founders(final NodeMemory memory) {
        final String promise = memory.promise();
        return !promise.isEmpty() && memory.incarnation().equals(name(promise)) ? voters(promise) : List.of();
    }

    private Step promise(final String freshIncarnation) {
        final List<NodeId> fresh = new ArrayList<>(List.of(self));
        jetStreamPeers().forEach(peer -> fresh.add(peer.node()));
        fresh.sort(null);
        if (fresh.size() < configuredSize / 2 + 1) {
            return Step.WAIT;
        }
        for (final PeerInfo peer : jetStreamPeers()) {
            final String offered = attribute(peer, PROMISE);
            if (!offered.isEmpty() && voters(offered).contains(self)) {
                memory.promise(offered);
                return new Step(Step.Kind.PUBLISH, name(offered), List.of());
            }
        }
        if (!fresh.getFirst().equals(self)
                || jetStreamPeers().stream().anyMatch(p -> !attribute(p, PROMISE).isEmpty())) {
            return Step.WAIT; // the lowest proposes; one that is promised elsewhere will bring us its incarnation
        }
        memory.promise(freshIncarnation + ":"
                + String.join(",", fresh.stream().map(n -> Long.toHexString(n.value())).toList()));
        return configuredSize == 1 ? found() : new Step(Step.Kind.PUBLISH, freshIncarnation, List.of());
    }

    private Step found() {
        return new Step(Step.Kind.FOUND, name(memory.promise()), voters(memory.promise()));
    }

    private boolean allPromised() {
        for (final NodeId voter : voters(memory.promise())) {
            final PeerInfo peer = peers.get(voter);
            if (!voter.equals(self) && (peer == null || !attribute(peer, PROMISE).equals(memory.promise()))) {
                return false;
            }
        }
        return true;
    }

    private String existing() {
        return jetStreamPeers().stream().map(peer -> attribute(peer, INCARNATION)).filter(i -> !i.isEmpty()).findFirst()
                .orElse("");
    }

    private Collection<PeerInfo> jetStreamPeers() {
        return peers.values().stream().filter(peer -> Boolean.parseBoolean(attribute(peer, JETSTREAM))).toList();
    }

    private static String attribute(final PeerInfo peer, final String name) {
        return peer.attributes().getOrDefault(name, "");
    }

    private static String name(final String promise) {
        return promise.isEmpty() ? "" : promise.substring(0, promise.indexOf(':'));
    }

    private static List<NodeId> voters(final String promise) {
        return Arrays.stream(promise.substring(promise.indexOf(':') + 1).split(","))
                .map(hex -> new NodeId(Long.parseUnsignedLong(hex, 16))).toList();
    }
}
