package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.Invariant;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.engine.stream.RemovalReason;

/**
 * A consumer: the state machine of its group, and on the leader the delivery. Pure: time comes as an argument,
 * randomness from a seed, messages leave through the outbox (DESIGN D2 to D4). Owner: the shard thread.
 *
 * <p>How a member is driven: entries are given to {@link #apply} in order; on the leader {@link #deliver} is called
 * in every duty cycle in which a message was stored, an entry applied, a client's message taken, or {@link
 * #nextDeadlineNs} reached. What it proposes must be appended in order before the next call; if the group can take
 * nothing now, the caller keeps the batch and does not call {@link #deliver} until it could. If leadership is lost,
 * {@link #onFollower} forgets the rest.
 */
public final class ConsumerEngine {
    private static final int IMAGE_VERSION = 1;
    /** Reason of the advisory when a message that waits was deleted. */
    static final String DELETED_REASON = "Unacknowledged message was deleted";
    private static final String LIMITS_REASON = "Message deleted by stream limits";

    private final ConsumerIdentity identity;
    private final ConsumerPorts ports;
    private ConsumerSettings settings;
    private final ConsumerLedger ledger;
    private ConsumerRules rules;
    private ConsumerLeader leader;
    private byte[] configBytes = {};
    private boolean isPauseKnown;
    private long pauseEndNs = Long.MAX_VALUE;

    /** A consumer that has delivered nothing yet; the configuration has been checked. */
    public ConsumerEngine(final ConsumerIdentity identity, final ConsumerConfig config, final ConsumerPorts ports,
            final ConsumerSettings settings) {
        this.identity = identity;
        this.ports = ports;
        this.settings = settings;
        ledger = new ConsumerLedger(ports.listener());
        rules = new ConsumerRules(config);
        ledger.pauseUntil(rules.pauseUntilEpochNs());
    }

    /** Which consumer this is. */
    public ConsumerIdentity identity() {
        return identity;
    }

    /** The configuration in force. */
    public ConsumerConfig config() {
        return rules.config;
    }

    /** Whether this member leads. */
    public boolean isLeader() {
        return leader != null;
    }

    /**
     * Whether the first entry, where delivery starts, is applied: until then a create request should not be answered.
     */
    public boolean isStarted() {
        return ledger.isStarted();
    }

    // The replicated state.

    /** Applies a committed entry of this group; the only way in which replicated state changes. */
    public void apply(final EntryView entry) {
        switch (entry.type()) {
            case ConsumerEntries.START -> applyStart(entry);
            case ConsumerEntries.DELIVERED -> applyDelivered(entry);
            case ConsumerEntries.ACKED -> applyAcked(entry);
            case ConsumerEntries.SCANNED -> ledger.applyScanned(entry);
            case ConsumerEntries.RESET -> applyReset(entry);
            case ConsumerEntries.PAUSED -> applyPaused(entry);
            case ConsumerEntries.REQUESTS -> ledger.applyRequests(entry);
            case ConsumerEntries.CONFIG -> applyConfig(entry);
            default -> Invariant.check(false, "type of a consumer entry", entry.type());
        }
    }

    private void applyStart(final EntryView entry) {
        ledger.applyStart(entry);
        if (leader != null) {
            leader.onStarted();
        }
    }

    private void applyDelivered(final EntryView entry) {
        final int count = ledger.applyDelivered(entry);
        if (leader != null) {
            leader.onDeliveredApplied(count);
        }
    }

    private void applyAcked(final EntryView entry) {
        ledger.applyAcked(entry, leader != null);
        if (leader != null) {
            leader.acks().onApplied();
        }
    }

    private void applyReset(final EntryView entry) {
        final long next = ledger.applyReset(entry);
        if (leader != null) {
            leader.onReset();
            ports.listener().onReset(next);
        }
    }

    private void applyPaused(final EntryView entry) {
        final long untilEpochNs = entry.buffer().getLong(entry.bodyOffset());
        ledger.pauseUntil(untilEpochNs);
        if (leader != null) {
            isPauseKnown = untilEpochNs > entry.timestampEpochNs();
            ports.listener().onPause(isPauseKnown, untilEpochNs);
        }
    }

    private void applyConfig(final EntryView entry) {
        final byte[] bytes = new byte[entry.bodyLength() - Long.BYTES];
        entry.buffer().get(entry.bodyOffset() + Long.BYTES, bytes);
        useConfig(bytes);
        ports.listener().onConfig();
    }

