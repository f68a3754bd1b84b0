package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.Invariant;
import jetstream.api.NodeId;
import jetstream.api.OperatingException;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftCore;

/**
 * One group on this node: the core, its stores and its state machine. An error of the group stops the group, never
 * the node. Owner: the shard thread.
 */
final class RaftGroup implements ConsensusGroup {
    private static final long FULL_TOLD_AGAIN_NS = 1_000_000_000L;

    final RaftDriver driver;
    final GroupConfig config;
    final long id;
    final StoreForces logForces;
    final StoreForces ballotForces;
    /** Place in the driver's heap of timers. */
    int heapSlot = -1;
    long deadlineNs;
    boolean isAwake;

    private final GroupLog log;
    private final Applier applier;
    private final RaftCore core;
    private final ApplyStation station;
    private final PendingReads reads = new PendingReads();
    private final CatchupReceiver receiver;
    private final StateCheck stateCheck;
    private final EntryRepair repair;
    private final Resync resync;
    private final boolean lost;
    private final String damage;
    private final List<Peer> ledPeers = new ArrayList<>(2);
    private Peer followedPeer;
    private Membership ledMembers;
    private boolean logTouched;
    private boolean ballotTouched;
    private long changes;
    private long ballotChange;
    private boolean proposalsLost;
    private boolean stopped;
    private boolean damageTold;
    private long fullToldNs = Long.MIN_VALUE / 2;
    private long quorumCheckNs = Long.MAX_VALUE;
    private boolean closed;
    private Role toldRole;
    private long toldTerm = -1;
    private long toldLeader;

    RaftGroup(final RaftDriver driver, final GroupConfig config, final Applier applier) {
        this.driver = driver;
        this.config = config;
        this.id = config.group().value();
        this.applier = applier;
        this.logForces = driver.forcesOf(config.store());
        this.ballotForces = driver.forcesOf(config.ballots());
        ballotForces.keepsBallots = true;
        final GroupOpening opening = new GroupOpening(this, config);
        this.log = opening.log();
        this.station = new ApplyStation(this, log, applier);
        this.core = opening.openCore(new GroupEffects(this, log), station);
        this.lost = opening.isLost();
        this.damage = opening.damage();
        this.receiver = new CatchupReceiver(this, core, station);
        this.stateCheck = new StateCheck(this, core);
        this.repair = new EntryRepair(this, core);
        this.resync = new Resync(this, core);
    }

    // ---------------------------------------------------------------------------------------------- for the shard

    @Override
    public long propose(final EntryBatch entries) {
        if (stopped || !isLeader()) {
            return -1;
        }
        try {
            return core.propose(entries, driver.nowNs());
        } catch (final StoreException.Full e) {
            return NO_ROOM; // thrown before anything was changed; this member leads on, and reads and acks go on
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
            return -1;
        } finally {
            driver.wake(this);
        }
    }

    @Override
    public boolean isLeader() {
        return toldRole == Role.LEADER && toldTerm == core.term() && core.isElected() && !stopped;
    }

    @Override
    public NodeId leader() {
        final long leader = core.leader();
        return leader == RaftCore.NOBODY || stopped ? null : new NodeId(leader);
    }

    @Override
    public void readIndex(final ReadHandler onReady) {
        final long round = isLeader() ? core.readIndex(driver.nowNs()) : -1;
        if (round < 0) {
            onReady.onReadIndex(false);
        } else {
            reads.add(onReady, round, core.commitIndex());
            driver.wake(this);
        }
    }

    @Override
    public boolean transferTo(final NodeId target) {
        final long node = target == null ? RaftCore.NOBODY : target.value();
        final boolean started = !stopped && core.transferTo(node, driver.nowNs());
        driver.wake(this);
        return started;
    }

    @Override
    public boolean changeMembers(final MemberChange change) {
        boolean proposed = false;
        try {
            proposed = !stopped && isLeader() && core.changeMembers(change, driver.nowNs());
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
        }
        driver.wake(this);
        return proposed;
    }

    @Override
    public void checkpoint() {
        station.wantCheckpoint();
        driver.wake(this);
    }

    @Override
    public GroupLog log() {
        return log;
    }

