package jetstream.raft.core;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;
import jetstream.api.NodeId;
import jetstream.api.consensus.MemberChange;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;
import jetstream.api.frame.RaftFrame;

/**
 * Leads its group in one term. When everybody has everything and knows it is committed, it has no timer and sends
 * nothing: the nodes' heartbeats keep the followers attached.
 */
final class Leader extends RoleState {
    /** A learner this close behind the log's end may become a voter, in entries. */
    private static final long PROMOTION_LAG_MAX = 1_000;
    /**
     * While proposals follow each other faster than this, followers learn of a commit by the next append, and by a
     * frame of its own only if none comes for so long. A publisher that waits for each acknowledgement would otherwise
     * cost two frames and two wake-ups of every follower per message.
     */
    private static final long COMMIT_NOTICE_DELAY_NS = 1_000_000;

    /**
     * Who does not answer is asked less and less often, down to this many times the shortest wait: a node that has just
     * started opens its groups one after the other, and each calls for its leader when it is there.
     */
    private static final long RETRY_BACK_OFF_MAX = 8;

    private final CommitRule rule = new CommitRule();
    private final ByteWindow uncommitted = new ByteWindow();
    private final Transfer transfer = new Transfer();
    private final long sinceNs;
    private FollowerProgress[] followers = new FollowerProgress[0];
    private long termStartIndex;
    private long round;
    private long askedReadRound;
    private long wantedReadRound;
    private long confirmedReadRound;
    private long retryAtNs = Long.MAX_VALUE;
    private long retryWaitNs;
    private long proposedNs;
    private boolean isBusy;
    private long noticeAtNs = Long.MAX_VALUE;

    Leader(final RaftCore core) {
        super(core);
        sinceNs = core.nowNs();
        retryWaitNs = core.config.retryNs();
    }

    /** A transfer of leadership that is under way. */
    private static final class Transfer {
        long target = RaftCore.NOBODY;
        long endNs;
        boolean ordered;

        boolean isUnderWay() {
            return target != RaftCore.NOBODY;
        }
    }

    // ---------------------------------------------------------------------------------------------------------- role

    @Override
    void enter() {
        followMembers();
        termStartIndex = core.log.lastIndex() + 1;
        appendNoOp();
        Invariant.check(core.log.lastIndex() == termStartIndex, "no-op not appended", core.log.lastIndex(),
                termStartIndex);
    }

    @Override
    Role reported() {
        return isEstablished() ? Role.LEADER : Role.CANDIDATE;
    }

    @Override
    long leader() {
        return core.config.self();
    }

    @Override
    boolean hasLiveLeader() {
        return true;
    }

    @Override
    long deadlineNs() {
        final long firstNs = earlier(retryAtNs, noticeAtNs);
        return transfer.isUnderWay() ? earlier(transfer.endNs, firstNs) : firstNs;
    }

    @Override
    void onDeadline() {
        if (transfer.isUnderWay() && core.nowNs() - transfer.endNs >= 0) {
            transfer.target = RaftCore.NOBODY;          // it did not take over: this member goes on
        }
        if (noticeAtNs != Long.MAX_VALUE && core.nowNs() - noticeAtNs >= 0) {
            noticeCommit();
        }
        if (retryAtNs != Long.MAX_VALUE && core.nowNs() - retryAtNs >= 0) {
            retry();
        }
    }

    @Override
    void onForced() {
        advanceCommit();
    }

    @Override
    void flush() {
        if (wantedReadRound > askedReadRound) {
            askedReadRound = wantedReadRound;
            confirmReads();
            for (final FollowerProgress follower : followers) {
                ask(follower);
            }
        }
        for (final FollowerProgress follower : followers) {
            pump(follower);
        }
        noticeCommit();
        armRetry();
    }

    /** Tells followers of a commit that no append told them of, or sets the time to do so. */
    private void noticeCommit() {
        final boolean isDue = !isBusy || noticeAtNs != Long.MAX_VALUE && core.nowNs() - noticeAtNs >= 0;
        boolean isOpen = false;
        for (final FollowerProgress follower : followers) {
            if (follower.mode() == FollowerProgress.Mode.STREAM && follower.isReachable()
                    && follower.sentCommitIndex() < core.commitIndex()) {
                isOpen |= !isDue || !sendEmpty(follower, RaftFrame.Append.NO_REPLY);
            }
        }
        if (!isOpen) {
            noticeAtNs = Long.MAX_VALUE;
        } else if (isDue || noticeAtNs == Long.MAX_VALUE) {
            noticeAtNs = core.nowNs() + COMMIT_NOTICE_DELAY_NS;
        }
    }

