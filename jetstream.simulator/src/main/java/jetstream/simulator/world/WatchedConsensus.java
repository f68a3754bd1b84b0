package jetstream.simulator.world;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryView;
import jetstream.api.frame.Frame;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.Store;

/** A node's consensus with a witness between it and the state machines. */
final class WatchedConsensus implements Consensus {
    /** Every so many entries the whole state is compared, not only the entry. */
    private static final long STATE_INTERVAL = 32;

    private final WholeNode node;
    private final Consensus inner;
    private final Witness witness;
    private final Map<GroupId, ConsensusGroup> groups = new HashMap<>();
    private final Map<GroupId, Watched> appliers = new HashMap<>();

    WatchedConsensus(final WholeNode node, final Consensus inner, final Witness witness) {
        this.node = node;
        this.inner = inner;
        this.witness = witness;
    }

    /** Groups that were opened in this life, closed ones among them. */
    Map<GroupId, ConsensusGroup> groups() {
        return groups;
    }

    /** Digest of the present state of a group's member. */
    long state(final GroupId group) {
        return appliers.get(group).state();
    }

    @Override
    public ConsensusGroup open(final GroupConfig config, final Applier applier) {
        final Watched watched = new Watched(config.group(), applier);
        appliers.put(config.group(), watched);
        final ConsensusGroup opened = inner.open(config, watched);
        groups.put(config.group(), opened);
        return opened;
    }

    @Override
    public void onFrame(final NodeId from, final Frame frame, final ByteBuffer payload, final int offset,
            final int length) {
        inner.onFrame(from, frame, payload, offset, length);
    }

    @Override
    public void onPeerUp(final NodeId peer) {
        inner.onPeerUp(peer);
    }

    @Override
    public void onPeerDown(final NodeId peer) {
        inner.onPeerDown(peer);
    }

    @Override
    public String rescue(final GroupId group, final int quorum, final long durationNs) {
        return inner.rescue(group, quorum, durationNs);
    }

    @Override
    public void onTicket(final Store store, final long ticket) {
        inner.onTicket(store, ticket);
    }

    @Override
    public void onForced(final Store store, final long ticket) {
        inner.onForced(store, ticket);
    }

    @Override
    public void onDamage(final GroupId group, final long index) {
        inner.onDamage(group, index);
    }

    @Override
    public int doWork(final long nowNs) {
        return inner.doWork(nowNs);
    }

    @Override
    public long nextDeadlineNs() {
        return inner.nextDeadlineNs();
    }

    @Override
    public void close() {
        inner.close();
    }

    private final class Watched implements Applier {
        private final GroupId group;
        private final Applier applier;

        Watched(final GroupId group, final Applier applier) {
            this.group = group;
            this.applier = applier;
        }

        long state() {
            final Digest digest = new Digest();
            applier.writeCheckpoint(digest);
            return digest.value();
        }

        @Override
        public void apply(final EntryView entry) {
            final long index = entry.index();
            final long term = entry.term();
            final long digest = Digest.of(entry.buffer(), entry.offset(), entry.length());
            applier.apply(entry);
            witness.onApplied(node, group, index, term, digest);
            if (index % STATE_INTERVAL == 0) {
                witness.onState(node, group, index, state());
            }
        }

        @Override
        public void restore(final Checkpoint checkpoint) {
            applier.restore(checkpoint);
            witness.onState(node, group, checkpoint.index(), state());
        }

        @Override
        public void writeCheckpoint(final CheckpointWriter out) {
            applier.writeCheckpoint(out);
        }

        @Override
        public void onRole(final Role role, final long term, final NodeId leader) {
            if (role == Role.LEADER) {
                witness.onLeads(node, group, term);
            }
            applier.onRole(role, term, leader);
        }

        @Override
        public void onProposalsLost() {
            applier.onProposalsLost();
        }

        @Override
        public long stateHash() {
            return applier.stateHash();
        }

        @Override
        public void onCondition(final Condition condition, final String reason) {
            applier.onCondition(condition, reason);
        }
    }
}
