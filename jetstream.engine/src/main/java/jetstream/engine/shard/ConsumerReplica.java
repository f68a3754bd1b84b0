package jetstream.engine.shard;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.function.LongConsumer;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.engine.consumer.ClientMessage;
import jetstream.engine.consumer.ConsumerEngine;
import jetstream.engine.consumer.ConsumerIdentity;
import jetstream.engine.consumer.ConsumerListener;
import jetstream.engine.consumer.ConsumerPorts;
import jetstream.engine.consumer.ConsumerSettings;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.Origin;
import jetstream.engine.stream.RemovalReason;
import jetstream.engine.subject.FilterSet;

/**
 * One member of a consumer's group: its engine, its consensus group, and, while it leads, its place among the consumers
 * that have something to do. Owner: the shard thread.
 */
public final class ConsumerReplica implements Applier, Moving {
    private static final long NS = 1_000_000_000L;
    private static final long EXPIRY_TOLD_AGAIN_NS = 2 * NS;
    private static final long PROPOSED_AGAIN_NS = 5_000_000L;

    private final Shard shard;
    private final StreamReplica stream;
    private final ConsumerEngine engine;
    private ConsumerAssignment assignment;
    private FilterSet filter;
    private final Seat seat;
    private final MemberMove members;
    private EntryBatch held;
    private boolean isReady;
    private boolean isClosed;
    private boolean isReseatWanted;
    private boolean isRestartWanted;
    private long settledToldNs;
    private long queuedDeadlineNs = Long.MAX_VALUE;
    private long expiryToldNs;
    private Instant pauseUntil;
    private LongConsumer onReset;

    ConsumerReplica(final Shard shard, final StreamReplica stream, final ConsumerAssignment assignment) {
        this.shard = shard;
        this.stream = stream;
        this.assignment = assignment;
        seat = new Seat(shard);
        // A node may go once another leads; who holds its stream does not matter.
        members = new MemberMove(shard, node -> true);
        settledToldNs = shard.nowNs() - Shard.TOLD_AGAIN_NS;
        filter = FilterSet.of(assignment.config().filters());
        pauseUntil = assignment.config().pauseUntil();
        expiryToldNs = shard.nowNs() - EXPIRY_TOLD_AGAIN_NS;
        final ConsumerListener listener = new ConsumerEvents(this, shard.host().consumerListener(assignment));
        engine = new ConsumerEngine(
                new ConsumerIdentity(assignment.stream(), assignment.name(), assignment.createdEpochNs()),
                assignment.config(),
                new ConsumerPorts(stream.engine(), shard.host().outbox(assignment.account()), listener,
                        shard.consumerBuffers()),
                new ConsumerSettings(isReplicated(),
                        shard.settings().seed() ^ assignment.group().value(), shard.settings().domain(), "",
                        shard.settings().maxPayloadBytes(), ConsumerReplica::decode));
    }

    private static ConsumerConfig decode(final ByteBuffer json) {
        final byte[] bytes = new byte[json.remaining()];
        json.duplicate().get(bytes);
        return ConsumerConfigJson.decode(bytes);
    }

    private boolean isReplicated() {
        return assignment.members().holders().size() > 1;
    }

    void group(final ConsensusGroup opened) {
        seat.group(opened);
    }

    void firstOrigin(final Origin who) {
        seat.waits(who, true);
    }

    /** What the meta group decided about it. */
    public ConsumerAssignment assignment() {
        return assignment;
    }

    /** The member of its stream on this node. */
    public StreamReplica stream() {
        return stream;
    }

    /** Its consensus group. */
    public ConsensusGroup group() {
        return seat.group();
    }

    /** Its state machine. */
    public ConsumerEngine engine() {
        return engine;
    }

    /** Whether this member leads and serves. */
    public boolean isLeader() {
        return seat.isLeader();
    }

    /** The leader as known here; null if unknown. */
    public NodeId leader() {
        return seat.leader();
    }

    /** Since when this member leads, epoch nanoseconds. */
    public long leaderSinceEpochNs() {
        return seat.leaderSinceEpochNs();
    }

    /** Something happened that may let messages leave: it gets its turn in this duty cycle. */
    public void wake() {
        if (isLeader() && !isReady && !isClosed) {
            isReady = true;
            shard.markReady(this);
        }
    }

    /** A pull request arrived. */
    public void pull(final ClientMessage message) {
        engine.onPullRequest(message, shard.nowNs());
        wake();
    }

    /** An acknowledgement arrived. */
    public void ack(final ClientMessage message) {
        engine.onAck(message, shard.nowNs(), shard.nowEpochNs());
        wake();
    }

    /** An answer to a flow control request arrived. */
    public void flowControl(final ClientMessage message) {
        engine.onFlowControl(message);
        wake();
    }

