package jetstream.raft.core;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import jetstream.api.Invariant;
import jetstream.api.consensus.MemberChange;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.RaftFrame;

/**
 * One member of one RAFT group, as a pure function of what it is told: no clock, no thread, no I/O. Events are its
 * public {@code on…} methods; what it wants done comes out through {@link RaftEffects}, in order. Owner: the shard
 * thread.
 *
 * <p>Legal transitions (anything else is an {@link Invariant.Violation}):
 *
 * <pre>
 *   start ──▶ Follower ──election time-out──▶ Candidate(pre-vote) ──quorum──▶ Candidate ──quorum──▶ Leader
 *                ▲  │                                │  ▲  └──time-out──┘         │ time-out         │
 *                │  └── TimeoutNow, or preferred in a new group ──▶ Candidate ────┘                  │
 *                └──── append of a leader, higher term, quorum of heartbeat replies lost ────────────┘
 *   Follower ◀──▶ Learner   by membership, or by the end of amnesia
 * </pre>
 *
 * <p>Invariants:
 * <ol>
 *   <li>I1 The term never falls; a vote is given once per term.</li>
 *   <li>I2 No vote, and no acceptance of an append, leaves before the ballot behind it is durable.</li>
 *   <li>I3 A follower reports an index only if it is durable here and equal to the leader's log.</li>
 *   <li>I4 A leader counts its own log only as far as it is durable.</li>
 *   <li>I5 Only entries of the own term commit by counting; those before commit with them.</li>
 *   <li>I6 The commit index never falls and nothing at or below it is truncated.</li>
 *   <li>I7 A leader never changes or removes entries of its own log.</li>
 *   <li>I8 One change of membership at a time, and none before an entry of the own term is committed.</li>
 *   <li>I9 A member that lost what it once acknowledged neither votes nor counts until a leader, confirmed by a quorum
 *       without it, has given it everything (DESIGN D7).</li>
 * </ol>
 *
 * @see "Ongaro, thesis 2014"
 */
public final class RaftCore {
    /** Vote in a saved ballot: this member lost data and must not vote (I9); what is in its log is a true prefix. */
    public static final long AMNESIAC = -1;
    /** No node. */
    public static final long NOBODY = 0;

    final CoreConfig config;
    final RaftLog log;
    final RaftEffects effects;
    final EntryBatch readBatch;

    private final EntryBatch controlBatch;
    private final RandomGenerator random;
    private final MembershipHistory members;
    private long term;
    private long votedFor;
    private boolean ballotForced = true;
    private long owedVoteTo = NOBODY;
    private boolean amnesiac;
    private boolean incomplete;
    private boolean imageHeldBack;
    private long commitIndex;
    private long durableIndex;
    private long nowNs;
    private int rescueQuorum;
    private long rescueEndNs;
    private RoleState role;

    /**
     * A member that is not started.
     *
     * @param start what was loaded from the stores
     * @param random source of election time-outs, seeded by the caller
     * @param scratch batches that all cores of a shard share
     */
    public RaftCore(final CoreConfig config, final RaftLog log, final RaftEffects effects, final StartState start,
            final RandomGenerator random, final CoreScratch scratch) {
        this.config = config;
        this.log = log;
        this.effects = effects;
        this.random = random;
        this.readBatch = scratch.readBatch();
        this.controlBatch = scratch.controlBatch();
        this.members = new MembershipHistory(start.checkpointIndex(), start.members());
        this.amnesiac = start.votedFor() == AMNESIAC;
        this.incomplete = start.incomplete();
        this.term = Math.max(start.term(), log.termAt(log.lastIndex()));
        this.votedFor = term == start.term() && !amnesiac ? start.votedFor() : NOBODY;
        this.commitIndex = start.checkpointIndex();
        this.durableIndex = log.lastIndex();
        Invariant.check(config.self() != AMNESIAC && config.self() != NOBODY, "reserved node id", config.self());
        Invariant.check(commitIndex <= log.lastIndex(), "checkpoint beyond log", commitIndex, log.lastIndex());
        this.role = new Follower(this, NOBODY, false);
    }

