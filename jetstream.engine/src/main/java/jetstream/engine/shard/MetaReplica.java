package jetstream.engine.shard;

import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.engine.meta.MetaEngine;
import jetstream.engine.meta.MetaListener;
import jetstream.engine.meta.MetaState;

/** This node's member of the meta group. Owner: the shard thread. */
public final class MetaReplica implements Applier {
    private final Shard shard;
    private final MetaEngine engine;
    private final HandOver handOver = new HandOver();
    private ConsensusGroup group;
    private boolean isLeader;
    private boolean isJoining;
    private NodeId leader;
    private long liveFromIndex = Long.MAX_VALUE;

    MetaReplica(final Shard shard, final MetaListener listener) {
        this.shard = shard;
        engine = new MetaEngine(listener);
    }

    void group(final ConsensusGroup opened) {
        group = opened;
        // What the log holds now is history of an earlier process; what comes later is news.
        if (!isJoining) {
            liveFrom(opened.log().lastIndex() + 1);
        }
    }

    private void liveFrom(final long index) {
        liveFromIndex = index;
        engine.liveFrom(index);
    }

    /** Whether all that was in the log when it was opened has been applied: the state is not behind what is here. */
    boolean isLive() {
        return group != null && !isJoining && group.report().appliedIndex() + 1 >= liveFromIndex;
    }

    /** This node joins: everything is history until it has caught up. */
    void joining() {
        isJoining = true;
    }

    /** Whether this member counts: it joined long ago, or has caught up. */
    public boolean hasJoined() {
        return !isJoining;
    }

    /** Its consensus group; null before the cluster was bootstrapped or joined. */
    public ConsensusGroup group() {
        return group;
    }

    /** What was decided. */
    public MetaState state() {
        return engine.state();
    }

    /** Whether this node leads the meta group. */
    public boolean isLeader() {
        return isLeader;
    }

    /** The known leader; null if none. */
    public NodeId leader() {
        return leader;
    }

    /** Proposes a decision; false if this node does not lead. */
    public boolean propose(final Consumer<EntryBatch> entry) {
        if (!isLeader) {
            return false;
        }
        final EntryBatch batch = shard.batches().take();
        entry.accept(batch);
        final long index = group.propose(batch);
        shard.batches().give(batch);
        if (index == ConsensusGroup.NO_ROOM) {
            handOver.toRoom(group, shard.nowNs());
        }
        return index > 0;
    }

    @Override
    public void apply(final EntryView entry) {
        engine.apply(entry);
    }

    @Override
    public void restore(final Checkpoint checkpoint) {
        engine.restore(checkpoint);
    }

    @Override
    public void writeCheckpoint(final CheckpointWriter out) {
        engine.writeCheckpoint(out);
    }

    @Override
    public long stateHash() {
        return engine.state().hash();
    }

    @Override
    public void onCondition(final Condition condition, final String reason) {
        shard.host().onMetaCondition(condition, reason);
    }

    @Override
    public void onRole(final Role role, final long term, final NodeId knownLeader) {
        leader = knownLeader;
        final boolean leads = role == Role.LEADER;
        if (isJoining && group != null && role != Role.LEARNER) {
            isJoining = false;
            liveFrom(group.report().appliedIndex() + 1);
        }
        if (leads != isLeader) {
            isLeader = leads;
            handOver.since(shard.nowNs());
            shard.host().onLeadership(GroupId.META, term, leads);
        }
        shard.host().onMetaRole(leads, knownLeader);
    }
}