    /**
     * Proposes to start again at a sequence; 0: behind what is acknowledged.
     *
     * @param then told the sequence when it is done
     * @return why not; null if it was proposed
     */
    public ApiFailure reset(final long seq, final LongConsumer then) {
        final EntryBatch batch = shard.batches().take();
        final ApiFailure failure = engine.proposeReset(seq, shard.nowEpochNs(), batch);
        if (failure == null && seat.group().propose(batch) > 0) {
            onReset = then;
        }
        shard.batches().give(batch);
        return failure;
    }

    /** The push target has receivers, or has none any more. */
    public void interest(final boolean hasInterest) {
        engine.onInterest(hasInterest, shard.nowNs());
        wake();
    }

    void onMessageStored(final long seq) {
        if (isLeader()) {
            engine.onMessageStored(seq);
            wake();
        }
    }

    void onRemoved(final long seq, final RemovalReason reason) {
        engine.onRemoved(seq, reason);
        wake();
    }

    void onRemovedBelow(final long seq, final RemovalReason reason) {
        engine.onRemovedBelow(seq, reason);
        wake();
    }

    /** The stream was replaced by an image: what the leader counted and looked up before is out of date. */
    void onStreamChanged() {
        if (isLeader()) {
            isReseatWanted = true;
            isRestartWanted = true;
            wake();
        }
    }

    /** Whether a message with that subject would be delivered. */
    boolean wants(final byte[] subject, final int length) {
        return filter.isAll() || filter.matches(ByteBuffer.wrap(subject, 0, length), 0, length);
    }

    /** Whether a live message is one that the consumer delivers. */
    boolean concerns(final long seq) {
        return stream.engine().isMatch(filter, seq);
    }

    /** Whether the consumer still needs a stored message. */
    boolean needs(final long seq) {
        return engine.needs(seq);
    }

    void onDeadline() {
        queuedDeadlineNs = Long.MAX_VALUE;
        wake();
    }

    /** Delivers and proposes. Returns the amount of work done. */
    int work() {
        isReady = false;
        if (!isLeader() || isClosed || !stream.engine().isReadable()) {
            return 0; // woken again when the stream is whole
        }
        if (held != null && !proposeHeld()) {
            proposeLater();
            return 0;
        }
        if (isReseatWanted) {
            reseat();
            return 1;
        }
        final EntryBatch batch = shard.batches().take();
        final boolean more = engine.deliver(shard.nowNs(), shard.nowEpochNs(), batch);
        held = batch;
        final boolean proposed = proposeHeld();
        if (engine.isExpired(shard.nowNs()) && shard.nowNs() - expiryToldNs >= EXPIRY_TOLD_AGAIN_NS) {
            expiryToldNs = shard.nowNs(); // told again, since the meta leader may have changed before it decided
            shard.host().onConsumerExpired(this);
        }
        if (!proposed) {
            proposeLater();
        } else if (more) {
            wake();
        }
        queueDeadline(engine.nextDeadlineNs());
        return 1;
    }

    private boolean proposeHeld() {
        final long first = held.isEmpty() ? 0 : seat.group().propose(held);
        if (first >= 0 || !seat.group().isLeader()) {
            shard.batches().give(held);
            held = null;
            return true;
        }
        if (first == ConsensusGroup.NO_ROOM) {
            seat.leaveToRoom();
        }
        return false; // the group can take nothing for the moment
    }

    /** Its window is full, and it is woken when an entry is applied; or its store, and nobody would wake it. */
    private void proposeLater() {
        queueDeadline(shard.nowNs() + PROPOSED_AGAIN_NS);
    }

    private void queueDeadline(final long deadlineNs) {
        if (deadlineNs != Long.MAX_VALUE && (queuedDeadlineNs == Long.MAX_VALUE || deadlineNs - queuedDeadlineNs < 0)) {
            queuedDeadlineNs = deadlineNs;
            shard.deadline(deadlineNs, this);
        }
    }

    /** The meta group changed the assignment, or somebody asked again for what is there. */
    void assign(final ConsumerAssignment now, final Origin who) {
        final boolean changed = !now.config().equals(assignment.config());
        final boolean wasReplicated = isReplicated();
        assignment = now;
        seat.waits(who, false);
        if (isReplicated() != wasReplicated) {
            isReseatWanted = true;
        }
        if (!isLeader()) {
            return;
        }
        shard.moves(this);
        wake();
        if (changed) {
            proposeConfig();
        } else {
            answerOrigin();
        }
    }

    @Override
    public boolean isMoving() {
        return isLeader() && !isClosed && assignment.members().isMoving();
    }

    /** Its new nodes must have the stream's messages before they can deliver any: the stream moves first. */
    @Override
    public void move() {
        if (stream.isComplete(assignment.peers()) && members.step(seat.group(), assignment.members())
                && shard.nowNs() - settledToldNs >= Shard.TOLD_AGAIN_NS) {
            settledToldNs = shard.nowNs();
            shard.host().onSettled(new MetaEntries.Settled(
                    new MetaEntries.ConsumerKey(assignment.account(), assignment.stream(), assignment.name()),
                    assignment.group(), assignment.peers()));
        }
    }