    /** Members set by an entry of the history that was read at the start; ascending, before {@link #start}. */
    public void restoreMembers(final long index, final Membership newMembers) {
        Invariant.check(index <= log.lastIndex(), "membership beyond log", index, log.lastIndex());
        members.push(index, newMembers);
    }

    /**
     * Starts the member.
     *
     * @param lost it comes up without data that it may once have acknowledged (I9)
     * @param campaign it campaigns at once: the preferred member of a new group
     */
    public void start(final long startNs, final boolean lost, final boolean campaign) {
        nowNs = startNs;
        if (lost && !amnesiac) {
            amnesiac = true;
            persist();
        }
        final boolean alone = members.current().quorum() == 1;
        become(followerRole(NOBODY, false));
        if (mayCampaign() && (campaign || alone)) {
            become(new Candidate(this, Candidate.Kind.ELECTION));
        }
    }

    // ---------------------------------------------------------------------------------------------------------- events

    /** A frame of this group. The payload is valid during the call; unknown senders are answered like members. */
    public void onFrame(final long from, final RaftFrame frame, final ByteBuffer payload, final int offset,
            final int length, final long eventNs) {
        nowNs = eventNs;
        Invariant.check(from != config.self(), "frame from ourselves", from);
        Invariant.check(frame.group() == config.group(), "frame of another group", frame.group(), config.group());
        switch (frame) {
            case RaftFrame.VoteRequest request -> onVoteRequest(from, request);
            case RaftFrame.VoteReply reply -> onVoteReply(from, reply);
            case RaftFrame.Append append -> onAppend(from, append, payload, offset, length);
            case RaftFrame.AppendReply reply -> onAppendReply(from, reply);
            case RaftFrame.TimeoutNow order -> onTimeoutNow(from, order);
            case RaftFrame.Catchup piece -> onLeaderFrame(from, piece.term());
            case RaftFrame.CatchupReply reply -> onReplyTerm(reply.term());
            case RaftFrame.StateHash hash -> {
                // The driver's: whose state is right is no question of the log.
            }
            case RaftFrame.EntryRequest request -> {
                // The driver's.
            }
            case RaftFrame.EntryReply reply -> {
                // The driver's.
            }
        }
    }

    /** The deadline of {@link #deadlineNs} has passed. */
    public void onDeadline(final long eventNs) {
        nowNs = eventNs;
        role.onDeadline();
    }

    /** The log is durable through that index. */
    public void onLogForced(final long throughIndex, final long eventNs) {
        nowNs = eventNs;
        Invariant.check(throughIndex <= log.lastIndex(), "forced beyond the log", throughIndex, log.lastIndex());
        if (throughIndex > durableIndex) {
            durableIndex = throughIndex;
            role.onForced();
        }
    }

    /** The latest ballot is durable. */
    public void onBallotForced(final long eventNs) {
        nowNs = eventNs;
        ballotForced = true;
        if (owedVoteTo != NOBODY) {
            send(owedVoteTo, new RaftFrame.VoteReply(config.group(), term, false, true));
            owedVoteTo = NOBODY;
        }
        role.onForced();
    }

    /** The node of the known leader is silent, or is another process than before: it does not lead any more. */
    public void onLeaderLost(final long leader, final long eventNs) {
        nowNs = eventNs;
        if (role instanceof final Follower follower && follower.isAttached() && follower.leader() == leader) {
            follower.detach();
        }
    }

    /** A peer can be reached or not; restarted: it is another process, and what was under way to it is gone. */
    public void onPeer(final long node, final boolean reachable, final boolean restarted, final long eventNs) {
        nowNs = eventNs;
        if (role instanceof final Leader leader) {
            leader.onPeer(node, reachable, restarted);
        }
    }

    /**
     * Checks that a quorum answered heartbeats lately; otherwise this member stops leading (check-quorum), unless it
     * began a moment ago. To be called when a peer answers no more, and at the time that it returns, monotonic
     * nanoseconds, when votes or an operator's word count no more; {@link Long#MAX_VALUE}: not until then.
     */
    public long checkQuorum(final Leases leases, final long eventNs) {
        nowNs = eventNs;
        if (!(role instanceof final Leader leader)) {
            return Long.MAX_VALUE;
        }
        if (leader.hasQuorum(leases)) {
            return isRescue() ? rescueEndNs : Long.MAX_VALUE;
        }
        if (nowNs - leader.provedByNs() < 0) {
            return leader.provedByNs();
        }
        become(followerRole(NOBODY, false));
        return Long.MAX_VALUE;
    }

