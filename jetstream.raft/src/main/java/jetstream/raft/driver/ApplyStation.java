package jetstream.raft.driver;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;
import jetstream.api.consensus.Applier;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryType;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.raft.core.RaftCore;

/**
 * The last station of an entry: hands committed entries to the state machine, once each and in order, and takes its
 * checkpoints. Invariants: S1 applied never exceeds committed; S2 history is discarded only behind a durable
 * checkpoint.
 */
final class ApplyStation {
    private static final long FULL_PAUSE_NS = 1_000_000_000L;

    private final RaftGroup group;
    private final GroupLog log;
    private final Applier applier;
    private final EntryView view = new EntryView();
    private long appliedIndex;
    private long bytesSinceCheckpoint;
    /** Indexes of the newest checkpoints, the place of the next one is the oldest's. */
    private final long[] checkpoints;
    private int nextCheckpoint;
    private long checkpointIndex;
    private boolean checkpointWanted;
    private long sampleIndex = Long.MAX_VALUE;
    private long unforcedCheckpointIndex;
    private long unforcedCheckpointChange;
    private long notBeforeNs = Long.MIN_VALUE / 2;

    ApplyStation(final RaftGroup group, final GroupLog log, final Applier applier) {
        this.group = group;
        this.log = log;
        this.applier = applier;
        this.checkpoints = new long[group.driver.config().historyCheckpoints()];
    }

    /** Applies up to about one batch of committed entries; returns how many. */
    int apply(final RaftCore core, final EntryBatch scratch) {
        final long commitIndex = core.commitIndex();
        if (appliedIndex >= commitIndex || core.isIncomplete()) {
            return 0;
        }
        final int count = group.repair().read(appliedIndex + 1, group.driver.config().batchBytesMax(), scratch);
        int applied = 0;
        int at = scratch.offset();
        while (applied < count && appliedIndex < commitIndex && !group.isStopped() && !core.isIncomplete()) {
            final int length = EntryLayout.entryLength(scratch.buffer(), at);
            applyOne(view.wrap(scratch.buffer(), at));
            at += length;
            bytesSinceCheckpoint += length;
            applied++;
            if (appliedIndex == sampleIndex) {
                sample();
            }
        }
        Invariant.check(appliedIndex <= core.commitIndex(), "applied beyond commit", appliedIndex, core.commitIndex());
        return applied;
    }

    /**
     * The state after that index, which has not been passed, is wanted: {@link StateCheck#onSample} is told, at once if
     * it is the present one.
     */
    void sampleAt(final long index) {
        sampleIndex = index;
        if (appliedIndex == index) {
            sample();
        }
    }

    private void sample() {
        sampleIndex = Long.MAX_VALUE;
        group.stateCheck().onSample(appliedIndex, applier.stateHash());
    }

    /** Takes a checkpoint if one is due. */
    boolean checkpointIfDue(final RaftCore core) {
        final RaftConfig config = group.driver.config();
        if (checkpointWanted && appliedIndex == checkpointIndex) {
            checkpointWanted = false;
            discard(); // nothing new to write, but the tail of the history may be dispensable by now
        }
        final boolean due = checkpointWanted || bytesSinceCheckpoint >= config.checkpointBytes()
                || appliedIndex - checkpointIndex >= config.checkpointEntries();
        if (!due || !isCheckpointPossible(core) || group.driver.nowNs() - notBeforeNs < 0) {
            return false;
        }
        try {
            write(core);
        } catch (final StoreException.Full e) {
            // The history stays instead, and the older checkpoint: both will do until there is room again.
            group.driver.warn(group.config.name() + ": " + e.getMessage() + "; tried again in a second");
            notBeforeNs = group.driver.nowNs() + FULL_PAUSE_NS;
            return false;
        }
        checkpointWanted = false;
        bytesSinceCheckpoint = 0;
        return true;
    }

    private void write(final RaftCore core) {
        group.logForces.touch(group);
        final CheckpointWriter writer = group.config.store().checkpoints()
                .begin(group.config.group(), appliedIndex, log.termAt(appliedIndex));
        writer.write(ImageHead.of(core.members()));
        applier.writeCheckpoint(new BodyWriter(writer));
        writer.commit();
        unforcedCheckpointIndex = appliedIndex;
        unforcedCheckpointChange = group.logChanged();
    }

    /** Whether there is something to write, nothing being written, and the log durable that it would vouch for. */
    boolean isCheckpointPossible(final RaftCore core) {
        return unforcedCheckpointIndex <= checkpointIndex && appliedIndex > checkpointIndex && !core.isIncomplete()
                && appliedIndex <= core.durableIndex();
    }

    void wantCheckpoint() {
        checkpointWanted = true;
    }

    /** The group's changes through that number are durable: a checkpoint among them lets history go. */
    void onForced(final long change) {
        if (unforcedCheckpointIndex > checkpointIndex && change >= unforcedCheckpointChange) {
            checkpointIndex = unforcedCheckpointIndex;
            checkpoints[nextCheckpoint] = checkpointIndex;
            nextCheckpoint = (nextCheckpoint + 1) % checkpoints.length;
            discard();
        }
    }

    /** The state is replaced by an image whose index lies before the whole history. */
    void restore(final Checkpoint checkpoint) {
        Invariant.check(checkpoint.index() >= appliedIndex, "restored to the past", checkpoint.index(), appliedIndex);
        applier.restore(ImageHead.body(checkpoint));
        appliedIndex = checkpoint.index();
        checkpointIndex = checkpoint.index();
        unforcedCheckpointIndex = checkpoint.index();
        bytesSinceCheckpoint = 0;
        sampleIndex = Long.MAX_VALUE;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    long checkpointIndex() {
        return checkpointIndex;
    }

    private void discard() {
        final long catchupNeeds = group.driver.catchups().historyNeeded(group);
        final long through = Math.min(Math.min(checkpointIndex, dispensableIndex()), catchupNeeds);
        if (through >= log.firstHistoryIndex()) {
            Invariant.check(through <= checkpointIndex, "history discarded beyond the checkpoint", through,
                    checkpointIndex);
            group.logForces.touch(group);
            log.discardHistory(through);
            group.logChanged();
        }
    }

    /**
     * What slow followers still need is kept, since an image and all live records are much more; but not for ever, and
     * a store without room needs the space more.
     */
    private long dispensableIndex() {
        if (group.config.store().usage().publishRoomBytes() == 0) {
            return Long.MAX_VALUE;
        }
        final long oldest = checkpoints[nextCheckpoint];
        final long needed = Math.max(group.core().everywhereIndex(), oldest);
        return Math.min(needed, log.lastIndex() - group.driver.config().historyTailEntries());
    }

    private void applyOne(final EntryView entry) {
        final long index = entry.index();
        Invariant.check(index == appliedIndex + 1, "applied out of order", index, appliedIndex);
        if (entry.type() >= EntryType.APPLICATION || entry.type() < 0) {
            appliedIndex = index;
            applier.apply(entry);
        } else {
            appliedIndex = index;
            log.free(index, index);
        }
    }

    /** The state machine's part of the image; beginning and end are the driver's. */
    private record BodyWriter(CheckpointWriter writer) implements CheckpointWriter {
        @Override
        public void write(final ByteBuffer bytes) {
            writer.write(bytes);
        }

        @Override
        public void commit() {
            // The image ends when writeCheckpoint returns; a state machine that says so itself does no harm.
        }

        @Override
        public void abort() {
            throw new IllegalStateException("a state machine cannot abort a checkpoint; it may throw");
        }
    }
}