    long termStartIndex() {
        return termStartIndex;
    }

    boolean isEstablished() {
        return core.commitIndex() >= termStartIndex;
    }

    /** Whether its log has the entry that its term begins with: without room for that it can not lead. */
    boolean hasBegun() {
        return core.log.lastIndex() >= termStartIndex;
    }

    // ------------------------------------------------------------------------------------------------------ proposals

    long propose(final EntryBatch entries) {
        if (!isEstablished() || transfer.isUnderWay() || entries.isEmpty()
                || uncommitted.bytes() > core.config.uncommittedBytesMax()
                || !core.members().isVoter(core.config.self())) {
            return -1;
        }
        return appendOwn(entries);
    }

    boolean changeMembers(final MemberChange change) {
        final Membership now = core.members();
        final Membership next = now.after(change);
        final boolean pending = core.membersHistory().currentIndex() > core.commitIndex();
        if (!isEstablished() || pending || transfer.isUnderWay() || next.voterCount() == 0) {
            return false;                               // I8
        }
        if (next == now) {
            return true;
        }
        if (change.kind() == MemberChange.Kind.PROMOTE && !isReadyToVote(change.node()) || !isWorkable(next)) {
            return false;
        }
        appendMembers(next);
        followMembers();
        return true;
    }

    private void appendMembers(final Membership next) {
        final EntryBatch batch = core.controlBatch();
        next.writeEntry(batch);
        appendOwn(batch);
        core.setMembers(core.log.lastIndex(), next);
    }

    /** Whether a quorum of those voters is whole and can be reached: otherwise the change could never be committed. */
    private boolean isWorkable(final Membership members) {
        int whole = 0;
        for (int i = 0; i < members.voterCount(); i++) {
            final FollowerProgress follower = follower(members.voter(i));
            final boolean able = follower == null || follower.isReachable() && !follower.isAmnesiac();
            whole += able ? 1 : 0;
        }
        return whole >= core.quorum(members);
    }

    private boolean isReadyToVote(final NodeId node) {
        final FollowerProgress follower = follower(node.value());
        return follower != null && !follower.isAmnesiac() && follower.mode() == FollowerProgress.Mode.STREAM
                && follower.matchIndex() >= core.membersHistory().currentIndex()
                && follower.matchIndex() + PROMOTION_LAG_MAX >= core.log.lastIndex();
    }

    private void appendNoOp() {
        final EntryBatch batch = core.controlBatch();
        batch.begin(EntryType.NO_OP, (byte) 0, 0, 0);
        batch.end(0);
        appendOwn(batch);
    }

    /** Appends to the own log and sends in parallel with the own force. */
    private long appendOwn(final EntryBatch entries) {
        final long firstIndex = core.log.lastIndex() + 1;
        final long lastIndex = firstIndex + entries.count() - 1;
        entries.seal(core.config.group(), firstIndex, core.term());
        core.append(entries);
        isBusy = core.nowNs() - proposedNs < COMMIT_NOTICE_DELAY_NS;
        proposedNs = core.nowNs();
        retryWaitNs = core.config.retryNs();
        uncommitted.add(lastIndex, entries.length());
        for (final FollowerProgress follower : followers) {
            if (follower.nextIndex() == firstIndex && mayStream(follower)
                    && entries.length() <= core.config.batchBytesMax()) {
                sendEntries(follower, entries, lastIndex);
            }
        }
        Invariant.check(core.log.lastIndex() == lastIndex, "log end after append", core.log.lastIndex(), lastIndex);
        armRetry();
        return firstIndex;
    }

    private void advanceCommit() {
        final Membership members = core.members();
        final int voters = members.voterCount();
        for (int i = 0; i < voters; i++) {
            rule.note(i, countedIndex(members.voter(i)));
        }
        final long index = rule.reachedBy(core.quorum(members), voters);
        if (index > core.commitIndex() && CommitRule.isOfOwnTerm(core.log.termAt(index), core.term())) {
            core.commitTo(index);
            uncommitted.release(index);
            afterCommit();
        }
    }

    private long countedIndex(final long voter) {
        if (voter == core.config.self()) {
            return core.durableIndex();                 // I4
        }
        final FollowerProgress follower = follower(voter);
        return follower == null ? 0 : follower.countedIndex();
    }