    /**
     * Seals, appends and sends. Returns the first index, or -1 if this member does not lead or can not take more now.
     */
    public long propose(final EntryBatch entries, final long eventNs) {
        nowNs = eventNs;
        return role instanceof final Leader leader ? leader.propose(entries) : -1;
    }

    /**
     * Asks for a confirmation of leadership; the round that {@link RaftEffects#readConfirmed} will name, -1 if none.
     */
    public long readIndex(final long eventNs) {
        nowNs = eventNs;
        return role instanceof final Leader leader ? leader.readIndex() : -1;
    }

    /** Hands leadership over; {@link #NOBODY} picks the most up-to-date voter. False if that is not possible now. */
    public boolean transferTo(final long target, final long eventNs) {
        nowNs = eventNs;
        return role instanceof final Leader leader && leader.transferTo(target);
    }

    /** Proposes a change of membership; false if not possible now. */
    public boolean changeMembers(final MemberChange change, final long eventNs) {
        nowNs = eventNs;
        return role instanceof final Leader leader && leader.changeMembers(change);
    }

    /**
     * Lets so few votes and acknowledgements suffice on this member for a while: for an operator whose other members
     * are lost for good. Two halves of a group that are both told so lead both; nothing guards against that but the
     * operator. It ends when the members are so few that it is not needed any more.
     *
     * @param endNs when it ends, monotonic nanoseconds
     * @return why not; empty if it is so now
     */
    public String rescue(final int quorum, final long endNs, final long eventNs) {
        nowNs = eventNs;
        if (leader() != NOBODY) {
            return "leader is known";
        }
        if (quorum < 1 || quorum > quorum(members.current())) {
            return "rescue quorum must be between 1 and current quorum";
        }
        if (!members.current().isVoter(config.self()) || amnesiac) {
            return "not a voting member";
        }
        if (log.lastIndex() == 0) {
            return "log is empty";
        }
        rescueQuorum = quorum;
        rescueEndNs = endNs;
        return "";
    }

    /** The log had no room for an append: a leader that could not even begin its term gives up; others try. */
    public void onLogFull(final long eventNs) {
        if (role instanceof final Leader leader && !leader.hasBegun()) {
            resign(eventNs);
        }
    }

    /** This member is about to go: it tells the others that it does not lead any more. */
    public void resign(final long eventNs) {
        nowNs = eventNs;
        if (role instanceof final Leader leader) {
            leader.resign();
            become(followerRole(NOBODY, false));
        }
    }

    /** End of a duty cycle: sends what was put together, and the commit index where nothing else carried it. */
    public void flush(final long eventNs) {
        nowNs = eventNs;
        role.flush();
    }

    // ------------------------------------------------------------------------------------------------------- catch-up

    /**
     * The state that was made of the log is wrong, or can not be made: this member stops leading, and neither applies
     * nor leads until an image of a leader has replaced it. It asks for one after {@link #fetchState}. Its log is as
     * good as before: it goes on voting, appending and acknowledging.
     */
    public void loseState(final long eventNs) {
        resign(eventNs);
        incomplete = true;
        imageHeldBack = true;
        refreshLearner();
    }

    /** Nothing of the lost state is needed here any more: an image may come. */
    public void fetchState() {
        imageHeldBack = false;
    }

    /**
     * The log is about to be replaced by an image of that index. A member without its state goes on voting,
     * appending and acknowledging, since its log begins behind the image, which holds all it ever acknowledged; but
     * it can not apply or lead.
     */
    public void beginInstall(final long index, final long eventNs) {
        nowNs = eventNs;
        Invariant.check(index >= commitIndex, "install before the commit index", index, commitIndex);
        Invariant.check(!incomplete || index >= log.lastIndex(), "install shortens a broken log", index,
                log.lastIndex());
        incomplete = true;
        commitIndex = index;
        durableIndex = Math.min(durableIndex, index);
        // Entries behind the image go with the log; what they said about members goes with them.
        if (members.truncateFrom(index + 1)) {
            effects.membersChanged(members.current());
        }
        refreshLearner();
    }

