package jetstream.raft.driver;

import java.nio.ByteBuffer;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.Ballot;
import jetstream.api.store.GroupLog;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftEffects;
import jetstream.raft.core.RaftLog;

/** Does what the core of one group wants, against its stores and links; decides nothing. Owner: the shard thread. */
final class GroupEffects implements RaftEffects, RaftLog {
    private final RaftGroup group;
    private final GroupLog log;

    GroupEffects(final RaftGroup group, final GroupLog log) {
        this.group = group;
        this.log = log;
    }

    @Override
    public void saveBallot(final long term, final long votedFor) {
        group.ballotForces.touch(group);
        group.config.ballots().ballots().save(group.config.group(), new Ballot(term, votedFor));
        group.ballotChanged();                          // not if it threw: a later force must not vouch for it
    }

    @Override
    public void append(final EntryBatch entries) {
        group.logForces.touch(group);
        log.append(entries);
        group.logChanged();
    }

    @Override
    public void truncateFrom(final long index) {
        group.logForces.touch(group);
        group.logForces.truncated(group, index - 1);
        log.truncateFrom(index);
        group.logChanged();
    }

    @Override
    public boolean send(final long to, final RaftFrame frame, final ByteBuffer payload, final int offset,
            final int length) {
        final Peer peer = group.driver.liveness().peer(to);
        return switch (frame) {
            // All appends share a lane, also those without entries: an empty one must not overtake what it follows.
            case RaftFrame.Append append -> peer.data.offer(append, payload, offset, length);
            case RaftFrame.Catchup piece -> peer.bulk.offer(piece, payload, offset, length);
            case RaftFrame.VoteRequest request -> peer.control.offer(request);
            case RaftFrame.VoteReply reply -> peer.control.offer(reply);
            case RaftFrame.AppendReply reply -> peer.control.offer(reply);
            case RaftFrame.TimeoutNow order -> peer.control.offer(order);
            case RaftFrame.CatchupReply reply -> peer.control.offer(reply);
            case RaftFrame.StateHash hash -> peer.control.offer(hash);
            case RaftFrame.EntryRequest request -> peer.control.offer(request);
            case RaftFrame.EntryReply reply -> peer.bulk.offer(reply, payload, offset, length);
        };
    }

    @Override
    public void commit(final long index) {
        group.driver.wake(group);
    }

    @Override
    public void roleChanged() {
        group.driver.wake(group);
    }

    @Override
    public void proposalsLost() {
        group.proposalsLost();
    }

    @Override
    public void membersChanged(final Membership members) {
        group.driver.wake(group);
    }

    @Override
    public void catchUp(final long node) {
        group.driver.catchups().start(group, node);
    }

    @Override
    public void readConfirmed(final long round, final boolean confirmed) {
        group.reads().onConfirmed(round, confirmed);
        group.driver.wake(group);
    }

    @Override
    public long firstHistoryIndex() {
        return log.firstHistoryIndex();
    }

    @Override
    public long lastIndex() {
        return log.lastIndex();
    }

    @Override
    public long termAt(final long index) {
        return log.termAt(index);
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        return group.repair().read(fromIndex, limitBytes, into);
    }
}
