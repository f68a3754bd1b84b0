package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.NodeId;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.ConsensusContext;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.Frame;
import jetstream.api.frame.NodeFrame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.frame.RouteFrame;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.Store;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerLink;
import jetstream.raft.core.CoreConfig;
import jetstream.raft.core.CoreScratch;

/**
 * All RAFT groups of a node. A group costs time only when something happens to it: it is <em>awake</em> then, and
 * gets a turn, in the next duty cycle if not too many are; or when its timer ends. An idle group is neither. Owner:
 * the shard thread.
 *
 * <p>Invariants: D1 a group is opened once; D2 time never runs backwards.
 */
public final class RaftDriver implements Consensus {
    private static final int TIMERS_PER_CYCLE_MAX = 512;
    /** Heartbeats and frames must not wait until thousands of groups have had their turns. */
    private static final int TURNS_PER_CYCLE_MAX = 64;
    private static final int COMPARISONS_PER_CYCLE_MAX = 256;

    private final ConsensusContext context;
    private final RaftConfig config;
    private final LongTable<RaftGroup> groups = new LongTable<>();
    private final List<StoreForces> forces = new ArrayList<>(2);
    private final DeadlineHeap timers = new DeadlineHeap();
    private final NodeLiveness liveness;
    private final Catchups catchups;
    private final CoreScratch scratch = CoreScratch.ofUsualSize();
    private final EntryBatch applyBatch = new EntryBatch(64 << 10);
    private final SplittableRandom random;
    private final List<RaftGroup> stoppedGroups = new ArrayList<>();
    private final ArrayDeque<RaftGroup> toCompare = new ArrayDeque<>();
    private long compareAtNs;
    private int comparing;
    private int fullStores;
    private long storesAskedNs = Long.MIN_VALUE / 2;
    private final ArrayDeque<RaftGroup> awake = new ArrayDeque<>();
    private long nowNs;
    private boolean started;
    private boolean closed;

    /** The consensus of one node; settings as in the module's README. */
    public RaftDriver(final ConsensusContext context) {
        this.context = context;
        this.config = RaftConfig.of(context.settings());
        this.random = new SplittableRandom(context.seed());
        this.liveness = new NodeLiveness(this, config, context.bootId());
        this.catchups = new Catchups(this);
    }

    @Override
    public ConsensusGroup open(final GroupConfig groupConfig, final Applier applier) {
        final long id = groupConfig.group().value();
        Invariant.check(groups.get(id) == null, "group opened twice", id);
        final RaftGroup group = new RaftGroup(this, groupConfig, applier);
        groups.put(id, group);
        final boolean preferred = context.node().equals(groupConfig.preferred());
        group.start(preferred && !groupConfig.existed());
        return group;
    }

    @Override
    public void onFrame(final NodeId from, final Frame frame, final ByteBuffer payload, final int offset,
            final int length) {
        switch (frame) {
            case NodeFrame.Heartbeat heartbeat -> liveness.onHeartbeat(liveness.peer(from.value()), heartbeat);
            case NodeFrame.HeartbeatReply reply -> liveness.onHeartbeatReply(liveness.peer(from.value()), reply);
            case RaftFrame raft -> {
                final RaftGroup group = groups.get(raft.group());
                if (group != null) {                    // else: not open here yet, or no more; the sender repeats
                    group.onFrame(from.value(), raft, payload, offset, length);
                }
            }
            case RouteFrame route -> throw new IllegalArgumentException("not a frame of the consensus: " + route);
        }
    }

    @Override
    public void onPeerUp(final NodeId peer) {
        onPeerAnswers(liveness.peer(peer.value()), true, false);
    }

    @Override
    public void onPeerDown(final NodeId peer) {
        liveness.peer(peer.value());                    // heartbeats alone decide; a link may come back at once
    }

    @Override
    public String rescue(final GroupId group, final int quorum, final long durationNs) {
        final RaftGroup open = groups.get(group.value());
        return open == null ? "not a voting member" : open.rescue(quorum, durationNs);
    }

    @Override
    public void onTicket(final Store store, final long ticket) {
        forcesOf(store).onTicket(ticket);
    }

    @Override
    public void onForced(final Store store, final long ticket) {
        forcesOf(store).onForced(ticket);
    }

    @Override
    public void onDamage(final GroupId group, final long index) {
        final RaftGroup hurt = groups.get(group.value());
        if (hurt != null) {
            hurt.damaged(index);
        }
    }

    @Override
    public int doWork(final long cycleNs) {
        Invariant.check(!started || cycleNs - nowNs >= 0, "time runs backwards", cycleNs, nowNs);
        started = true;
        nowNs = cycleNs;
        final boolean maySuspect = liveness.begin(cycleNs);
        int work = liveness.doWork(cycleNs, maySuspect);
        if (maySuspect) {
            work += fireTimers();
        }
        final int turns = takeTurns();
        if (turns > 0) {
            liveness.busy();
        }
        work += turns;
        work += catchups.doWork(cycleNs);
        compareStates();
        liveness.promise(nextDeadlineNs());
        return work;
    }

