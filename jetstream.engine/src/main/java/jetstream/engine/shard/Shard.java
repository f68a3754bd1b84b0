package jetstream.engine.shard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.store.Store;
import jetstream.engine.consumer.ConsumerBuffers;
import jetstream.engine.stream.AtomicBatches;

/**
 * All groups of this node: the member of the meta group, and the members of streams and consumers that it assigned
 * here. Opens and closes them as the meta group decides, collects what they propose, and drives consumers. Stepped by
 * its owner once per duty cycle ({@link #beforeConsensus}, then the consensus' own work, then {@link #afterConsensus}).
 */
public final class Shard {
    /** Time between two looks at what is only sometimes due: expiry, inactivity. Nanoseconds. */
    public static final long SLOW_TICK_NS = 100_000_000L;

    static final byte[] NO_BYTES = new byte[0];
    /** What another server must hear is told again after that time, until it has the effect it shall have. */
    static final long TOLD_AGAIN_NS = 1_000_000_000L;
    private static final int ROUNDS_MAX = 4;
    private static final int MOVES_MAX = 128;
    private static final long MOVE_STEP_NS = 20_000_000L;
    private static final int DECISIONS_MAX = 32;

    private final ShardSettings settings;
    private final ShardHost host;
    private final Consensus consensus;
    private final Store durable;
    private final Store volatileStore;
    private final MetaReplica meta;
    private final Replicas replicas;
    private final ArrayDeque<Runnable> decisions = new ArrayDeque<>();
    private final ConsumerBuffers consumerBuffers = new ConsumerBuffers();
    private final BatchPool batches = new BatchPool();
    private final AtomicBatches.OpenCount openBatches = new AtomicBatches.OpenCount();
    /** Streams led here for which time matters: most of ten thousand have nothing that could expire. */
    private final List<StreamReplica> timed = new ArrayList<>();
    private final List<StreamReplica> missing = new ArrayList<>();
    private final ArrayDeque<StreamReplica> proposing = new ArrayDeque<>();
    private final ArrayDeque<ConsumerReplica> ready = new ArrayDeque<>();
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final LinkedHashSet<Moving> moving = new LinkedHashSet<>();
    private final ForgottenGroups forgotten;
    private byte[] subjectScratch = new byte[4096];
    private long nowNs;
    private long nowEpochNs;
    private long slowTickNs;
    private boolean durableIsLow;
    private boolean volatileIsLow;
    private long moveNs;

    /** A shard over these stores; opens nothing by itself. */
    public Shard(final ShardSettings settings, final ShardHost host, final Consensus consensus, final Store durable,
            final Store volatileStore) {
        this.settings = settings;
        this.host = host;
        this.consensus = consensus;
        this.durable = durable;
        this.volatileStore = volatileStore;
        replicas = new Replicas(this, consensus, durable, volatileStore);
        forgotten = new ForgottenGroups(host);
        meta = new MetaReplica(this, new DecisionQueue(replicas, decisions));
    }

    /**
     * Opens the member of the meta group.
     *
     * @param voters first members of a new cluster; empty if the log knows them or a leader will tell
     * @param existed this node was a member before this process
     * @param learner this node joins, or comes back without its data (DESIGN D7)
     * @param newJoinedAt groups of assignments up to this meta index may have data that this node lost; 0 if none
     */
    public void openMeta(final List<NodeId> voters, final boolean existed, final boolean learner,
            final long newJoinedAt) {
        replicas.start(newJoinedAt);
        if (learner) {
            meta.joining();
        }
        final NodeId preferred = voters.isEmpty() ? null : voters.getFirst();
        meta.group(consensus.open(new GroupConfig(GroupId.META, "meta", durable, durable, voters, preferred, learner,
                (existed || learner) && voters.size() != 1), meta));
    }

    /** This node has caught up: groups of later assignments are complete here from their first entry. */
    public void joined(final long newJoinedAt) {
        replicas.joined(newJoinedAt);
    }

    /**
     * Fewer members of the meta group may decide for a while; as {@link Consensus#rescue}.
     *
     * @return why not; empty if it is so now
     */
    public String rescueMeta(final int quorum, final long durationNs) {
        return consensus.rescue(GroupId.META, quorum, durationNs);
    }

    /** This node's member of the meta group. */
    public MetaReplica meta() {
        return meta;
    }

    /** A stream with a member on this node; null if there is none. */
    public StreamReplica stream(final String account, final String name) {
        return replicas.stream(account, name);
    }

    /** All streams with members on this node. */
    public Collection<StreamReplica> streams() {
        return replicas.streams();
    }

    /** Streams of an account with members on this node. */
    public Collection<StreamReplica> streams(final String account) {
        return replicas.streams(account);
    }

    /** Whether every decision of the meta group that was applied here has been acted upon. */
    public boolean isSettled() {
        return decisions.isEmpty();
    }

    /** What it was set up with. */
    public ShardSettings settings() {
        return settings;
    }

    ShardHost host() {
        return host;
    }

    ConsumerBuffers consumerBuffers() {
        return consumerBuffers;
    }

    AtomicBatches.OpenCount openBatches() {
        return openBatches;
    }

    BatchPool batches() {
        return batches;
    }

