package jetstream.raft.core;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;
import jetstream.api.consensus.Role;
import jetstream.api.frame.RaftFrame;

/**
 * Follows a leader, or waits for one. <em>Attached</em>: the leader of the term is known and its node lives; then
 * there is no timer, the driver tells when the node falls silent ({@link RaftCore#onLeaderLost}). Otherwise a timer
 * runs.
 */
sealed class Follower extends RoleState permits Learner {
    private long leader;
    private boolean attached;
    private long deadlineNs;
    private long verifiedIndex;
    private long readContext;
    private long imageMark;
    private boolean replyOwed;
    private boolean owesReadmission;

    Follower(final RaftCore core, final long leader, final boolean attached) {
        super(core);
        this.leader = leader;
        this.attached = attached;
        this.verifiedIndex = core.commitIndex();
        this.deadlineNs = core.nowNs() + core.randomTimeoutNs();
        Invariant.check(!attached || leader != RaftCore.NOBODY, "attached to nobody");
    }

    /** Continues what another follower role of the same member and term was doing. */
    final void takeOver(final Follower previous) {
        verifiedIndex = previous.verifiedIndex;
        readContext = previous.readContext;
        imageMark = previous.imageMark;
        replyOwed = previous.replyOwed;
        owesReadmission = previous.owesReadmission;
        deadlineNs = previous.deadlineNs;
    }

    @Override
    Role reported() {
        return Role.FOLLOWER;
    }

    @Override
    final long leader() {
        return attached ? leader : RaftCore.NOBODY;
    }

    /** The leader of the term, also if it is silent. */
    final long knownLeader() {
        return leader;
    }

    final boolean isAttached() {
        return attached;
    }

    @Override
    final boolean hasLiveLeader() {
        return attached;
    }

    @Override
    final long deadlineNs() {
        return attached ? Long.MAX_VALUE : deadlineNs;
    }

    @Override
    void onDeadline() {
        if (!attached) {
            core.become(new Candidate(core, Candidate.Kind.PRE_VOTE));
        }
    }

    final void attach(final long newLeader) {
        Invariant.check(leader == RaftCore.NOBODY || leader == newLeader, "two leaders in term", leader, newLeader);
        if (!attached) {
            leader = newLeader;
            attached = true;
            core.effects.roleChanged();
        }
    }

    /** The leader is silent: the shortest time-out has passed already, a random rest follows. */
    final void detach() {
        attached = false;
        deadlineNs = core.nowNs() + core.randomRestNs();
        core.effects.roleChanged();
    }

    final void restartTimer() {
        deadlineNs = core.nowNs() + core.randomTimeoutNs();
    }

    final void rest(final long ns) {
        deadlineNs = core.nowNs() + ns;
    }

    final void installed(final long index) {
        verifiedIndex = Math.max(verifiedIndex, index);
        imageMark = 0;
        replyOwed = true;
    }

    @Override
    final void onForced() {
        if (replyOwed && leader != RaftCore.NOBODY && core.isBallotForced()) {
            accept();
        }
    }

    /** An append of the leader of this term. */
    final void onAppend(final RaftFrame.Append append, final ByteBuffer payload, final int offset, final int length) {
        readContext = Math.max(readContext, append.readContext());
        final long hint = matchHint(append);
        if (hint < append.prevIndex()) {
            refuse(hint);
            return;
        }
        final long lastNew = new ReceivedEntries(core, append, payload, offset, length).store();
        verifiedIndex = Math.max(verifiedIndex, lastNew);
        core.commitTo(Math.min(append.commitIndex(), verifiedIndex));
        if (core.isIncomplete() && !core.isImageHeldBack()) {
            wantImage(append.commitIndex());
        }
        if (append.readContext() == RaftFrame.Append.READMIT && core.isAmnesiac()) {
            core.readmit(leader);
        }
        owesReadmission |= append.readContext() == RaftFrame.Append.READMIT;
        final boolean wanted = append.count() > 0 || append.readContext() != RaftFrame.Append.NO_REPLY;
        replyOwed |= wanted;
        // An empty append is answered at once with what is durable so far: it asks whether we follow, not how far we
        // are.
        if (wanted && core.isBallotForced() && (append.count() == 0 || core.durableIndex() >= verifiedIndex)) {
            accept();
        }
    }

    /**
     * A member without state wants an image at or behind the end of its log; but not before the leader has shown
     * that it can commit, since it may need this member's acknowledgements for that.
     */
    private void wantImage(final long leaderCommitIndex) {
        // What was truncated meanwhile is in no leader's log any more, and an idle one never gets that far.
        imageMark = imageMark == 0 ? core.log.lastIndex() : Math.min(imageMark, core.log.lastIndex());
        if (leaderCommitIndex >= imageMark) {
            core.send(leader,
                    new RaftFrame.CatchupReply(core.config.group(), core.term(), core.log.lastIndex(), 0, false));
        }
    }

    /** The previous index if it matches; otherwise the last one at which the leader may try again. */
    private long matchHint(final RaftFrame.Append append) {
        final long prevIndex = append.prevIndex();
        final long lastIndex = core.log.lastIndex();
        if (prevIndex <= core.commitIndex()) {
            return prevIndex;                       // committed: equal everywhere
        }
        if (prevIndex > lastIndex) {
            return lastIndex;
        }
        final long conflictingTerm = core.log.termAt(prevIndex);
        if (conflictingTerm == append.prevTerm()) {
            return prevIndex;
        }
        Invariant.check(prevIndex > verifiedIndex, "verified entry conflicts", prevIndex, verifiedIndex);
        // The whole conflicting term is skipped at once (thesis, section 3.5).
        long hint = prevIndex - 1;
        while (hint > core.commitIndex() && core.log.termAt(hint) == conflictingTerm) {
            hint--;
        }
        return hint;
    }

    private void accept() {
        final long matchIndex = Math.min(core.durableIndex(), verifiedIndex);
        replyOwed = matchIndex < verifiedIndex;
        core.send(leader, new RaftFrame.AppendReply(core.config.group(), core.term(), true, matchIndex,
                core.log.lastIndex(), replyContext()));
    }

    private void refuse(final long hint) {
        if (core.isBallotForced()) {
            core.send(leader, new RaftFrame.AppendReply(core.config.group(), core.term(), false, hint,
                    core.log.lastIndex(), replyContext()));
        }
    }

    private long replyContext() {
        if (core.isAmnesiac()) {
            return RaftFrame.AppendReply.AMNESIAC;
        }
        if (owesReadmission) {
            owesReadmission = false;
            return RaftFrame.Append.READMIT;
        }
        return readContext;
    }
}