    @Override
    public GroupReport report() {
        final Membership members = core.members();
        final List<GroupReport.Member> list = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            final long node = members.member(i);
            final boolean self = node == driver.self();
            final long matchIndex = self ? core.durableIndex() : core.matchIndex(node);
            final long heardNs = self ? driver.nowNs() : core.heardNs(node);
            final boolean current = self || core.isElected() && matchIndex >= core.commitIndex()
                    && driver.liveness().peer(node).answers;
            final int fullStores = self ? driver.fullStores() : driver.liveness().peer(node).fullStores;
            list.add(new GroupReport.Member(new NodeId(node), members.isVoter(node),
                    core.isElected() || self ? matchIndex : 0,
                    heardNs, current, (fullStores & RaftDriver.fullBit(logForces)) == 0));
        }
        return new GroupReport(config.group(), core.role(), core.term(), leader(), log.lastIndex(), core.commitIndex(),
                station.appliedIndex(), core.quorum(), list);
    }

    @Override
    public Condition condition() {
        if (isStopped()) {
            return Condition.STOPPED;
        }
        if (resync.isActive()) {
            return Condition.RESYNCING;
        }
        if (repair.isActive()) {
            return Condition.REPAIRING;
        }
        if (stateCheck.isDisputed()) {
            return Condition.DISPUTED;
        }
        if (core.isIncomplete() || core.role() == Role.LEARNER) {
            return Condition.LEARNING;
        }
        if (core.isElected() ? !core.isEstablished() : core.leader() == RaftCore.NOBODY) {
            return Condition.LEADERLESS;
        }
        return station.appliedIndex() < core.commitIndex() ? Condition.BEHIND : Condition.CURRENT;
    }

    @Override
    public void damaged(final long index) {
        if (isStopped()) {
            return;
        }
        final boolean wanted = repair.suspect(index, "index " + index + " is damaged");
        if (!wanted && !damageTold) {
            damageTold = true;                      // once: it may be read again and again
            driver.warn(config.name() + ": index " + index + " is damaged, and no other member has it; it is not"
                    + " served, what else there is, is");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            resync.close();
            if (!stopped) {
                core.resign(driver.nowNs());
            }
            release();
            driver.forget(this);
        }
    }

    // --------------------------------------------------------------------------------------------- for the driver

    /** As {@link RaftCore#rescue}. */
    String rescue(final int quorum, final long durationNs) {
        if (isStopped()) {
            return "stopped";
        }
        final String refusal = core.rescue(quorum, driver.nowNs() + durationNs, driver.nowNs());
        if (refusal.isEmpty()) {
            driver.warn(config.name() + ": an operator lets " + quorum + " of " + core.members().voterCount()
                    + " members decide for " + durationNs / 1_000_000_000L + " s");
        }
        driver.wake(this);
        return refusal;
    }

    void start(final boolean campaign) {
        core.start(driver.nowNs(), lost, campaign && damage.isEmpty());
        if (!damage.isEmpty() && !repair.isAlone()) {
            resync.begin(damage);                   // the members may be others than are known here: it must not lead
        }
        driver.wake(this);
    }

    void onFrame(final long from, final RaftFrame frame, final ByteBuffer payload, final int offset, final int length) {
        if (isStopped()) {
            return;
        }
        try {
            core.onFrame(from, frame, payload, offset, length, driver.nowNs());
            switch (frame) {
                case final RaftFrame.Catchup piece -> receiver.onPiece(from, piece, payload, offset, length);
                case final RaftFrame.CatchupReply reply -> driver.catchups().onReply(this, from, reply);
                case final RaftFrame.StateHash hash -> stateCheck.onFrame(from, hash);
                case final RaftFrame.EntryRequest request -> repair.onRequest(from, request);
                case final RaftFrame.EntryReply reply -> repair.onReply(reply, payload, offset, length);
                default -> {
                    // The core's alone.
                }
            }
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
        }
        driver.wake(this);
    }

    void onDeadline(final long nowNs) {
        try {
            if (core.deadlineNs() != Long.MAX_VALUE && nowNs - core.deadlineNs() >= 0) {
                core.onDeadline(nowNs);
            }
            if (quorumCheckNs != Long.MAX_VALUE && nowNs - quorumCheckNs >= 0) {
                quorumCheckNs = Long.MAX_VALUE;
                checkQuorum(nowNs);
            }
            careFor(nowNs);
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
        }
        driver.wake(this);
    }

    /** When {@link #onDeadline} is due; {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNs() {
        return Math.min(Math.min(core.deadlineNs(), quorumCheckNs),
                Math.min(repair.deadlineNs(), resync.deadlineNs()));
    }

    private void careFor(final long nowNs) {
        repair.doWork(nowNs);
        resync.doWork(nowNs);
    }

    /** Everything of this group that a ticket of one of its stores named is durable. */
    void onForced(final StoreForces forces, final long lastIndex, final long change) {
        if (isStopped()) {
            return;
        }
        try {
            if (forces == logForces) {
                core.onLogForced(lastIndex, driver.nowNs());
                station.onForced(change);
                receiver.onForced(change);
            }
            if (forces == ballotForces && ballotChange <= change) {
                core.onBallotForced(driver.nowNs());
            }
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
        }
        driver.wake(this);
    }

    /** One turn: tells, applies, sends. Returns the amount of work. */
    int doWork(final long nowNs) {
        int work = 0;
        try {
            tellRole();
            work += isStopped() ? 0 : apply();
            tellRole();
            work += reads.serve(station.appliedIndex());
            if (isStopped()) {
                return work;                        // its own state machine closed it
            }
            work += station.checkpointIfDue(core) ? 1 : 0;
            core.flush(nowNs);
            updateLiveness();
            careFor(nowNs);
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
        }
        final boolean behind = station.appliedIndex() < core.commitIndex() && !core.isIncomplete()
                && !repair.isWanted(station.appliedIndex() + 1);
        if (!isStopped() && (behind || proposalsLost)) {
            driver.wake(this);
        }
        return work;
    }

    private int apply() {
        final int applied = station.apply(core, driver.applyBatch());
        if (applied > 0 && core.isElected()) {
            driver.compareLater(this);
        }
        return applied;
    }

    /**
     * A catch-up needs a checkpoint at or behind that index. The group is woken only if it can be taken now: a later
     * force or apply wakes it anyway, and waking it for nothing would keep the thread from resting.
     */
    void checkpointForCatchup(final long leastIndex) {
        if (station.appliedIndex() >= leastIndex) {
            station.wantCheckpoint();
            if (station.isCheckpointPossible(core)) {
                driver.wake(this);
            }
        }
    }

    void onPeerSilent(final Peer peer, final long nowNs) {
        if (followedPeer == peer) {
            core.onLeaderLost(peer.node.value(), nowNs);
            driver.wake(this);
        }
    }

    void onPeerAnswers(final Peer peer, final boolean answers, final boolean restarted, final long nowNs) {
        if (!isStopped() && core.isElected()) {
            core.onPeer(peer.node.value(), answers, restarted, nowNs);
            if (restarted) {
                driver.catchups().stop(this, peer.node.value());
            }
            if (answers) {
                compareAgain(peer.node.value());
            }
            driver.wake(this);
        }
    }

    /** Somebody answers no more, or did not when this member began to lead. */
    void checkQuorum(final long nowNs) {
        if (!isStopped() && core.isElected()) {
            quorumCheckNs = core.checkQuorum(driver.liveness(), nowNs);
            driver.wake(this);
        }
    }

    /** The leader's turn to compare the members' states; returns whether it needs another one. */
    boolean compareStates() {
        try {
            return stateCheck.ask();
        } catch (final OperatingException | Invariant.Violation e) {
            onError(e);
            return false;
        }
    }

    /** That member's state may be another one than it was. */
    void compareAgain(final long node) {
        stateCheck.forget(node);
        driver.compareLater(this);
    }

    /** The leader's image replaced the state. */
    void onRestored() {
        stateCheck.cancel();
        final boolean wasDamaged = repair.isActive();
        repair.cancel();
        if (wasDamaged && !resync.isActive()) {
            tell(Condition.CURRENT, "what was damaged is not needed any more: its state is the leader's");
        }
        resync.onRestored();
    }

    /** Says that the data is in trouble, or out of it. */
    void tell(final Condition condition, final String reason) {
        if (condition == Condition.CURRENT) {
            driver.info(config.name() + ": " + reason);
        } else {
            driver.warn(config.name() + ": " + reason);
        }
        applier.onCondition(condition, reason);
    }

    StateCheck stateCheck() {
        return stateCheck;
    }

    EntryRepair repair() {
        return repair;
    }

    Resync resync() {
        return resync;
    }

    CatchupReceiver receiver() {
        return receiver;
    }

    RaftCore core() {
        return core;
    }

    ApplyStation station() {
        return station;
    }

    PendingReads reads() {
        return reads;
    }

    boolean isStopped() {
        return stopped || closed;
    }

    void proposalsLost() {
        proposalsLost = true;
        driver.wake(this);
    }

    // ------------------------------------------------------------------------------------------- changes and forces

    long logChanged() {
        return ++changes;
    }

    void ballotChanged() {
        ballotChange = ++changes;
    }

    long changes() {
        return changes;
    }

    boolean isTouched(final StoreForces forces) {
        return forces == logForces ? logTouched : ballotTouched;
    }

    void touched(final StoreForces forces, final boolean value) {
        if (forces == logForces) {
            logTouched = value;
        }
        if (forces == ballotForces) {
            ballotTouched = value;
        }
    }

    // ------------------------------------------------------------------------------------------------------ private

    /** Tells role, term and leader if they are news. Leading counts only when everything older is applied. */
    private void tellRole() {
        if (isStopped()) {
            return;
        }
        if (proposalsLost) {
            proposalsLost = false;
            toldTerm = -1;
            applier.onProposalsLost();
        }
        final boolean serves = core.isEstablished() && station.appliedIndex() >= core.termStartIndex();
        final Role role = core.isElected() ? serves ? Role.LEADER : Role.CANDIDATE : core.role();
        if (role != toldRole || core.term() != toldTerm || core.leader() != toldLeader) {
            final boolean logged = role != toldRole && role != Role.CANDIDATE;
            toldRole = role;
            toldTerm = core.term();
            toldLeader = core.leader();
            if (logged && role == Role.LEADER) {
                driver.info(config.name() + ": leads in term " + toldTerm + " from index " + core.termStartIndex());
            }
            applier.onRole(role, toldTerm, toldLeader == RaftCore.NOBODY ? null : new NodeId(toldLeader));
        }
    }

    /** Keeps count of which peers this group needs heartbeats from, and to. */
    private void updateLiveness() {
        final long leader = core.isElected() ? RaftCore.NOBODY : core.leader();
        final long followed = followedPeer == null ? RaftCore.NOBODY : followedPeer.node.value();
        if (leader != followed) {
            unfollow();
            if (leader != RaftCore.NOBODY) {
                followedPeer = driver.liveness().peer(leader);
                driver.liveness().follow(followedPeer);
            }
        }
        final Membership members = core.isElected() ? core.members() : null;
        if (members != ledMembers) {
            followLeadership(members);
        }
    }

    /** Those who stay are counted anew before they are counted off, so that what is known of them is kept. */
    private void followLeadership(final Membership members) {
        final List<Peer> before = List.copyOf(ledPeers);
        ledPeers.clear();
        for (int i = 0; members != null && i < members.size(); i++) {
            if (members.member(i) != driver.self()) {
                lead(driver.liveness().peer(members.member(i)), ledMembers);
            }
        }
        for (final Peer peer : before) {
            peer.led--;
            if (members == null || !members.contains(peer.node.value())) {
                driver.catchups().stop(this, peer.node.value());
            }
        }
        ledMembers = members;
    }

    private void lead(final Peer peer, final Membership membersBefore) {
        ledPeers.add(peer);
        driver.liveness().lead(peer);
        final boolean known = membersBefore != null && membersBefore.contains(peer.node.value());
        if (!known && !peer.answers) {
            core.onPeer(peer.node.value(), false, false, driver.nowNs());
            quorumCheckNs = driver.nowNs() + driver.config().electionTimeoutMinNs();
        }
    }

    private void unfollow() {
        if (followedPeer != null) {
            followedPeer.followed--;
            followedPeer = null;
        }
    }

    private void release() {
        unfollow();
        followLeadership(null);
        reads.onConfirmed(Long.MAX_VALUE, false);
        reads.serve(0);
    }

    private void onError(final RuntimeException error) {
        if (error instanceof StoreException.Full) {
            if (driver.nowNs() - fullToldNs >= FULL_TOLD_AGAIN_NS) {
                fullToldNs = driver.nowNs();
                driver.warn(config.name() + ": " + error.getMessage()
                        + "; the append is dropped and will be tried again");
            }
            core.onLogFull(driver.nowNs());
            return;
        }
        if (error instanceof StoreException.Failed) {
            throw error;                            // of all groups, not of this one: the node must give up its store
        }
        if (error instanceof StoreException.Corrupt && !repair.isAlone() && !resync.isActive()) {
            resync.begin(error.getMessage());
            return;
        }
        stopped = true;
        sayThatItDoesNotLead();
        release();
        driver.warn(
                config.name() + ": stopped at term " + core.term() + ", last index " + log.lastIndex() + ": " + error);
        applier.onCondition(Condition.STOPPED, error.toString());
        driver.onGroupStopped(this, error);
    }

    private void sayThatItDoesNotLead() {
        try {
            core.resign(driver.nowNs());
        } catch (final OperatingException | Invariant.Violation e) {
            driver.warn(config.name() + ": could not resign: " + e);
        }
    }
}