    private void afterCommit() {
        Invariant.check(core.commitIndex() >= termStartIndex, "committed before the own term", core.commitIndex(),
                termStartIndex);
        for (final FollowerProgress follower : followers) {
            considerReadmission(follower);
        }
        final boolean removed = core.membersHistory().currentIndex() <= core.commitIndex()
                && !core.members().isVoter(core.config.self());
        if (removed) {                                  // thesis, section 4.2.2
            resign();
            core.become(core.followerRole(RaftCore.NOBODY, false));
        }
    }

    // ------------------------------------------------------------------------------------------------------ followers

    void onAppendReply(final long from, final RaftFrame.AppendReply reply) {
        final FollowerProgress follower = follower(from);
        if (follower == null || !noteMemory(follower, reply.readContext())) {
            return;
        }
        follower.heard(core.nowNs());
        retryWaitNs = core.config.retryNs();
        if (reply.accepted()) {
            onAccepted(follower, reply);
        } else if (follower.refused(reply.matchIndex())) {
            ask(follower);
        }
        if (core.isCurrent(this)) {
            if (reply.readContext() > 0) {
                follower.answered(reply.readContext(), reply.accepted());
                confirmReads();
            }
            continueTransfer();
        }
    }

    private void onAccepted(final FollowerProgress follower, final RaftFrame.AppendReply reply) {
        Invariant.check(reply.matchIndex() <= core.log.lastIndex(), "acknowledged beyond the log",
                reply.matchIndex(), core.log.lastIndex());
        final boolean advanced = reply.matchIndex() > follower.matchIndex();
        follower.matched(reply.matchIndex());
        if (follower.mode() == FollowerProgress.Mode.PROBE) {
            follower.stream();
        }
        if (advanced) {
            advanceCommit();
            considerReadmission(follower);
        }
        if (core.isCurrent(this)) {
            pump(follower);
        }
    }

    /** Keeps track of lost memories (I9). False if the reply belongs to a life before the loss. */
    private boolean noteMemory(final FollowerProgress follower, final long context) {
        if (context == RaftFrame.AppendReply.AMNESIAC) {
            follower.forgot(round);
            considerReadmission(follower);
            return true;
        }
        if (!follower.isAmnesiac()) {
            return true;
        }
        if (follower.isSinceLoss(context) || context == RaftFrame.Append.READMIT && isReadmissible(follower)) {
            follower.remembered();
            return true;
        }
        considerReadmission(follower);
        return false;
    }

    /**
     * An entry proposed after the loss and committed without that member proves that no other leader, elected with
     * the vote it forgot, is at work; once it holds that entry too it holds all that it ever acknowledged. The entry
     * names the members: founders are in nobody's log, and a member that does not know them can not look for a leader.
     */
    private void considerReadmission(final FollowerProgress follower) {
        if (!follower.isAmnesiac() || !isEstablished() || !core.isCurrent(this)) {
            return;
        }
        if (follower.readmitIndex() == 0) {
            appendMembers(core.members());
            follower.readmitAt(core.log.lastIndex());
        } else if (isReadmissible(follower)) {
            sendEmpty(follower, RaftFrame.Append.READMIT);
        }
    }

    private boolean isReadmissible(final FollowerProgress follower) {
        return follower.readmitIndex() > 0 && core.commitIndex() >= follower.readmitIndex()
                && follower.matchIndex() >= follower.readmitIndex();
    }

    /** That member asked for votes: it does not know that there is a leader. */
    void attach(final long node) {
        final FollowerProgress follower = follower(node);
        if (follower != null && follower.mode() != FollowerProgress.Mode.CATCH_UP) {
            ask(follower);
        } else if (follower != null) {
            core.effects.catchUp(node);
            sendEmptyAt(follower, core.log.lastIndex(), 0);
        }
    }

    void onPeer(final long node, final boolean reachable, final boolean restarted) {
        final FollowerProgress follower = follower(node);
        if (follower == null) {
            return;
        }
        follower.reachable(reachable);
        retryWaitNs = core.config.retryNs();
        if (restarted) {
            follower.restart(core.log.lastIndex() + 1);
        }
        if (reachable && !follower.isSettled(core.log.lastIndex(), core.commitIndex())) {
            ask(follower);
        }
        armRetry();
    }

    void onImageWanted(final long node) {
        final FollowerProgress follower = follower(node);
        if (follower != null) {
            startCatchUp(follower);
        }
    }

    void onCaughtUp(final long node, final long index) {
        final FollowerProgress follower = follower(node);
        if (follower != null && follower.mode() == FollowerProgress.Mode.CATCH_UP) {
            follower.caughtUp(Math.min(index, core.log.lastIndex()));
            ask(follower);
        }
    }

