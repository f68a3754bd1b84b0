package jetstream.engine.shard;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jetstream.api.NodeId;
import jetstream.api.config.Discard;
import jetstream.api.config.Retention;
import jetstream.api.config.StreamConfig;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.engine.Outbox;
import jetstream.engine.json.StreamConfigJson;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.stream.AtomicBatches;
import jetstream.engine.stream.DeleteMarker;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.PublishDraft;
import jetstream.engine.stream.PublishLayout;
import jetstream.engine.stream.RemovalReason;
import jetstream.engine.stream.Republisher;
import jetstream.engine.stream.StreamEngine;
import jetstream.engine.stream.StreamEntries;
import jetstream.engine.stream.StreamIngest;
import jetstream.engine.stream.StreamListener;

/**
 * One member of a stream's group: its engine, its consensus group, and, while it leads, the publishers that wait for an
 * answer. Owner: the shard thread.
 *
 * <p>Publishes are collected in one batch per duty cycle and proposed together; an answer leaves when its entry is
 * applied (no leader, no acks).
 */
public final class StreamReplica implements Applier, StreamListener, Moving {
    private static final int WAITING_MAX = 100_000;
    /** What a message takes beside its own bytes, at most. */
    private static final int FOOTPRINT_MAX = 34;
    private static final int UNPROPOSED_BYTES_MAX = 64 << 20;

    private final Shard shard;
    private final Outbox outbox;
    private final StreamEngine engine;
    private final StreamIngest ingest;
    private final AtomicBatches batches;
    private final PublishAnswers answers;
    private final Seat seat;
    private final MemberMove members;
    private final Map<String, ConsumerReplica> consumers = new LinkedHashMap<>();
    private final Map<Long, BiConsumer<ApiFailure, Long>> waiting = new HashMap<>();
    private final PublishDraft draft = new PublishDraft();
    private final DeleteMarker markers;
    private final Republisher republisher;
    private final MessageView stored = new MessageView();
    private final RemovalRanges removals = new RemovalRanges();
    private final Leftovers leftovers;
    private final MissingRecord missing = new MissingRecord();
    private StreamAssignment assignment;
    private EntryBatch batch;
    private boolean isTimed;
    private long timeProposedNs;
    private long settledToldNs;

    StreamReplica(final Shard shard, final StreamAssignment assignment, final GroupLog log) {
        this.shard = shard;
        this.assignment = assignment;
        outbox = shard.host().outbox(assignment.account());
        engine = new StreamEngine(assignment.config(), assignment.createdEpochNs(), log, this,
                this::decodeConfig);
        ingest = new StreamIngest(engine);
        batches = new AtomicBatches(shard.openBatches(),
                (id, reason) -> shard.host().onBatchAbandoned(this, id, reason));
        markers = new DeleteMarker(engine);
        republisher = new Republisher(engine, outbox);
        leftovers = new Leftovers(this);
        answers = new PublishAnswers(shard, outbox, assignment.name());
        seat = new Seat(shard);
        members = new MemberMove(shard, this::mayLeave);
        settledToldNs = shard.nowNs() - Shard.TOLD_AGAIN_NS;
    }

    /** The meta group's object, if it says the same: of ten thousand streams most have one configuration for life. */
    private StreamConfig decodeConfig(final byte[] json) {
        final StreamConfig decoded = StreamConfigJson.decode(json);
        return decoded.equals(assignment.config()) ? assignment.config() : decoded;
    }

    void group(final ConsensusGroup opened) {
        seat.group(opened);
    }

    /** What the meta group decided about it. */
    public StreamAssignment assignment() {
        return assignment;
    }

    /** Its consensus group. */
    public ConsensusGroup group() {
        return seat.group();
    }