    long nowEpochNs() {
        return nowEpochNs;
    }

    long nowNs() {
        return nowNs;
    }

    /** Whether the store of that group has no room for clients' messages, as of the last slow tick. */
    boolean isLowOnRoom(final GroupId group) {
        return (group.value() & 1) == 1 ? volatileIsLow : durableIsLow;
    }

    byte[] subjectScratch(final int length) {
        if (subjectScratch.length < length) {
            subjectScratch = new byte[length];
        }
        return subjectScratch;
    }

    void markProposing(final StreamReplica stream) {
        proposing.add(stream);
    }

    /** The stream is told the time by slow ticks, until it has no more use for it. */
    void tellTime(final StreamReplica stream) {
        timed.add(stream);
    }

    /** Members that came back without their memory. */
    ForgottenGroups forgotten() {
        return forgotten;
    }

    void misses(final StreamReplica stream) {
        missing.add(stream);
    }

    void forget(final StreamReplica stream) {
        timed.remove(stream);
        missing.remove(stream);
    }

    /** The members of that replica's group may have to change. */
    void moves(final Moving replica) {
        if (replica.isMoving()) {
            moving.add(replica);
        }
    }

    void markReady(final ConsumerReplica consumer) {
        ready.add(consumer);
    }

    void deadline(final long deadlineNs, final ConsumerReplica consumer) {
        deadlines.add(deadlineNs, consumer);
    }

    /** Sets the time of this duty cycle; before anything else in it. */
    public void time(final long monotonicNs, final long epochNs) {
        nowNs = monotonicNs;
        nowEpochNs = epochNs;
    }

    /** Proposes what came in. Returns the amount of work done. */
    public int beforeConsensus() {
        int work = 0;
        // Asked each time, it costs two reads: what one duty cycle brings must not use up what is kept for deletes.
        volatileIsLow = volatileStore.usage().publishRoomBytes() == 0;
        for (int i = proposing.size(); i > 0; i--) {
            proposing.poll().propose();
            work++;
        }
        return work;
    }

    /**
     * In a store without room. Dead messages are held as history until a checkpoint lets it go: that is now. And
     * publishers are refused here while a member elsewhere could take their messages: it shall lead.
     */
    private void makeRoom() {
        if (!durableIsLow && !volatileIsLow) {
            return;
        }
        int handed = 0;
        for (final StreamReplica stream : replicas.streams()) {
            if (isLowOnRoom(stream.assignment().group())) {
                stream.group().checkpoint();
                handed += handed < MOVES_MAX && stream.leaveToRoom() ? 1 : 0;
            }
        }
    }

    /** Delivers, and proposes what deliveries and timers bring. Returns the amount of work done. */
    public int afterConsensus() {
        int decided = 0;
        for (; decided < DECISIONS_MAX && !decisions.isEmpty(); decided++) {
            decisions.poll().run();
        }
        while (deadlines.nextNs() - nowNs <= 0) {
            deadlines.poll().onDeadline();
        }
        int work = decided;
        for (int round = 0; round < ROUNDS_MAX && !ready.isEmpty(); round++) {
            for (int i = ready.size(); i > 0; i--) {
                work += ready.poll().work();
            }
        }
        if (nowNs - slowTickNs >= SLOW_TICK_NS) {
            slowTickNs = nowNs;
            durableIsLow = durable.usage().publishRoomBytes() == 0;
            volatileIsLow = volatileStore.usage().publishRoomBytes() == 0;
            makeRoom();
            timed.removeIf(stream -> !stream.tick(nowNs, nowEpochNs));
            missing.removeIf(stream -> !stream.awaitMissing(nowNs));
            forgotten.tick(nowNs);
            if (replicas.isSweepWanted() && decisions.isEmpty() && meta.isLive()) {
                replicas.sweep();
            }
        }
        if (!moving.isEmpty() && nowNs - moveNs >= MOVE_STEP_NS) {
            moveNs = nowNs;
            moveMembers();
        }
        work += beforeConsensus();
        return work + ready.size();
    }

    /** Lets the groups whose members change take a step, those first that waited longest. */
    private void moveMembers() {
        moving.removeIf(replica -> !replica.isMoving());
        for (int i = Math.min(MOVES_MAX, moving.size()); i > 0; i--) {
            final Moving first = moving.removeFirst();
            first.move();
            moving.add(first);
        }
    }

    /** When {@link #afterConsensus} must be called even if nothing happens; monotonic nanoseconds. */
    public long nextDeadlineNs() {
        final boolean isSlow =
                !timed.isEmpty() || !missing.isEmpty() || !forgotten.isEmpty() || replicas.isSweepWanted();
        final long slow = isSlow ? slowTickNs + SLOW_TICK_NS : Long.MAX_VALUE;
        final long consumers =
                Math.min(deadlines.nextNs(), moving.isEmpty() ? Long.MAX_VALUE : moveNs + MOVE_STEP_NS);
        return !ready.isEmpty() || !proposing.isEmpty() || !decisions.isEmpty() ? nowNs : Math.min(slow, consumers);
    }

    /** Closes all replicas without deleting anything. */
    public void close() {
        replicas.close();
    }
}