    boolean hasQuorum(final Leases leases) {
        final Membership members = core.members();
        final long timeoutNs = core.config.electionTimeoutMinNs();
        int confirmed = 0;
        for (int i = 0; i < members.voterCount(); i++) {
            final long voter = members.voter(i);
            if (voter == core.config.self() || core.nowNs() - leases.confirmedNs(voter) < timeoutNs) {
                confirmed++;
            }
        }
        return confirmed >= core.quorum(members);
    }

    /** Until then the votes that elected it stand for heartbeats that are answered. */
    long provedByNs() {
        return sinceNs + core.config.electionTimeoutMinNs();
    }

    // ----------------------------------------------------------------------------------------------- reads, transfer

    long readIndex() {
        if (!isEstablished()) {
            return -1;
        }
        if (wantedReadRound == askedReadRound) {
            wantedReadRound = ++round;
        }
        return wantedReadRound;
    }

    private void confirmReads() {
        if (confirmedReadRound >= askedReadRound) {
            return;
        }
        final Membership members = core.members();
        for (int i = 0; i < members.voterCount(); i++) {
            final FollowerProgress follower = follower(members.voter(i));
            final boolean self = members.voter(i) == core.config.self();
            rule.note(i, self ? askedReadRound : follower == null ? 0 : follower.answeredRound());
        }
        final long confirmed = Math.min(rule.reachedBy(core.quorum(members), members.voterCount()), askedReadRound);
        if (confirmed > confirmedReadRound) {
            confirmedReadRound = confirmed;
            core.effects.readConfirmed(confirmed, true);
        }
    }

    boolean transferTo(final long wanted) {
        final FollowerProgress target = wanted == RaftCore.NOBODY ? mostUpToDate() : follower(wanted);
        if (!isEstablished() || transfer.isUnderWay() || target == null || target.isAmnesiac()
                || !target.isReachable() || !core.members().isVoter(target.node)) {
            return false;
        }
        transfer.target = target.node;
        transfer.endNs = core.nowNs() + core.config.electionTimeoutMaxNs();
        transfer.ordered = false;
        continueTransfer();
        return true;
    }

    private void continueTransfer() {
        if (transfer.isUnderWay() && !transfer.ordered) {
            final FollowerProgress target = follower(transfer.target);
            if (target != null && target.matchIndex() == core.log.lastIndex()) {
                transfer.ordered = core.send(target.node, new RaftFrame.TimeoutNow(core.config.group(), core.term()));
            }
        }
    }

    private FollowerProgress mostUpToDate() {
        FollowerProgress best = null;
        for (final FollowerProgress follower : followers) {
            if (core.members().isVoter(follower.node) && follower.isReachable() && !follower.isAmnesiac()
                    && (best == null || follower.matchIndex() > best.matchIndex())) {
                best = follower;
            }
        }
        return best;
    }

    /** Lets the best follower campaign, and tells the others by a pre-vote that this member does not lead any more. */
    void resign() {
        final FollowerProgress best = mostUpToDate();
        if (best != null && best.matchIndex() >= core.commitIndex()) {
            core.send(best.node, new RaftFrame.TimeoutNow(core.config.group(), core.term()));
        }
        for (final FollowerProgress follower : followers) {
            if (follower != best) {
                core.send(follower.node,
                        new RaftFrame.VoteRequest(core.config.group(), core.term() + 1, true, false, 0, 0));
            }
        }
    }

    // --------------------------------------------------------------------------------------------------------- sending

    private void pump(final FollowerProgress follower) {
        while (mayStream(follower) && follower.nextIndex() <= core.log.lastIndex()) {
            if (follower.nextIndex() < core.log.firstHistoryIndex()) {
                startCatchUp(follower);
                return;
            }
            final EntryBatch batch = core.readBatch;
            final int count = core.log.read(follower.nextIndex(), core.config.batchBytesMax(), batch);
            // Nothing: the entry is damaged here and is being fetched from somebody else.
            if (count == 0 || !sendEntries(follower, batch, follower.nextIndex() + count - 1)) {
                return;
            }
        }
    }

    private boolean mayStream(final FollowerProgress follower) {
        return follower.mode() == FollowerProgress.Mode.STREAM && follower.isReachable()
                && follower.inflight.bytes() < core.config.inflightBytesMax();
    }

