package jetstream.engine.shard;

import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.Role;
import jetstream.engine.meta.Origin;

/**
 * A replica's place in its group: whether it leads, whom it follows, since when, and who waits for an answer of the
 * leader. Owner: the shard thread.
 */
final class Seat {
    private final Shard shard;
    private final HandOver handOver = new HandOver();
    private ConsensusGroup group;
    private boolean isLeader;
    private long leaderSinceEpochNs;
    private NodeId leader;
    private Origin origin = Origin.NOBODY;
    private boolean isNew;

    Seat(final Shard shard) {
        this.shard = shard;
    }

    void group(final ConsensusGroup opened) {
        group = opened;
    }

    ConsensusGroup group() {
        return group;
    }

    boolean isLeader() {
        return isLeader;
    }

    NodeId leader() {
        return isLeader ? shard.settings().node() : leader;
    }

    long leaderSinceEpochNs() {
        return leaderSinceEpochNs;
    }

    /** Takes a role; true if this member leads now and did not, or the other way round. */
    boolean take(final Role role, final NodeId knownLeader) {
        final boolean leads = role == Role.LEADER;
        leader = knownLeader;
        if (leads == isLeader) {
            return false;
        }
        isLeader = leads;
        handOver.since(shard.nowNs());
        leaderSinceEpochNs = shard.nowEpochNs();
        return true;
    }

    /** This node's store is full: somebody shall lead who has room. True if the lead is being handed over. */
    boolean leaveToRoom() {
        return isLeader && handOver.toRoom(group, shard.nowNs());
    }

    /** The replica is closed; true if it led. */
    boolean leave() {
        final boolean led = isLeader;
        isLeader = false;
        return led;
    }

    /** Somebody waits for what was decided; {@code created}: for the asset to be there for the first time. */
    void waits(final Origin who, final boolean created) {
        origin = who;
        isNew = created;
    }

    /** Whether somebody waits who asked for a new asset. */
    boolean isNew() {
        return isNew;
    }

    /** Who waits; from now on nobody. */
    Origin takeOrigin() {
        final Origin waiting = origin;
        origin = Origin.NOBODY;
        isNew = false;
        return waiting;
    }
}