    /**
     * Whether deliveries wait for their entry depends on there being other members. That changes only when nothing is
     * under way; and only then may a leader start anew where its ledger stands, because its stream is another one: what
     * it has proposed is still going to be applied.
     */
    private void reseat() {
        final EntryBatch batch = shard.batches().take();
        final boolean isDrained = engine.drain(shard.nowNs(), shard.nowEpochNs(), batch);
        held = batch;
        final GroupReport report = proposeHeld() ? seat.group().report() : null;
        if (isDrained && report != null && report.appliedIndex() == report.lastIndex()) {
            isReseatWanted = false;
            if (isRestartWanted) {
                isRestartWanted = false;
                engine.onFollower();
                engine.onLeader(shard.nowNs(), shard.nowEpochNs());
            }
            engine.replicated(isReplicated());
        }
        if (report == null) {
            proposeLater();
        } else if (!isReseatWanted || !isDrained) {
            wake(); // else woken when the last entry is applied
        }
    }

    private void proposeConfig() {
        final EntryBatch batch = shard.batches().take();
        final ConsumerConfig wanted = assignment.config();
        if (!withoutPause(wanted).equals(withoutPause(engine.config()))) {
            engine.proposeConfig(ConsumerConfigJson.encode(wanted), shard.nowEpochNs(), batch);
        }
        if (!Objects.equals(wanted.pauseUntil(), pauseUntil)) {
            final Instant until = wanted.pauseUntil();
            engine.proposePause(until == null ? 0 : until.getEpochSecond() * NS + until.getNano(), shard.nowEpochNs(),
                    batch);
            pauseUntil = until;
        }
        if (batch.isEmpty()) {
            answerOrigin();
        } else {
            seat.group().propose(batch);
        }
        shard.batches().give(batch);
    }

    private static ConsumerConfig withoutPause(final ConsumerConfig config) {
        return config.toBuilder().pauseUntil(null).build();
    }

    void onResetApplied(final long resetSeq) {
        if (isLeader() && onReset != null) {
            onReset.accept(resetSeq);
        }
        onReset = null;
    }

    /** A pause or its end is in force on this member. */
    void onPauseApplied() {
        if (isLeader()) {
            answerOrigin();
        }
    }

    /** A new configuration is in force on this member. */
    void onConfigApplied() {
        filter = FilterSet.of(engine.config().filters());
        if (isLeader()) {
            answerOrigin();
        }
    }

    private void answerOrigin() {
        if (!engine.isStarted()) {
            return; // answered when the first entry, which says where delivery starts, is applied
        }
        final Origin origin = seat.takeOrigin();
        if (origin.waits()) {
            shard.host().answerConsumer(this, origin);
        }
    }

    /** The consumer was deleted: whoever waits is told. */
    void onDeleted() {
        if (isLeader()) {
            engine.onDeleted();
        }
    }

    // ---- Applier

    @Override
    public void apply(final EntryView entry) {
        final boolean wasStarted = engine.isStarted();
        engine.apply(entry);
        seat.group().log().free(entry.index(), entry.index());
        if (isLeader() && !wasStarted && engine.isStarted()) {
            answerOrigin();
        }
        wake();
    }

    @Override
    public void restore(final Checkpoint checkpoint) {
        engine.restore(checkpoint);
        stream.onConsumerRestored();
    }

    @Override
    public void writeCheckpoint(final CheckpointWriter out) {
        engine.writeCheckpoint(out);
    }

    @Override
    public long stateHash() {
        return engine.stateHash();
    }

    @Override
    public void onCondition(final Condition condition, final String reason) {
        shard.host().onConsumerCondition(this, condition, reason);
    }

    @Override
    public void onRole(final Role role, final long term, final NodeId knownLeader) {
        if (!seat.take(role, knownLeader)) {
            return;
        }
        shard.host().onLeadership(assignment.group(), term, isLeader());
        if (isLeader()) {
            isReseatWanted = false;
            isRestartWanted = false;
            engine.replicated(isReplicated());
            engine.onLeader(shard.nowNs(), shard.nowEpochNs());
            shard.host().onConsumerRole(this, true);
            shard.moves(this);
            proposeConfig();
            wake();
        } else {
            shard.host().onConsumerRole(this, false);
            engine.onFollower();
            dropHeld();
        }
    }

    private void dropHeld() {
        if (held != null) {
            shard.batches().give(held);
            held = null;
        }
    }

    void close() {
        isClosed = true;
        if (seat.group() != null) {
            seat.group().close();
        }
        if (seat.leave()) {
            shard.host().onConsumerRole(this, false);
        }
        dropHeld();
        shard.host().onConsumerClosed(this);
    }
}
