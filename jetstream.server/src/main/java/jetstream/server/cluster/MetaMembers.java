package jetstream.server.cluster;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;
import jetstream.api.transport.PeerInfo;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.MetaState;
import jetstream.engine.shard.Shard;

/**
 * Brings the servers that are there into the meta group, and removed ones out of it: work of the meta leader. A removed
 * server that can be reached keeps its vote until it holds nothing any more, since it must hear what becomes of its
 * assets. Owner: the node thread.
 */
final class MetaMembers {
    private final Shard shard;
    private final NodeMemory memory;
    private final MetaNode self;
    private final BiConsumer<NodeId, String> tellRemoved;
    private final Map<NodeId, MetaNode> registering = new HashMap<>();

    /**
     * Members of the meta group of that shard.
     *
     * @param tellRemoved tells a server that the life it is in was removed
     */
    MetaMembers(final Shard shard, final NodeMemory memory, final MetaNode self,
            final BiConsumer<NodeId, String> tellRemoved) {
        this.shard = shard;
        this.memory = memory;
        this.self = self;
        this.tellRemoved = tellRemoved;
    }

    /** This node leads now, or does not any more: what was proposed may be lost. */
    void onRole() {
        registering.clear();
    }

    /** Takes the steps that are possible now, if this node leads the meta group. */
    void step(final Collection<PeerInfo> peers) {
        final ConsensusGroup group = shard.meta().group();
        if (group == null || !shard.meta().isLeader()) {
            return;
        }
        final Map<NodeId, PeerInfo> byNode = new HashMap<>();
        peers.forEach(peer -> byNode.put(peer.node(), peer));
        register(self);
        final Set<NodeId> members = new HashSet<>();
        for (final GroupReport.Member member : group.report().members()) {
            members.add(member.node());
            if (isGone(member.node(), byNode)) {
                remove(group, member.node(), byNode.containsKey(member.node()));
            } else if (!member.voter() && member.isCurrent()) {
                group.changeMembers(new MemberChange(MemberChange.Kind.PROMOTE, member.node()));
            }
        }
        peers.forEach(peer -> bringIn(group, peer, members.contains(peer.node())));
    }

    private MetaState state() {
        return shard.meta().state();
    }

    /** Whether that member was removed, and has not come back with an empty store. */
    private boolean isGone(final NodeId node, final Map<NodeId, PeerInfo> peers) {
        if (node.equals(self.node())) {
            return state().isRemoved(node, self.life());
        }
        final PeerInfo peer = peers.get(node);
        return peer == null ? state().removedNodes().stream().anyMatch(gone -> gone.node().equals(node))
                : state().isRemoved(node, life(peer));
    }

    private void remove(final ConsensusGroup group, final NodeId node, final boolean isReachable) {
        if (node.equals(self.node())) {
            if (!holdsAnything(node)) {
                group.transferTo(null);
            }
        } else if (!isReachable || !holdsAnything(node)) {
            group.changeMembers(new MemberChange(MemberChange.Kind.REMOVE, node));
        }
    }

    private boolean holdsAnything(final NodeId node) {
        for (final String account : state().accounts()) {
            if (state().streams(account).stream().anyMatch(stream -> stream.members().holds(node))) {
                return true;                        // a consumer is where its stream is
            }
        }
        return false;
    }

    private void bringIn(final ConsensusGroup group, final PeerInfo peer, final boolean isMember) {
        if (!memory.incarnation().equals(peer.attributes().get(Bootstrap.INCARNATION))) {
            return;
        }
        if (state().isRemoved(peer.node(), life(peer))) {
            if (!isMember) {
                tellRemoved.accept(peer.node(), life(peer));
            }
        } else if (!isMember) {
            group.changeMembers(new MemberChange(MemberChange.Kind.ADD_LEARNER, peer.node()));
        } else {
            final String tags = peer.attributes().getOrDefault("tags", "");
            register(new MetaNode(peer.node(), peer.serverName(), tags.isEmpty() ? List.of() : List.of(tags.split(",")),
                    life(peer)));
        }
    }

    private static String life(final PeerInfo peer) {
        return peer.attributes().getOrDefault(Bootstrap.LIFE, "");
    }

    private void register(final MetaNode wanted) {
        final NodeId node = wanted.node();
        if (!wanted.equals(state().node(node)) && !wanted.equals(registering.get(node))
                && !state().isRemoved(node, wanted.life())) {
            registering.put(node, wanted);
            final Instant now = Instant.now();
            shard.meta().propose(batch -> MetaEntries.registerNode(batch,
                    now.getEpochSecond() * 1_000_000_000L + now.getNano(), wanted));
        }
    }
}