    /** Image and records are durable: the log begins behind that index. */
    public void finishInstall(final long index, final Membership newMembers, final long eventNs) {
        nowNs = eventNs;
        Invariant.check(incomplete, "install finished that was not begun");
        Invariant.check(log.firstHistoryIndex() == index + 1, "install does not fit the log", index,
                log.firstHistoryIndex());
        Invariant.check(commitIndex >= index, "install behind the commit index", index, commitIndex);
        incomplete = false;
        durableIndex = Math.max(durableIndex, index);
        members.rebase(index, newMembers);
        effects.membersChanged(members.current());
        if (role instanceof final Follower follower) {
            follower.installed(index);
        }
        refreshLearner();
    }

    /** That member has no state for its log and wants an image; called on the leader. */
    public void onImageWanted(final long node, final long eventNs) {
        nowNs = eventNs;
        if (role instanceof final Leader leader) {
            leader.onImageWanted(node);
        }
    }

    /** That member holds everything through that index, by catch-up; called on the leader. */
    public void onCaughtUp(final long node, final long index, final long eventNs) {
        nowNs = eventNs;
        if (role instanceof final Leader leader) {
            leader.onCaughtUp(node, index);
        }
    }

    // -------------------------------------------------------------------------------------------------- what is known

    /** When {@link #onDeadline} wants to be called; {@link Long#MAX_VALUE}: not at all. Monotonic nanoseconds. */
    public long deadlineNs() {
        return role.deadlineNs();
    }

    /** Role as told to others; a leader that may not serve yet is a candidate. */
    public Role role() {
        return role.reported();
    }

    /** Whether this member was elected, serving or not. */
    public boolean isElected() {
        return role instanceof Leader;
    }

    /** Whether this member was elected and has committed an entry of its term. */
    public boolean isEstablished() {
        return role instanceof final Leader leader && leader.isEstablished();
    }

    /** On an elected member: index of the first entry of its term; {@link Long#MAX_VALUE} elsewhere. */
    public long termStartIndex() {
        return role instanceof final Leader leader ? leader.termStartIndex() : Long.MAX_VALUE;
    }

    /** Present term. */
    public long term() {
        return term;
    }

    /** The live leader of the present term, or {@link #NOBODY}. */
    public long leader() {
        return role.leader();
    }

    /** Committed through this index. */
    public long commitIndex() {
        return commitIndex;
    }

    /** How many voters make a quorum. */
    public int quorum() {
        return quorum(members.current());
    }

    /** Durable through this index. */
    public long durableIndex() {
        return durableIndex;
    }

    /** The members that count now. */
    public Membership members() {
        return members.current();
    }

    /** Whether an image must not be asked for yet. */
    public boolean isImageHeldBack() {
        return imageHeldBack;
    }

    /** Whether the log is being replaced by an image. */
    public boolean isIncomplete() {
        return incomplete;
    }

    /** On the leader: durable at that member through this index; 0 elsewhere. */
    public long matchIndex(final long node) {
        return role instanceof final Leader leader ? leader.matchIndex(node) : 0;
    }

    /**
     * On the leader: durable at every member through this index, leaving out those that are being sent an image; the
     * history behind it is still needed. {@link Long#MAX_VALUE} elsewhere.
     */
    public long everywhereIndex() {
        return role instanceof final Leader leader ? leader.everywhereIndex() : Long.MAX_VALUE;
    }

    /** On the leader: when that member was last heard, monotonic; 0 if never, or elsewhere. */
    public long heardNs(final long node) {
        return role instanceof final Leader leader ? leader.heardNs(node) : 0;
    }

    // ------------------------------------------------------------------------------------------------------ for roles

    long nowNs() {
        return nowNs;
    }

    /** How many voters of those make a quorum; fewer while an operator wants that. */
    int quorum(final Membership voters) {
        return isRescue() ? Math.min(rescueQuorum, voters.quorum()) : voters.quorum();
    }

    private boolean isRescue() {
        return rescueQuorum > 0 && nowNs - rescueEndNs < 0;
    }

    boolean isBallotForced() {
        return ballotForced;
    }

    boolean isAmnesiac() {
        return amnesiac;
    }

