package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.raft.core.RaftCore;

/**
 * Takes a catch-up: collects the image, empties the log, stores the live records, then the image as checkpoint, and
 * hands it to the state machine once all of that is durable. A log that does not continue the checkpoint says, after
 * a crash, that this was not finished.
 */
final class CatchupReceiver {
    private static final int INITIAL_IMAGE_BYTES = 4 << 10;
    private static final long NONE = -1;

    private final RaftGroup group;
    private final RaftCore core;
    private final ApplyStation station;
    private ByteBuffer image;
    private long checkpointIndex = NONE;
    private long checkpointTerm;
    private long sender;
    private long wantedPiece;
    private long progressNs;
    private boolean emptied;
    private boolean stored;
    private long recordsChange;
    private long finalChange = NONE;
    private long forcedChange;

    CatchupReceiver(final RaftGroup group, final RaftCore core, final ApplyStation station) {
        this.group = group;
        this.core = core;
        this.station = station;
    }

    void onPiece(final long from, final RaftFrame.Catchup piece, final ByteBuffer payload, final int offset,
            final int length) {
        if (core.term() != piece.term() || core.leader() != from || core.isImageHeldBack()) {
            return;
        }
        if (!core.isIncomplete() && piece.checkpointIndex() <= core.commitIndex()) {
            reply(from, piece.checkpointIndex(), piece.offset(), true);
            return;
        }
        if (!isContinued(from, piece) && !begin(from, piece)) {
            return;
        }
        if (piece.offset() == wantedPiece && finalChange == NONE) {
            take(piece, payload, offset, length);
        }
        if (finalChange == NONE) {
            reply(from, checkpointIndex, wantedPiece, false);
        } else {
            advance();                              // again, if there was no room for the image
        }
    }

    /** Whether an image is on its way. */
    boolean isBusy() {
        return checkpointIndex != NONE;
    }

    /**
     * The group's changes through that number are durable. First the records, then the checkpoint: one that is durable
     * vouches for its records.
     */
    void onForced(final long change) {
        forcedChange = change;
        advance();
    }

    private void advance() {
        if (finalChange == NONE || forcedChange < finalChange) {
            return;
        }
        if (stored) {
            finish();
        } else {
            store();
        }
    }

    private void finish() {
        final Checkpoint checkpoint = new Checkpoint(checkpointIndex, checkpointTerm, imageBytes());
        core.finishInstall(checkpointIndex, ImageHead.members(checkpoint), group.driver.nowNs());
        if (checkpointIndex > station.appliedIndex() || group.resync().isActive()) {
            station.restore(checkpoint);
        }
        group.onRestored();
        group.driver.info(group.config.name() + ": caught up by an image of index " + checkpointIndex);
        reply(sender, checkpointIndex, wantedPiece, true);
        cancel();
    }

    private ByteBuffer imageBytes() {
        return image.slice(0, image.position()).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Forgets what was received. */
    private void cancel() {
        image = null;
        checkpointIndex = NONE;
        finalChange = NONE;
        wantedPiece = 0;
        emptied = false;
        stored = false;
    }

    private boolean isContinued(final long from, final RaftFrame.Catchup piece) {
        final boolean stalled = group.driver.nowNs() - progressNs >= 2 * group.driver.config().retryIntervalNs();
        final boolean again = piece.offset() == 0 && wantedPiece > 0 && stalled && finalChange == NONE;
        return !again && from == sender && piece.checkpointIndex() == checkpointIndex
                && piece.checkpointTerm() == checkpointTerm;
    }

    private boolean begin(final long from, final RaftFrame.Catchup piece) {
        if (core.isIncomplete() && piece.checkpointIndex() < group.log().lastIndex()) {
            // Older than what is here in part: a newer one is needed.
            reply(from, group.log().lastIndex(), 0, false);
            return false;
        }
        if (piece.offset() != 0) {
            reply(from, piece.checkpointIndex(), 0, false);
            return false;
        }
        cancel();
        image = ByteBuffer.allocate(INITIAL_IMAGE_BYTES);
        checkpointIndex = piece.checkpointIndex();
        checkpointTerm = piece.checkpointTerm();
        sender = from;
        return true;
    }

    private void take(final RaftFrame.Catchup piece, final ByteBuffer payload, final int offset, final int length) {
        if (piece.kind() == RaftFrame.Catchup.IMAGE) {
            ensure(length);
            image.put(payload.slice(offset, length));
        } else if (!takeRecords(piece, payload, offset, length)) {
            return;
        }
        wantedPiece++;
        progressNs = group.driver.nowNs();
        if (piece.last()) {
            finalChange = recordsChange;
            advance();
        }
    }

    private boolean takeRecords(final RaftFrame.Catchup piece, final ByteBuffer payload, final int offset,
            final int length) {
        if (!isIntact(piece, payload, offset, offset + length)) {
            return false;                           // comes again
        }
        if (emptied && piece.count() == 0) {
            return true;
        }
        if (!emptied && core.isIncomplete() && checkpointIndex < group.log().lastIndex()) {
            // Entries that were under way when the image was asked for came after its beginning: a newer one is needed.
            final long wanted = group.log().lastIndex();
            cancel();
            reply(sender, wanted, 0, false);
            return false;
        }
        group.logForces.touch(group);
        if (!emptied) {
            emptied = true;
            core.beginInstall(checkpointIndex, group.driver.nowNs());
            group.logForces.truncated(group, 0);
            group.log().reset(checkpointIndex, checkpointTerm);
        }
        if (piece.count() > 0) {
            group.log().restore(new EntryBatch(1).wrap(payload, offset, length, piece.count()));
        }
        recordsChange = group.logChanged();
        return true;
    }

    private boolean isIntact(final RaftFrame.Catchup piece, final ByteBuffer payload, final int from, final int end) {
        int at = from;
        for (int i = 0; i < piece.count(); i++) {
            if (!EntryLayout.isHeaderIntact(payload, at, end) || EntryLayout.entryLength(payload, at) > end - at
                    || !EntryLayout.isBodyIntact(payload, at) || EntryLayout.group(payload, at) != group.id) {
                return false;
            }
            at += EntryLayout.entryLength(payload, at);
        }
        return at == end;
    }

    private void store() {
        Invariant.check(emptied, "image without records", checkpointIndex);
        group.logForces.touch(group);
        final CheckpointWriter writer = group.config.store().checkpoints()
                .begin(group.config.group(), checkpointIndex, checkpointTerm);
        writer.write(imageBytes());
        writer.commit();
        stored = true;
        finalChange = group.logChanged();
    }

    private void ensure(final int bytes) {
        final long needed = (long) image.position() + bytes;
        Invariant.check(needed <= Integer.MAX_VALUE - 8, "image too large", needed);
        if (needed > image.capacity()) {
            final int capacity = (int) Math.min(Math.max(needed, 2L * image.capacity()), Integer.MAX_VALUE - 8);
            image = ByteBuffer.allocate(capacity).put(image.flip());
        }
    }

    private void reply(final long to, final long index, final long piece, final boolean done) {
        group.driver.liveness().peer(to).control
                .offer(new RaftFrame.CatchupReply(group.id, core.term(), index, piece, done));
    }
}