    private boolean sendEntries(final FollowerProgress follower, final EntryBatch batch, final long lastIndex) {
        final long prevIndex = follower.nextIndex() - 1;
        final RaftFrame frame =
                new RaftFrame.Append(core.config.group(), core.term(), prevIndex, core.log.termAt(prevIndex),
                        core.commitIndex(), batch.count(), round);
        final ByteBuffer bytes = batch.buffer();
        if (!core.effects.send(follower.node, frame, bytes, batch.offset(), batch.length())) {
            return false;
        }
        follower.sent(lastIndex, batch.length());
        follower.sentCommit(core.commitIndex());
        return true;
    }

    /** Sends an append without entries that wants an answer: do you follow, and do our logs meet there? */
    private void ask(final FollowerProgress follower) {
        if (follower.mode() == FollowerProgress.Mode.CATCH_UP) {
            core.effects.catchUp(follower.node);
        } else if (follower.nextIndex() < core.log.firstHistoryIndex()) {
            startCatchUp(follower);
        } else if (sendEmpty(follower, ++round)) {
            follower.asked(round, Math.min(core.commitIndex(), follower.nextIndex() - 1));
        }
    }

    private boolean sendEmpty(final FollowerProgress follower, final long context) {
        final long prevIndex = follower.nextIndex() - 1;
        if (prevIndex < core.log.firstHistoryIndex() - 1) {
            startCatchUp(follower);
            return false;
        }
        return sendEmptyAt(follower, prevIndex, context);
    }

    private boolean sendEmptyAt(final FollowerProgress follower, final long prevIndex, final long context) {
        final RaftFrame frame =
                new RaftFrame.Append(core.config.group(), core.term(), prevIndex, core.log.termAt(prevIndex),
                        core.commitIndex(), 0, context);
        final boolean sent = core.effects.send(follower.node, frame, RaftEffects.NO_PAYLOAD, 0, 0);
        if (sent) {
            follower.sentCommit(core.commitIndex());
        }
        return sent;
    }

    private void startCatchUp(final FollowerProgress follower) {
        follower.catchUp();
        core.effects.catchUp(follower.node);
    }

    private void retry() {
        retryAtNs = Long.MAX_VALUE;
        retryWaitNs = Math.min(2 * retryWaitNs, RETRY_BACK_OFF_MAX * core.config.retryNs());
        for (final FollowerProgress follower : followers) {
            if (isWaiting(follower)) {
                ask(follower);
            }
        }
        transfer.ordered = false;
        continueTransfer();
        armRetry();
    }

    private void armRetry() {
        final long wantedNs = core.nowNs() + retryWaitNs;
        if (retryAtNs != Long.MAX_VALUE && retryAtNs - wantedNs <= 0) {
            return;
        }
        for (final FollowerProgress follower : followers) {
            if (isWaiting(follower)) {
                retryAtNs = wantedNs;
                return;
            }
        }
    }

    private static long earlier(final long oneNs, final long otherNs) {
        if (oneNs == Long.MAX_VALUE || otherNs == Long.MAX_VALUE) {
            return Math.min(oneNs, otherNs);
        }
        return oneNs - otherNs < 0 ? oneNs : otherNs;
    }

    private boolean isWaiting(final FollowerProgress follower) {
        final boolean readOpen = confirmedReadRound < askedReadRound && follower.answeredRound() < askedReadRound;
        return follower.isReachable() && (readOpen || !follower.isSettled(core.log.lastIndex(), core.commitIndex()));
    }

    // --------------------------------------------------------------------------------------------------------- members

    private void followMembers() {
        final Membership members = core.members();
        final boolean selfIncluded = members.contains(core.config.self());
        final FollowerProgress[] next = new FollowerProgress[members.size() - (selfIncluded ? 1 : 0)];
        int at = 0;
        for (int i = 0; i < members.size(); i++) {
            final long node = members.member(i);
            if (node != core.config.self()) {
                final FollowerProgress known = follower(node);
                next[at++] = known == null ? new FollowerProgress(node, core.log.lastIndex() + 1) : known;
            }
        }
        followers = next;
    }

    private FollowerProgress follower(final long node) {
        for (final FollowerProgress follower : followers) {
            if (follower.node == node) {
                return follower;
            }
        }
        return null;
    }

    long matchIndex(final long node) {
        final FollowerProgress follower = follower(node);
        return follower == null ? 0 : follower.matchIndex();
    }

    long everywhereIndex() {
        long index = Long.MAX_VALUE;
        for (final FollowerProgress follower : followers) {
            if (follower.mode() != FollowerProgress.Mode.CATCH_UP) {
                index = Math.min(index, follower.matchIndex());
            }
        }
        return index;
    }

    long heardNs(final long node) {
        final FollowerProgress follower = follower(node);
        return follower == null ? 0 : follower.heardNs();
    }
}
