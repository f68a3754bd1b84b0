package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import jetstream.api.OperatingException;
import jetstream.api.consensus.Condition;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.raft.core.RaftCore;

/**
 * Gives up a state that can not be trusted, and gets the leader's (decision 0100): the member stops applying and
 * leading, copies what it has to where it is kept ({@link jetstream.api.consensus.SetAside}), a piece per turn, and
 * then asks for an image as a member does that is far behind. Votes and acknowledgements go on: the log is as good as
 * the others'. Owner: the shard thread.
 *
 * <p>The copy: eight bytes {@code JSASIDE1}; the checkpoint as int length of the image, long index, long term, image,
 * or an int of zero; then the entries as they lie in the log ({@link jetstream.api.entry.EntryLayout}). Little endian.
 */
final class Resync {
    /** {@code JSASIDE1} in little endian. */
    private static final long MAGIC = 0x314544495341534AL;

    private enum Phase {
        NONE, COPYING, WAITING
    }

    private static final int PIECE_BYTES = 1 << 20;
    private static final int LOOKUPS_PER_TURN_MAX = 65_536;
    private static final long RETRY_COPY_NS = 10_000_000_000L;

    private final RaftGroup group;
    private final RaftCore core;
    private final EntryView view = new EntryView();
    private Phase phase = Phase.NONE;
    private CheckpointWriter copy;
    private boolean started;
    private long nextIndex;
    private long endIndex;
    private long skipped;
    private long dueNs = Long.MAX_VALUE;

    Resync(final RaftGroup group, final RaftCore core) {
        this.group = group;
        this.core = core;
    }

    boolean isActive() {
        return phase != Phase.NONE;
    }

    /** When {@link #doWork} has something to do by itself. */
    long deadlineNs() {
        return dueNs;
    }

    /** Begins; does nothing if it is under way. */
    void begin(final String reason) {
        if (isActive()) {
            return;
        }
        phase = Phase.COPYING;
        started = false;
        dueNs = group.driver.nowNs() + 1;
        group.stateCheck().cancel();
        core.loseState(group.driver.nowNs());
        group.tell(Condition.RESYNCING, reason + "; this replica is set aside and fetched anew from the leader");
        group.driver.wake(group);
    }

    /** Does a piece of what is to be done. */
    void doWork(final long nowNs) {
        if (phase == Phase.COPYING && nowNs - dueNs >= 0) {
            try {
                copy(nowNs);
            } catch (final StoreException.Corrupt e) {
                throw e;
            } catch (final OperatingException e) {
                giveUpCopy();
                dueNs = nowNs + RETRY_COPY_NS;
                group.driver.warn(group.config.name() + ": could not be set aside, so that nothing is replaced yet: "
                        + e.getMessage());
            }
        } else if (phase == Phase.WAITING && nowNs - dueNs >= 0) {
            dueNs = nowNs + 2 * group.driver.config().retryIntervalNs();
            askForImage();
        }
    }

    /** The leader's image is in force. */
    void onRestored() {
        if (phase == Phase.WAITING) {
            phase = Phase.NONE;
            dueNs = Long.MAX_VALUE;
            group.tell(Condition.CURRENT, "its state is the leader's again");
        }
    }

    /** The group closes: what was copied stays as far as it came. */
    void close() {
        giveUpCopy();
    }

    private void copy(final long nowNs) {
        if (!started) {
            copy = group.driver.beginSetAside(group);
            started = true;
            nextIndex = 1;
            skipped = 0;
            endIndex = group.log().lastIndex();
            if (copy != null) {
                copyHead();
            }
        }
        dueNs = nowNs + 1;
        if (copy != null && copyEntries()) {
            return;                                 // a piece per turn
        }
        if (copy != null) {
            copy.commit();
            copy = null;
        }
        if (skipped > 0) {
            group.driver.warn(group.config.name() + ": " + skipped + " damaged entries could not be set aside");
        }
        phase = Phase.WAITING;
        core.fetchState();
    }

    private void copyHead() {
        final Optional<Checkpoint> latest = group.config.store().checkpoints().latest(group.config.group());
        final ByteBuffer head = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(MAGIC).putInt(latest.map(c -> c.image().remaining()).orElse(0));
        latest.ifPresent(c -> head.putLong(c.index()).putLong(c.term()));
        copy.write(head.flip());
        latest.ifPresent(c -> copy.write(c.image().duplicate()));
    }

    /** Live records below the history, then the history. Returns whether there is more. */
    private boolean copyEntries() {
        final GroupLog log = group.log();
        final EntryBatch piece = group.driver.scratch().readBatch().clear();
        for (int i = 0; nextIndex <= endIndex && i < LOOKUPS_PER_TURN_MAX && piece.length() < PIECE_BYTES; i++) {
            try {
                copyEntry(log, piece);
            } catch (final StoreException.Corrupt e) {
                skipped++;
            }
            nextIndex++;
        }
        if (!piece.isEmpty()) {
            copy.write(piece.buffer().slice(piece.offset(), piece.length()));
        }
        return nextIndex <= endIndex;
    }

    private void copyEntry(final GroupLog log, final EntryBatch piece) {
        if (log.record(nextIndex, view)) {
            piece.append(view.buffer(), view.offset(), view.length());
        } else if (nextIndex >= log.firstHistoryIndex() && log.read(nextIndex, 1, group.driver.applyBatch()) > 0) {
            final EntryBatch one = group.driver.applyBatch();
            piece.append(one.buffer(), one.offset(), one.length());
        }
    }

    private void giveUpCopy() {
        if (copy != null) {
            copy.abort();
            copy = null;
        }
        started = false;
    }

    /**
     * An idle leader sends nothing to answer to, so it is asked; not before all that this member has acknowledged is
     * committed, since the leader may need it for that and sends nothing else to a member that wants an image.
     */
    private void askForImage() {
        final long leader = core.leader();
        if (leader != RaftCore.NOBODY && core.commitIndex() >= group.log().lastIndex() && !group.receiver().isBusy()) {
            group.driver.liveness().peer(leader).control.offer(
                    new RaftFrame.CatchupReply(group.id, core.term(), group.log().lastIndex(), 0, false));
        }
    }
}
