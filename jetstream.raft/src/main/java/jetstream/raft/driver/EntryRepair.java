package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.util.TreeSet;
import jetstream.api.consensus.Condition;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.api.transport.PeerLink;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftCore;

/**
 * Fetches entries that are damaged here from the other members, one by one, and puts them in their place (FAULTS rule
 * 3). Only committed entries are exchanged: of those every member has the same. If nobody has one, the whole state is
 * fetched ({@link Resync}), unless this member leads: then it hands over first. Owner: the shard thread.
 */
final class EntryRepair {
    private static final int ROUNDS_MAX = 5;

    private final RaftGroup group;
    private final RaftCore core;
    private final TreeSet<Long> wanted = new TreeSet<>();
    /** Damaged entries that are not committed as far as is known here: looked at again when they are. */
    private final TreeSet<Long> suspected = new TreeSet<>();
    private final EntryView view = new EntryView();
    private int nextPeer;
    private int asked;
    private long dueNs = Long.MAX_VALUE;

    EntryRepair(final RaftGroup group, final RaftCore core) {
        this.group = group;
        this.core = core;
    }

    boolean isActive() {
        return !wanted.isEmpty();
    }

    long deadlineNs() {
        return dueNs;
    }

    /** Reads the history for sending and applying; returns 0 if the first entry is damaged and being fetched. */
    int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        if (isWanted(fromIndex)) {
            return 0;
        }
        try {
            return group.log().read(fromIndex, limitBytes, into);
        } catch (final StoreException.Corrupt e) {
            if (!want(fromIndex, e.getMessage())) {
                throw e;
            }
            return 0;
        }
    }

    boolean isWanted(final long index) {
        return isActive() && wanted.contains(index);
    }

    /**
     * The entry at that index can not be read here. Returns whether it is being fetched: not if nobody can vouch for
     * it, because it is not committed or this member is the only one.
     */
    boolean want(final long index, final String reason) {
        if (index > core.commitIndex() || isAlone()) {
            return false;
        }
        if (wanted.add(index) && wanted.size() == 1) {
            asked = 0;
            dueNs = group.driver.nowNs();
            group.tell(Condition.REPAIRING, reason + "; index " + index + " is fetched from another member");
            group.driver.wake(group);
        }
        return true;
    }

    /**
     * The entry at that index is damaged, and nobody needs it now. Returns whether it is or will be fetched: not if
     * this member is the only one.
     */
    boolean suspect(final long index, final String reason) {
        if (index > core.commitIndex() && !isAlone()) {
            suspected.add(index);
            return true;
        }
        return want(index, reason);
    }

    /** A member that joined, and lost what it was told of the others, knows nobody: that is not to be alone. */
    boolean isAlone() {
        return core.members().size() == 1;
    }

    private void wantSuspected() {
        while (!suspected.isEmpty() && suspected.first() <= core.commitIndex()) {
            final long index = suspected.pollFirst();
            if (isDamaged(index)) {                 // it may have been replaced meanwhile
                want(index, "index " + index + " is damaged");
            }
        }
    }

    private boolean isDamaged(final long index) {
        final GroupLog log = group.log();
        try {
            if (!log.record(index, view) && index >= log.firstHistoryIndex() && index <= log.lastIndex()) {
                log.read(index, 1, group.driver.scratch().readBatch());
            }
            return false;
        } catch (final StoreException.Corrupt e) {
            return true;
        }
    }

    void doWork(final long nowNs) {
        wantSuspected();
        if (!isActive() || nowNs - dueNs < 0) {
            return;
        }
        dueNs = nowNs + group.driver.config().retryIntervalNs();
        if (asked++ > ROUNDS_MAX * core.members().size() && !group.resync().isActive()) {
            nobodyHasIt();
            return;
        }
        ask(wanted.first());
    }

    private void ask(final long index) {
        final Membership members = core.members();
        for (int i = 0; i < members.size(); i++) {
            final long node = members.member(nextPeer++ % members.size());
            if (node != group.driver.self()) {
                group.driver.liveness().peer(node).control
                        .offer(new RaftFrame.EntryRequest(group.id, core.term(), index));
                return;
            }
        }
    }

    private void nobodyHasIt() {
        final long index = wanted.first();
        asked = 0;
        if (core.isElected()) {
            core.transferTo(RaftCore.NOBODY, group.driver.nowNs());
        } else if (core.leader() != RaftCore.NOBODY) {
            wanted.clear();
            dueNs = Long.MAX_VALUE;
            group.resync().begin("no member has index " + index + ", which is damaged here");
        }
    }

    void onRequest(final long from, final RaftFrame.EntryRequest request) {
        final EntryBatch found = group.driver.scratch().readBatch().clear();
        if (request.index() <= core.commitIndex()) {
            find(request.index(), found);
        }
        final ByteBuffer bytes = found.isEmpty() ? PeerLink.NO_PAYLOAD : found.buffer();
        group.driver.liveness().peer(from).bulk.offer(
                new RaftFrame.EntryReply(group.id, core.term(), request.index(), found.count()), bytes, found.offset(),
                found.length());
    }

    private void find(final long index, final EntryBatch into) {
        final GroupLog log = group.log();
        try {
            if (log.record(index, view)) {
                into.append(view.buffer(), view.offset(), view.length());
            } else if (index >= log.firstHistoryIndex() && index <= log.lastIndex()) {
                log.read(index, 1, into);
            }
        } catch (final StoreException.Corrupt e) {
            into.clear();
            want(index, e.getMessage());
        }
    }

    void onReply(final RaftFrame.EntryReply reply, final ByteBuffer payload, final int offset, final int length) {
        if (reply.count() != 1 || !isWanted(reply.index()) || !isIntact(reply.index(), payload, offset, length)) {
            return;
        }
        final boolean freed = isFreed(reply.index());
        group.logForces.touch(group);
        group.log().restore(new EntryBatch(1).wrap(payload, offset, length, 1));
        if (freed) {
            group.log().free(reply.index(), reply.index());
        }
        group.logChanged();
        wanted.remove(reply.index());
        asked = 0;
        dueNs = group.driver.nowNs();
        if (!isActive()) {
            dueNs = Long.MAX_VALUE;
            if (!group.resync().isActive()) {
                group.tell(Condition.CURRENT, "index " + reply.index() + " is whole again");
            }
        }
        group.driver.wake(group);
    }

    /** Whether the state machine needs it no more; it is only history then. Before the history only it wants any. */
    private boolean isFreed(final long index) {
        try {
            return index >= group.log().firstHistoryIndex() && !group.log().record(index, view);
        } catch (final StoreException.Corrupt e) {
            return false;
        }
    }

    private boolean isIntact(final long index, final ByteBuffer payload, final int offset, final int length) {
        return EntryLayout.isHeaderIntact(payload, offset, offset + length)
                && EntryLayout.entryLength(payload, offset) == length && EntryLayout.isBodyIntact(payload, offset)
                && EntryLayout.group(payload, offset) == group.id && EntryLayout.index(payload, offset) == index;
    }

    /** The log is replaced: what was damaged in it is not needed any more. */
    void cancel() {
        wanted.clear();
        suspected.clear();
        dueNs = Long.MAX_VALUE;
    }
}