    @Override
    public long nextDeadlineNs() {
        if (!awake.isEmpty()) {
            return nowNs;
        }
        long next = NodeLiveness.earlier(liveness.nextDeadlineNs(nowNs), catchups.nextDeadlineNs(nowNs));
        final RaftGroup first = timers.first();
        if (first != null) {
            final boolean inGrace = first.deadlineNs - liveness.graceEndNs() < 0;
            next = NodeLiveness.earlier(next, inGrace ? liveness.graceEndNs() : first.deadlineNs);
        }
        if (comparing > 0) {
            return nowNs;
        }
        return toCompare.isEmpty() ? next : NodeLiveness.earlier(next, compareAtNs);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            final List<RaftGroup> all = new ArrayList<>(groups.size());
            groups.forEach(all::add);
            all.forEach(RaftGroup::close);
        }
    }

    // ------------------------------------------------------------------------------------------------ for the parts

    RaftConfig config() {
        return config;
    }

    CoreConfig coreConfig(final GroupId group) {
        return new CoreConfig(group.value(), self(), config.electionTimeoutMinNs(), config.electionTimeoutMaxNs(),
                config.retryIntervalNs(), config.batchBytesMax(), config.inflightBytesMax(),
                config.uncommittedBytesMax());
    }

    SplittableRandom newRandom() {
        return random.split();
    }

    CoreScratch scratch() {
        return scratch;
    }

    EntryBatch applyBatch() {
        return applyBatch;
    }

    NodeLiveness liveness() {
        return liveness;
    }

    Catchups catchups() {
        return catchups;
    }

    long self() {
        return context.node().value();
    }

    long nowNs() {
        return nowNs;
    }

    PeerLink link(final NodeId peer, final Lane lane) {
        return context.links().apply(peer, lane);
    }

    StoreForces forcesOf(final Store store) {
        for (int i = 0; i < forces.size(); i++) {
            if (forces.get(i).store == store) {
                return forces.get(i);
            }
        }
        final StoreForces added = new StoreForces(store);
        forces.add(added);
        return added;
    }

    /** Stores of this node that have no room for clients' messages, as heartbeats are answered with. */
    int fullStores() {
        if (nowNs - storesAskedNs >= config.heartbeatIntervalNs()) {
            storesAskedNs = nowNs;
            fullStores = 0;
            for (final StoreForces one : forces) {
                fullStores |= one.store.usage().publishRoomBytes() == 0 ? fullBit(one) : 0;
            }
        }
        return fullStores;
    }

    /** What {@link #fullStores} of a node says if its store of that kind is full. */
    static int fullBit(final StoreForces forces) {
        return forces.keepsBallots ? NodeFrame.HeartbeatReply.DURABLE : NodeFrame.HeartbeatReply.VOLATILE;
    }

    /** The group gets a turn: in this duty cycle if it is not having one, and not too many others are before it. */
    void wake(final RaftGroup group) {
        if (!group.isAwake && !group.isStopped()) {
            group.isAwake = true;
            awake.add(group);
        }
    }

    /** The states of that group's members are compared when it is time. */
    void compareLater(final RaftGroup group) {
        if (!group.stateCheck().isDue()) {
            group.stateCheck().due(true);
            if (toCompare.isEmpty()) {
                compareAtNs = nowNs + config.stateCheckIntervalNs();
            }
            toCompare.add(group);
        }
    }

    /** A group's data is copied to where it is kept; null if there is no place for it. */
    CheckpointWriter beginSetAside(final RaftGroup group) {
        return context.setAside().begin(group.config.group(), group.config.name());
    }

    void forget(final RaftGroup group) {
        timers.remove(group);
        catchups.stopAll(group);
        groups.remove(group.id);
    }

    /** The group broke: it does nothing any more, and the others must not believe that it leads. */
    void onGroupStopped(final RaftGroup group, final RuntimeException error) {
        timers.remove(group);
        stoppedGroups.add(group);
        Invariant.check(error != null, "a group stops for a reason");
    }

    void onPeerSilent(final Peer peer) {
        groups.forEach(group -> group.onPeerSilent(peer, nowNs));
    }

    void onPeerAnswers(final Peer peer, final boolean answers, final boolean restarted) {
        groups.forEach(group -> group.onPeerAnswers(peer, answers, restarted, nowNs));
    }

    void checkQuorums() {
        groups.forEach(group -> group.checkQuorum(nowNs));
    }

    void info(final String line) {
        context.log().line(false, line);
    }

    void warn(final String line) {
        context.log().line(true, line);
    }

    // ------------------------------------------------------------------------------------------------------ private

    private int fireTimers() {
        int fired = 0;
        RaftGroup group = timers.first();
        while (group != null && nowNs - group.deadlineNs >= 0 && fired < TIMERS_PER_CYCLE_MAX) {
            group.onDeadline(nowNs);
            reschedule(group);
            Invariant.check(group.heapSlot < 0 || group.deadlineNs - nowNs > 0, "timer that does not move", group.id);
            fired++;
            group = timers.first();
        }
        return fired;
    }

    private int takeTurns() {
        int work = 0;
        for (int i = Math.min(TURNS_PER_CYCLE_MAX, awake.size()); i > 0; i--) {
            final RaftGroup group = awake.poll();
            group.isAwake = false;
            if (!group.isStopped()) {
                work += 1 + group.doWork(nowNs);
                reschedule(group);
            }
        }
        return work;
    }

    private void reschedule(final RaftGroup group) {
        timers.schedule(group, group.isStopped() ? Long.MAX_VALUE : group.nextDeadlineNs());
    }

    /** All groups that did something get a turn per interval, some of them per duty cycle. */
    private void compareStates() {
        if (comparing == 0 && nowNs - compareAtNs >= 0) {
            comparing = toCompare.size();
            compareAtNs = nowNs + config.stateCheckIntervalNs();
        }
        for (int i = 0; i < COMPARISONS_PER_CYCLE_MAX && comparing > 0; i++) {
            comparing--;
            final RaftGroup group = toCompare.poll();
            group.stateCheck().due(false);
            if (group.compareStates()) {
                group.stateCheck().due(true);
                toCompare.add(group);
            }
        }
    }
}