    /** Also a learner votes when it is asked: it may have been promoted by an entry that has not come here yet. */
    boolean mayVote() {
        return !amnesiac;
    }

    /**
     * Also a voter that is being removed: it may be the only one with the entry that removes it (thesis, section
     * 4.2.2).
     */
    boolean mayCampaign() {
        return !amnesiac && !incomplete && members.isVoterInAny(config.self());
    }

    MembershipHistory membersHistory() {
        return members;
    }

    EntryBatch controlBatch() {
        return controlBatch.clear();
    }

    long randomTimeoutNs() {
        return random.nextLong(config.electionTimeoutMinNs(), config.electionTimeoutMaxNs());
    }

    /** A random wait for a member that has already waited the shortest time-out. */
    long randomRestNs() {
        return random.nextLong(config.electionTimeoutMaxNs() - config.electionTimeoutMinNs());
    }

    boolean send(final long to, final RaftFrame frame) {
        return effects.send(to, frame, RaftEffects.NO_PAYLOAD, 0, 0);
    }

    void become(final RoleState next) {
        final RoleState previous = role;
        Invariant.check(!(next instanceof Leader) || previous instanceof Candidate, "only a candidate is elected",
                term);
        Invariant.check(!(previous instanceof Leader) || next instanceof Follower, "a leader can only step down", term);
        role = next;
        if (previous instanceof Leader) {
            effects.readConfirmed(Long.MAX_VALUE, false);
            effects.proposalsLost();
        }
        effects.roleChanged();
        role.enter();
    }

    RoleState followerRole(final long leader, final boolean attached) {
        return mayCampaign() ? new Follower(this, leader, attached) : new Learner(this, leader, attached);
    }

    /** Enters a new term with a vote for this member. */
    void voteForSelf() {
        adoptTerm(term + 1, config.self());
    }

    private void adoptTerm(final long newTerm, final long vote) {
        Invariant.check(newTerm > term, "term must rise", newTerm, term);
        term = newTerm;
        votedFor = vote;
        owedVoteTo = NOBODY;
        persist();
    }

    /** Whether that object is the member's present role. */
    boolean isCurrent(final RoleState candidate) {
        return role == candidate;
    }

    void commitTo(final long index) {
        if (index > commitIndex) {
            Invariant.check(index <= log.lastIndex(), "commit beyond log", index, log.lastIndex());
            commitIndex = index;
            members.committed(index);
            effects.commit(index);
        }
    }

    void append(final EntryBatch entries) {
        Invariant.check(entries.firstIndex() == log.lastIndex() + 1, "append leaves a gap", entries.firstIndex(),
                log.lastIndex());
        effects.append(entries);
    }

    void setMembers(final long index, final Membership newMembers) {
        members.push(index, newMembers);
        if (newMembers.quorum() <= rescueQuorum) {
            rescueQuorum = 0;
        }
        effects.membersChanged(newMembers);
    }

    void truncateFrom(final long index) {
        Invariant.check(index > commitIndex, "committed entry truncated", index, commitIndex);
        Invariant.check(!(role instanceof Leader), "leader truncates its log", index);
        effects.truncateFrom(index);
        durableIndex = Math.min(durableIndex, index - 1);
        if (members.truncateFrom(index)) {
            effects.membersChanged(members.current());
        }
    }

    /**
     * Ends amnesia: the leader of this term, confirmed by a quorum without this member, says that it holds
     * everything.
     */
    void readmit(final long leader) {
        Invariant.check(amnesiac, "readmitted without need", term);
        amnesiac = false;
        votedFor = leader;
        persist();
    }

    // -------------------------------------------------------------------------------------------------------- private

    private void persist() {
        ballotForced = false;
        effects.saveBallot(term, amnesiac ? AMNESIAC : votedFor);
    }

    private void refreshLearner() {
        if (role instanceof final Follower follower && follower instanceof Learner == mayCampaign()) {
            final RoleState next = followerRole(follower.knownLeader(), follower.isAttached());
            ((Follower) next).takeOver(follower);
            become(next);
        } else if (role instanceof Candidate && !mayCampaign()) {
            become(followerRole(NOBODY, false));
        }
    }

    private long knownLeader() {
        return role instanceof final Follower follower ? follower.knownLeader() : NOBODY;
    }