    /** Its state machine; read only. */
    public StreamEngine engine() {
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

    /** Consumers whose groups have a member here. */
    public Collection<ConsumerReplica> consumers() {
        return consumers.values();
    }

    /** A consumer with a member here; null if there is none of that name. */
    public ConsumerReplica consumer(final String name) {
        return consumers.get(name);
    }

    void add(final ConsumerReplica consumer) {
        consumers.put(consumer.assignment().name(), consumer);
    }

    void remove(final ConsumerReplica consumer) {
        consumers.remove(consumer.assignment().name(), consumer);
        suspectLeftovers();
    }

    /** A consumer's state came as an image: which acks are in it nobody told. */
    void onConsumerRestored() {
        suspectLeftovers();
    }

    /** No consumer needs that message any more. */
    void removeDone(final long seq) {
        removals.add(seq);
        shard.markProposing(this);
    }

    // ---- publishing

    /**
     * Takes a publish. The bytes are copied. The answer, if {@code replyLength} is above 0, goes to the reply subject
     * when the message is stored, or at once if it is refused early.
     */
    public void publish(final byte[] subject, final int subjectLength, final byte[] reply, final int replyLength,
            final ByteBuffer body, final int offset, final int headersLength, final int totalLength) {
        if (!isLeader()) {
            return; // the subscription ends in this cycle; the publisher's request is answered by nobody, as agreed
        }
        draft.subject(subject, subjectLength).headers(body, offset, headersLength)
                .payload(body, offset + headersLength, totalLength - headersLength);
        if (engine.config().allowAtomic() && batches.concerns(draft)) {
            publishBatched(reply, replyLength);
            return;
        }
        final ApiFailure refusal = refusal();
        if (refusal != null) {
            answers.refused(reply, replyLength, refusal);
            return;
        }
        StreamEntries.publish(openBatch(), shard.nowEpochNs(), flags(draft.subject(), draft.subjectLength()), draft);
        answers.add(reply, engine.config().noAck() ? 0 : replyLength);
    }

    private void publishBatched(final byte[] reply, final int replyLength) {
        final ApiFailure refusal = batches.take(draft, shard.nowNs());
        wantTime(); // an open batch is dropped after a while, and nothing is applied meanwhile
        if (refusal != null) {
            answers.refused(reply, replyLength, refusal);
        } else if (batches.complete() == null) {
            answers.taken(reply, replyLength);
        } else {
            proposeComplete(batches.complete(), reply, replyLength);
        }
    }

    private void proposeComplete(final AtomicBatches.Open complete, final byte[] reply, final int replyLength) {
        for (int i = 0; i < complete.count(); i++) {
            complete.draft(i, draft);
            final ApiFailure refusal = refusal();
            if (refusal != null) {
                answers.refused(reply, replyLength, refusal);
                return;
            }
        }
        for (int i = 0; i < complete.count(); i++) {
            complete.draft(i, draft);
            ingest.check(draft);
            StreamEntries.batched(openBatch(), shard.nowEpochNs(), flags(draft.subject(), draft.subjectLength()),
                    i + 1, complete.count(), draft);
            if (i + 1 < complete.count()) {
                answers.addNobody();
            }
        }
        answers.add(reply, engine.config().noAck() ? 0 : replyLength);
    }

    /** Why the draft can not be proposed here and now; null if it can. */
    private ApiFailure refusal() {
        if (answers.count() >= WAITING_MAX || batch != null && batch.length() > UNPROPOSED_BYTES_MAX) {
            return ApiError.STREAM_TOO_MANY_REQUESTS.failure();
        }
        final ApiFailure byRules = ingest.check(draft);
        return byRules == null && shard.isLowOnRoom(assignment.group())
                ? ApiError.INSUFFICIENT_RESOURCES.failure() : byRules;
    }

    /**
     * Takes a message of a mirror's origin, as {@link jetstream.engine.stream.OriginCopier} has prepared it. The bytes
     * are copied.
     *
     * @return false if this member does not lead, or has no room for it now: to be offered again
     */
    public boolean copy(final long originSeq, final long originEpochNs, final PublishDraft prepared) {
        if (!hasRoomFor(prepared)) {
            return false;
        }
        StreamEntries.copy(openBatch(), shard.nowEpochNs(), originSeq, originEpochNs, prepared);
        answers.addNobody();
        return true;
    }

    /** Takes a message of a source; otherwise like {@link #copy}. */
    public boolean take(final PublishDraft prepared) {
        if (!hasRoomFor(prepared)) {
            return false;
        }
        final byte interest = flags(prepared.subject(), prepared.subjectLength());
        StreamEntries.publish(openBatch(), shard.nowEpochNs(), (byte) (interest | PublishLayout.TRUSTED), prepared);
        answers.addNobody();
        return true;
    }

    /** A full stream that discards new messages would refuse a copy, which would be lost then. */
    private boolean hasRoomFor(final PublishDraft copy) {
        if (!isLeader() || answers.count() >= WAITING_MAX || batch != null && batch.length() > UNPROPOSED_BYTES_MAX
                || shard.isLowOnRoom(assignment.group())) {
            return false;
        }
        final StreamConfig config = engine.config();
        return config.discard() != Discard.NEW || config.maxMsgs() <= 0 && config.maxBytes() <= 0
                || answers.count() == 0 && !engine.isFull(FOOTPRINT_MAX + copy.subjectLength() + copy.headersLength()
                        + copy.payloadLength());
    }

    private byte flags(final byte[] subject, final int subjectLength) {
        if (engine.config().retention() != Retention.INTEREST || hasInterest(subject, subjectLength)) {
            return 0;
        }
        return PublishLayout.NO_INTEREST;
    }

    private boolean hasInterest(final byte[] subject, final int subjectLength) {
        for (final ConsumerReplica consumer : consumers.values()) {
            if (consumer.wants(subject, subjectLength)) {
                return true;
            }
        }
        return false;
    }

    private EntryBatch openBatch() {
        if (batch == null) {
            batch = shard.batches().take();
            shard.markProposing(this);
        }
        return batch;
    }

    /** Proposes what this duty cycle collected. */
    void propose() {
        proposeRemovals();
        if (batch == null) {
            return;
        }
        if (!isLeader()) {
            dropBatch();
            return;
        }
        final long first = seat.group().propose(batch);
        if (first > 0) {
            answers.assign(first);
            releaseBatch();
        } else if (first == ConsensusGroup.NO_ROOM) {
            refusePublishes();
        } else if (seat.group().isLeader()) {
            shard.markProposing(this); // the group is full for the moment: again in the next cycle
        } else {
            dropBatch();
        }
    }

    /** The store is full: publishers are told; what removes messages waits for the next slow tick. */
    private void refusePublishes() {
        final EntryBatch kept = shard.batches().take();
        final ByteBuffer source = batch.buffer();
        for (int at = batch.offset(); at < batch.limit(); at += EntryLayout.entryLength(source, at)) {
            if (EntryLayout.type(source, at) == StreamEntries.PUBLISH) {
                answers.refuseUnassigned(ApiError.INSUFFICIENT_RESOURCES.failure());
            } else {
                answers.dropUnassigned();
                kept.append(source, at, EntryLayout.entryLength(source, at));
            }
        }
        releaseBatch();
        for (int i = 0; i < kept.count(); i++) {
            answers.addNobody();
        }
        if (kept.isEmpty()) {
            shard.batches().give(kept);
        } else {
            batch = kept;
            wantTime();
        }
    }

    /** Hands the lead over if this node's store is full and others have room. True if it has begun to. */
    boolean leaveToRoom() {
        return seat.leaveToRoom();
    }

    private void dropBatch() {
        answers.clear();
        releaseBatch();
    }

    private void releaseBatch() {
        shard.batches().give(batch);
        batch = null;
    }

    // ---- requests of the API

    /**
     * Proposes the deletion of a message.
     *
     * @param then told when applied: a failure or null, and 0
     */
    public boolean deleteMessage(final long seq, final boolean erase, final BiConsumer<ApiFailure, Long> then) {
        return request(b -> StreamEntries.deleteMessage(b, shard.nowEpochNs(), seq, erase), then);
    }

    /**
     * Proposes a purge.
     *
     * @param then told when applied: a failure or null, and the number of purged messages
     */
    public boolean purge(final byte[] filter, final long seq, final long keep,
            final BiConsumer<ApiFailure, Long> then) {
        return request(b -> StreamEntries.purge(b, shard.nowEpochNs(), filter, seq, keep), then);
    }

    private boolean request(final Consumer<EntryBatch> entry, final BiConsumer<ApiFailure, Long> then) {
        if (!isLeader()) {
            return false;
        }
        final EntryBatch single = shard.batches().take();
        propose(); // what was asked before comes before
        entry.accept(single);
        final long index = batch == null ? seat.group().propose(single) : -1;
        shard.batches().give(single);
        if (index > 0 && then != null) {
            waiting.put(index, then);
        }
        return index > 0;
    }

    /**
     * Time for expiry: proposes the time if something is due. Called by the shard's slow tick while this member leads.
     *
     * @return whether it wants to be told the time again
     */
    boolean tick(final long nowNs, final long nowEpochNs) {
        if (!isLeader()) {
            isTimed = false;
            return false;
        }
        if (batch != null) {
            shard.markProposing(this); // the store was full
        }
        batches.tick(nowNs);
        final long expiryEpochNs = engine.nextExpiryEpochNs();
        if (expiryEpochNs <= nowEpochNs && nowNs - timeProposedNs >= Shard.SLOW_TICK_NS) {
            timeProposedNs = nowNs;
            request(b -> StreamEntries.time(b, nowEpochNs), null);
        }
        if (leftovers.isSuspected() && shard.isSettled()
                && consumers.values().stream().allMatch(c -> c.engine().isStarted())) {
            leftovers.doWork();
        }
        isTimed = batch != null || batches.hasOpen() || expiryEpochNs != Long.MAX_VALUE || leftovers.isSuspected();
        return isTimed;
    }

    /** Something has happened: time may matter again. */
    private void wantTime() {
        if (!isTimed && isLeader()) {
            isTimed = true;
            shard.tellTime(this);
        }
    }

    private void suspectLeftovers() {
        leftovers.suspect();
        wantTime();
    }

    /** A consumer's member here has no more use for a message of a stream that keeps messages only until then. */
    void onConsumerDone(final long seq) {
        if (isLeader() && engine.config().retention() != Retention.LIMITS && !isWantedByOthers(seq)) {
            removeDone(seq);
        }
    }

    private boolean isWantedByOthers(final long seq) {
        if (engine.config().retention() == Retention.WORKQUEUE) {
            return false;
        }
        for (final ConsumerReplica consumer : consumers.values()) {
            if (consumer.concerns(seq) && consumer.needs(seq)) {
                return true;
            }
        }
        return false;
    }

    private void proposeRemovals() {
        if (removals.isEmpty() || !isLeader()) {
            removals.clear();
            return;
        }
        final EntryBatch target = openBatch();
        StreamEntries.remove(target, shard.nowEpochNs(), removals.ranges(), removals.count());
        answers.addNobody();
        removals.clear();
    }

    // ---- assignments

    /** The meta group changed the assignment, or somebody asked again for what is there. */
    void assign(final StreamAssignment now, final Origin who, final boolean created) {
        final boolean changed = !now.config().equals(assignment.config());
        assignment = now;
        seat.waits(who, created);
        if (!isLeader()) {
            return;
        }
        shard.moves(this);
        if (changed) {
            proposeConfig();
        } else {
            answerOrigin();
        }
    }

    void firstOrigin(final Origin who) {
        seat.waits(who, true);
    }

    private void proposeConfig() {
        final byte[] json = StreamConfigJson.encode(assignment.config());
        request(b -> StreamEntries.config(b, shard.nowEpochNs(), json), null);
    }

    private void answerOrigin() {
        final boolean isNew = seat.isNew();
        final Origin origin = seat.takeOrigin();
        if (origin.waits()) {
            shard.host().answerStream(this, origin, isNew);
        }
    }

    @Override
    public boolean isMoving() {
        return isLeader() && assignment.members().isMoving();
    }

    @Override
    public void move() {
        if (members.step(seat.group(), assignment.members())
                && shard.nowNs() - settledToldNs >= Shard.TOLD_AGAIN_NS) {
            settledToldNs = shard.nowNs();
            shard.host().onSettled(new MetaEntries.Settled(
                    new MetaEntries.ConsumerKey(assignment.account(), assignment.name(), ""), assignment.group(),
                    assignment.peers()));
        }
    }

    /** A consumer lives beside its stream: a node that can be reached keeps the stream until its consumers are gone. */
    private boolean mayLeave(final NodeId node) {
        return shard.meta().state().consumers(assignment.account(), assignment.name()).stream()
                .noneMatch(consumer -> consumer.members().holds(node));
    }

    /** Whether all those nodes hold this stream with a vote, as far as it is known here: they have its messages. */
    boolean isComplete(final List<NodeId> nodes) {
        return seat.group().report().members().stream().filter(GroupReport.Member::voter)
                .map(GroupReport.Member::node).toList().containsAll(nodes);
    }

    // ---- Applier

    @Override
    public void apply(final EntryView entry) {
        engine.apply(entry);
        wantTime();
    }

    @Override
    public void restore(final Checkpoint checkpoint) {
        engine.restore(checkpoint);
        missing.restored();
        if (engine.configBytes().length > 0) {
            shard.host().onStreamConfig(this);
        }
        consumers.values().forEach(ConsumerReplica::onStreamChanged);
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
        engine.suspend(condition == Condition.REPAIRING || condition == Condition.RESYNCING
                || condition == Condition.STOPPED);
        consumers.values().forEach(ConsumerReplica::wake);
        shard.host().onStreamCondition(this, condition, reason);
    }

    @Override
    public void onRole(final Role role, final long term, final NodeId knownLeader) {
        if (!seat.take(role, knownLeader)) {
            return;
        }
        final boolean leads = isLeader();
        answers.clear();
        batches.clear();
        if (!leads) {
            failWaiting();
        }
        shard.host().onLeadership(assignment.group(), term, leads);
        shard.host().onStreamRole(this, leads);
        if (leads) {
            suspectLeftovers();
            shard.moves(this);
            // A stream's log begins with its configuration, so that replicas never depend on what they were opened
            // with.
            if (engine.configBytes().length == 0 || !assignment.config().equals(engine.config())) {
                proposeConfig();
            } else {
                answerOrigin();
            }
        }
    }

    private void failWaiting() {
        waiting.clear(); // nobody knows what became of them: the requests time out
        if (batch != null) {
            releaseBatch();
        }
    }

    @Override
    public void onProposalsLost() {
        answers.clear();
        failWaiting();
    }

    // ---- StreamListener

    @Override
    public void onStored(final long index, final long seq, final EntryView entry) {
        if (isLeader()) {
            stored.entry().wrap(entry.buffer(), entry.offset());
            acknowledgeStored(index, seq, entry);
            republisher.onStored(stored.wrap(seq));
        }
        for (final ConsumerReplica consumer : consumers.values()) {
            consumer.onMessageStored(seq);
        }
    }

    private void acknowledgeStored(final long index, final long seq, final EntryView entry) {
        if ((entry.flags() & PublishLayout.BATCH) != 0) {
            if (PublishLayout.batchPosition(entry) == PublishLayout.batchCount(entry)) {
                answers.committed(index, seq, stored, (int) PublishLayout.batchCount(entry));
            }
        } else if (engine.config().allowMsgCounter()) {
            answers.counted(index, seq, stored);
        } else {
            answers.stored(index, seq, false);
        }
    }

    @Override
    public void onSkipped(final long index, final long seq) {
        answers.stored(index, seq, false);
    }

    @Override
    public void onDuplicate(final long index, final long originalSeq) {
        answers.stored(index, originalSeq, true);
    }

    @Override
    public void onRefused(final long index, final ApiFailure failure) {
        answers.refused(index, failure);
    }

    @Override
    public void onRemoved(final long seq, final RemovalReason reason) {
        for (final ConsumerReplica consumer : consumers.values()) {
            consumer.onRemoved(seq, reason);
        }
    }

    @Override
    public void onRemovedBelow(final long seq, final RemovalReason reason) {
        for (final ConsumerReplica consumer : consumers.values()) {
            consumer.onRemovedBelow(seq, reason);
        }
    }

    @Override
    public void onDamaged(final long index) {
        seat.group().damaged(index);
    }

    @Override
    public boolean onMissing(final long index) {
        if (assignment.members().isLone()) {
            onDamaged(index);
            return false;
        }
        if (missing.isNew(index, shard.nowNs())) {
            shard.misses(this);
        }
        return true;
    }

    /** Looks after a record that was missing. Returns whether it still is. */
    boolean awaitMissing(final long nowNs) {
        if (missing.isOverdue(nowNs) && seat.group().condition() == Condition.CURRENT) {
            missing.lost();
            onDamaged(missing.index());
        }
        if (engine.isReadable()) {
            missing.end();
            consumers.values().forEach(ConsumerReplica::wake);
        }
        return missing.isAwaited();
    }

    @Override
    public void onPurged(final long index, final long count, final ApiFailure failure) {
        answerWaiting(index, failure, count);
    }

    @Override
    public void onDeleted(final long index, final ApiFailure failure) {
        answerWaiting(index, failure, 0);
    }

    private void answerWaiting(final long index, final ApiFailure failure, final long count) {
        final BiConsumer<ApiFailure, Long> then = waiting.remove(index);
        if (then != null) {
            then.accept(failure, count);
        }
    }

    @Override
    public void onConfig(final long index, final StreamConfig config) {
        shard.host().onStreamConfig(this);
        if (isLeader()) {
            answerOrigin();
        }
    }

    @Override
    public void onMarkerDue(final long seq) {
        if (isLeader() && markers.propose(openBatch(), shard.nowEpochNs(), seq)) {
            answers.addNobody();
        }
    }

    void close() {
        if (batch != null) {
            releaseBatch();
        }
        if (seat.group() != null) { // else its store failed while the group was being opened
            seat.group().close();
        }
        if (seat.leave()) {
            shard.host().onStreamRole(this, false);
        }
        shard.host().onStreamClosed(this);
    }
}