    private void useConfig(final byte[] bytes) {
        configBytes = bytes;
        final ConsumerRules older = rules;
        rules = new ConsumerRules(settings.configDecoder().apply(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
        final long untilEpochNs = rules.pauseUntilEpochNs();
        if (untilEpochNs != 0 && untilEpochNs != older.pauseUntilEpochNs()) {
            ledger.pauseUntil(untilEpochNs);
        }
        if (leader != null) {
            leader.rules(rules);
        }
    }

    /** Replaces the state by a checkpoint's. */
    public void restore(final Checkpoint checkpoint) {
        final ByteBuffer image = checkpoint.image().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        final RowReader in = new RowReader().wrap(image, 0, image.limit());
        final long version = in.fixed();
        Invariant.check(version == IMAGE_VERSION, "version of a consumer's checkpoint", version);
        final byte[] bytes = in.bytes();
        if (bytes.length > 0) {
            useConfig(bytes);
        }
        ledger.read(in);
        Invariant.check(!in.hasMore(), "rest of a consumer's checkpoint");
    }

    /** Writes the state; the caller commits. */
    public void writeCheckpoint(final CheckpointWriter out) {
        final RowWriter image = new RowWriter();
        image.bytes(configBytes, configBytes.length);
        ledger.write(image);
        final ByteBuffer version = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(version.putLong(0, IMAGE_VERSION));
        out.write(ByteBuffer.wrap(image.array(), 0, image.length()));
    }

    /** Hash of the replicated state: equal on all members at the same index. */
    public long stateHash() {
        return ledger.hash();
    }

    /**
     * Whether this consumer may still deliver a message or waits for its ack; for streams that keep messages only until
     * then. Does not look at the filters.
     */
    public boolean needs(final long streamSeq) {
        return !ledger.isStarted() || ledger.needs(streamSeq);
    }

    /** What consumer info shows; on the leader with what is proposed and not applied yet. */
    public ConsumerState state(final long nowEpochNs) {
        final ConsumerState applied = appliedState(nowEpochNs);
        return leader == null ? applied : leader.state(applied);
    }

    /** What this member has applied. */
    ConsumerState appliedState(final long nowEpochNs) {
        return new ConsumerState(ledger.deliveredConsumerSeq(), ledger.deliveredStreamSeq(), ledger.deliveredEpochNs(),
                ledger.floorConsumerSeq(), ledger.floorStreamSeq(), ledger.ackedEpochNs(), ledger.pending().size(),
                rules.deliveriesMax == 1 ? 0 : ledger.redelivered(), 0, 0, false,
                isPaused(nowEpochNs) ? ledger.pausedUntilEpochNs() : 0, "", 0);
    }

    private boolean isPaused(final long nowEpochNs) {
        return ledger.pausedUntilEpochNs() > nowEpochNs;
    }

    // Leadership.

    /**
     * This member leads now, and everything of older terms is applied. While {@link #isStarted} is false, this member
     * must also have applied the stream up to a read index: the first leader settles where delivery starts from what
     * it sees.
     */
    public void onLeader(final long nowNs, final long nowEpochNs) {
        leader = new ConsumerLeader(identity, ports, settings, ledger, rules);
        leader.active(nowNs);
        isPauseKnown = isPaused(nowEpochNs);
        if (ledger.isStarted()) {
            leader.position(nowNs, nowEpochNs);
        }
    }

    /** This member does not lead any more: what was proposed and not applied is forgotten. */
    public void onFollower() {
        leader = null;
    }

    /**
     * One duty cycle of delivery: sends what is committed, then picks messages and proposes their delivery. Bounded.
     *
     * @param proposals takes the entries to propose, behind what is there
     * @return whether there is more to do at once
     */
    public boolean deliver(final long nowNs, final long nowEpochNs, final EntryBatch proposals) {
        if (leader == null) {
            return false;
        }
        final boolean paused = isPaused(nowEpochNs);
        pauseEndNs = paused ? nowNs + (ledger.pausedUntilEpochNs() - nowEpochNs) : Long.MAX_VALUE;
        if (isPauseKnown && !paused) {
            ports.listener().onPause(false, ledger.pausedUntilEpochNs());
        }
        isPauseKnown = paused;
        return leader.deliver(nowNs, nowEpochNs, paused, proposals);
    }

    /**
     * The same without picking new messages: proposes what is left and sends what is committed.
     *
     * @return whether nothing is under way once everything proposed is applied
     */
    public boolean drain(final long nowNs, final long nowEpochNs, final EntryBatch proposals) {
        if (leader == null) {
            return true;
        }
        leader.deliver(nowNs, nowEpochNs, true, proposals);
        return proposals.isEmpty() && leader.isDrained();
    }

    /**
     * The group has more than one member from now on, or one only: deliveries wait for their entry, or do not. Called
     * on a leader only when it is drained.
     */
    public void replicated(final boolean isReplicated) {
        settings = settings.replicated(isReplicated);
        if (leader != null) {
            leader.settings(settings);
        }
    }

    /** When {@link #deliver} is due without any event; {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNs() {
        if (leader == null) {
            return Long.MAX_VALUE;
        }
        return Math.min(leader.nextDeadlineNs(), pauseEndNs);
    }

    /** Whether nobody used this consumer for its inactive threshold: it is to be deleted. Only the leader knows. */
    public boolean isExpired(final long nowNs) {
        return leader != null && leader.isInactive(nowNs);
    }

    // What happens on the leader; ignored elsewhere.

    /** The stream stored a message; called in sequence order. */
    public void onMessageStored(final long streamSeq) {
        if (leader != null) {
            leader.cursor().onStored(streamSeq);
        }
    }

    /** A message is gone from the stream; one that waits for an ack is terminated. */
    public void onRemoved(final long seq, final RemovalReason reason) {
        if (leader != null) {
            leader.onRemoved(seq, text(reason));
        }
    }

    /** All messages below a sequence are gone from the stream. */
    public void onRemovedBelow(final long seq, final RemovalReason reason) {
        if (leader != null) {
            leader.onRemovedBelow(seq, text(reason));
        }
    }

    private static String text(final RemovalReason reason) {
        return switch (reason) {
            case LIMIT, AGE -> LIMITS_REASON;
            case ROLLUP, PURGE, DELETE, DONE -> DELETED_REASON;
        };
    }

    /** Whether a push consumer's deliver subject has a subscriber. */
    public void onInterest(final boolean hasInterest, final long nowNs) {
        if (leader != null && !rules.pull) {
            leader.active(nowNs);
            leader.push().onInterest(hasInterest, nowNs);
        }
    }

    /** A client asks for messages ({@code CONSUMER.MSG.NEXT}). */
    public void onPullRequest(final ClientMessage message, final long nowNs) {
        if (leader != null) {
            leader.onPullRequest(message, 0, nowNs);
        }
    }

    /** A client acknowledges ({@code $JS.ACK.…}). */
    public void onAck(final ClientMessage message, final long nowNs, final long nowEpochNs) {
        if (leader == null) {
            return;
        }
        leader.active(nowNs);
        final int next = leader.acks().onAck(message, leader.lastDeliveredSeq(), nowNs, nowEpochNs);
        if (next >= 0) {
            leader.onPullRequest(message, next, nowNs);
        }
    }

    /** A client answers a flow control request ({@code $JS.FC.…}); with its headers. */
    public void onFlowControl(final ClientMessage message) {
        if (leader != null) {
            leader.onFlowControl(message);
        }
    }

    /** Nobody listens on a reply subject any more: its requests end silently. */
    public void onRequesterGone(final byte[] reply, final int length) {
        if (leader != null) {
            leader.pull().onRequesterGone(reply, length);
        }
    }

    /** The consumer is being deleted: tells the requests that wait, and delivers nothing any more. */
    public void onDeleted() {
        if (leader != null) {
            leader.pull().endAll(StatusWriter.CONSUMER_DELETED, false);
            leader = null;
        }
    }

    /** The server shuts down: tells the requests of a consumer without replicas. */
    public void onShutdown() {
        if (leader != null && !settings.replicated()) {
            leader.pull().endAll(StatusWriter.SERVER_SHUTDOWN, true);
            leader = null;
        }
    }

    /** Unpins the pinned client by request; false if nobody was pinned. */
    public boolean unpin() {
        return leader != null && leader.pinned().unpin("admin");
    }

    // What an administrator proposes through the leader.

    /**
     * Proposes to pause until a time, or to resume with 0; {@link ConsumerListener#onPause} tells when it is applied.
     */
    public void proposePause(final long untilEpochNs, final long nowEpochNs, final EntryBatch proposals) {
        new RowWriter().flush(ConsumerEntries.PAUSED, (byte) 0, nowEpochNs, untilEpochNs, proposals);
    }

    /** Proposes another configuration, checked before; {@link ConsumerListener#onConfig} tells when it is applied. */
    public void proposeConfig(final byte[] json, final long nowEpochNs, final EntryBatch proposals) {
        final RowWriter body = new RowWriter();
        body.raw(json);
        body.flush(ConsumerEntries.CONFIG, (byte) 0, nowEpochNs, 0, proposals);
    }

    /**
     * Proposes a reset; {@link ConsumerListener#onReset} tells when it is applied.
     *
     * @param seq first sequence to deliver again; 0 to go back to the ack floor
     * @return null if it was proposed, else why not
     */
    public ApiFailure proposeReset(final long seq, final long nowEpochNs, final EntryBatch proposals) {
        final String refusal = ResetCheck.refusal(rules, ports.stream(), seq);
        if (!refusal.isEmpty()) {
            return ApiError.CONSUMER_INVALID_RESET.with(refusal);
        }
        new RowWriter().flush(ConsumerEntries.RESET, (byte) 0, nowEpochNs, seq, proposals);
        return null;
    }
}