    private void onVoteRequest(final long from, final RaftFrame.VoteRequest request) {
        if (role instanceof final Follower follower && follower.isAttached() && follower.leader() == from
                && request.term() > term) {
            follower.detach();                      // it asks for votes, so it does not lead any more
        }
        if (!request.transfer() && role.hasLiveLeader()) {
            send(from, new RaftFrame.VoteReply(config.group(), term, request.preVote(), false));
            if (role instanceof final Leader leader) {
                leader.attach(from);
            }
            return;
        }
        if (request.preVote()) {
            final boolean granted = mayVote() && request.term() > term && isUpToDate(request);
            send(from, new RaftFrame.VoteReply(config.group(), granted ? request.term() : term, true, granted));
            return;
        }
        if (request.term() > term) {
            adoptTerm(request.term(), NOBODY);
            become(followerRole(NOBODY, false));
        }
        if (mayVoteFor(from, request)) {
            grantVote(from);
        } else {
            send(from, new RaftFrame.VoteReply(config.group(), term, false, false));
        }
    }

    private boolean mayVoteFor(final long candidate, final RaftFrame.VoteRequest request) {
        return mayVote() && request.term() == term && (votedFor == NOBODY || votedFor == candidate)
                && (knownLeader() == NOBODY || knownLeader() == candidate) && isUpToDate(request);
    }

    private void grantVote(final long candidate) {
        Invariant.check(!(role instanceof Leader), "vote of a leader", term, candidate);
        if (votedFor == NOBODY) {
            votedFor = candidate;
            persist();
        }
        if (role instanceof final Follower follower) {
            follower.restartTimer();
        } else {
            become(followerRole(NOBODY, false));
        }
        if (isBallotForced()) {
            send(candidate, new RaftFrame.VoteReply(config.group(), term, false, true));
        } else {
            owedVoteTo = candidate;
        }
    }

    private boolean isUpToDate(final RaftFrame.VoteRequest request) {
        final long lastIndex = log.lastIndex();
        final long lastTerm = log.termAt(lastIndex);
        return request.lastTerm() > lastTerm || request.lastTerm() == lastTerm && request.lastIndex() >= lastIndex;
    }

    private void onVoteReply(final long from, final RaftFrame.VoteReply reply) {
        if (reply.granted()) {
            role.onVote(from, reply);
        } else if (onReplyTerm(reply.term())) {
            role.onVote(from, reply);
        }
    }

    private void onAppend(final long from, final RaftFrame.Append append, final ByteBuffer payload, final int offset,
            final int length) {
        if (append.term() < term) {
            send(from, new RaftFrame.AppendReply(config.group(), term, false, 0, log.lastIndex(), 0));
        } else if (onLeaderFrame(from, append.term())) {
            ((Follower) role).onAppend(append, payload, offset, length);
            refreshLearner();               // members or amnesia may have changed
        }
    }

    /** Follows the sender of a leader's frame; false if its term is over. */
    private boolean onLeaderFrame(final long from, final long leaderTerm) {
        if (leaderTerm < term) {
            return false;
        }
        Invariant.check(leaderTerm > term || !(role instanceof Leader), "two leaders in term", leaderTerm, from);
        if (leaderTerm > term) {
            adoptTerm(leaderTerm, NOBODY);
            become(followerRole(from, true));
        } else if (role instanceof final Follower follower) {
            follower.attach(from);
        } else {
            become(followerRole(from, true));
        }
        return true;
    }

    private void onAppendReply(final long from, final RaftFrame.AppendReply reply) {
        if (onReplyTerm(reply.term()) && reply.term() == term && role instanceof final Leader leader) {
            leader.onAppendReply(from, reply);
        }
    }

    private void onTimeoutNow(final long from, final RaftFrame.TimeoutNow order) {
        if (order.term() == term && role instanceof final Follower follower && follower.leader() == from
                && mayCampaign()) {
            become(new Candidate(this, Candidate.Kind.TRANSFER));
        }
    }

    /** Steps down if the answer knows a higher term; false if so. */
    private boolean onReplyTerm(final long replyTerm) {
        if (replyTerm > term) {
            adoptTerm(replyTerm, NOBODY);
            become(followerRole(NOBODY, false));
            return false;
        }
        return true;
    }
}
