package jetstream.raft.driver;

import java.util.Optional;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryType;
import jetstream.api.store.Ballot;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftCore;
import jetstream.raft.core.StartState;

/** Loads what the stores have of a group: ballot, checkpoint, history. */
final class GroupOpening {
    private final RaftGroup group;
    private final GroupConfig config;
    private final GroupLog log;
    private boolean lost;
    private String damage = "";

    GroupOpening(final RaftGroup group, final GroupConfig config) {
        this.group = group;
        this.config = config;
        this.log = config.store().open(config.group());
    }

    GroupLog log() {
        return log;
    }

    /** Whether the member comes up without what it may have acknowledged in an earlier life. */
    boolean isLost() {
        return lost;
    }

    /** What of the history can not be read, so that it is not known who the members are; empty if it is whole. */
    String damage() {
        return damage;
    }

    RaftCore openCore(final GroupEffects effects, final ApplyStation station) {
        final Ballot ballot = config.ballots().ballots().load(config.group());
        // A ballot beside the log is from an earlier life with that very log: a loss before that is marked in it.
        lost = config.learner() && (config.store() != config.ballots() || ballot.equals(Ballot.NONE))
                || config.existed() && config.ballots().mayHaveForgotten(config.group());
        final Optional<Checkpoint> latest = config.store().checkpoints().latest(config.group());
        final Membership members = latest.map(ImageHead::members).orElseGet(() -> Membership.ofVoters(config.voters()));
        final long checkpointIndex = latest.map(Checkpoint::index).orElse(0L);
        if (members.size() != 1) {
            cutDoubtful(checkpointIndex);
        }
        final boolean incomplete = isIncomplete(checkpointIndex);
        final long startIndex = incomplete ? log.firstHistoryIndex() - 1 : checkpointIndex;
        if (!incomplete) {
            latest.ifPresent(station::restore);
        }
        final StartState start = new StartState(ballot.term(), ballot.votedFor(), startIndex, incomplete, members);
        final RaftCore core = new RaftCore(group.driver.coreConfig(config.group()), effects, effects, start,
                group.driver.newRandom(), group.driver.scratch());
        restoreMembers(core, startIndex);
        return core;
    }

    /**
     * An entry that is lost, and of which not even the term is known, can not be told from another one: what follows it
     * is given up, and so the member counts as one that has forgotten, until the leader has sent it again (I9).
     */
    private void cutDoubtful(final long checkpointIndex) {
        for (long index = log.firstHistoryIndex(); index <= log.lastIndex(); index++) {
            if (!isTermKnown(index)) {
                group.driver.warn(config.name() + ": index " + index + " is lost, and its term is not known");
                giveUp(index, checkpointIndex);
                index = Math.max(index, log.firstHistoryIndex() - 1);
            }
        }
    }

    private void giveUp(final long index, final long checkpointIndex) {
        long base = index;
        while (base < Math.min(checkpointIndex, log.lastIndex()) && !isTermKnown(base)) {
            base++;
        }
        group.logForces.touch(group);
        if (base <= checkpointIndex && isTermKnown(base)) {
            log.discardHistory(base);               // what comes before a checkpoint may go
        } else {
            log.truncateFrom(index);
            lost = true;
        }
        group.logChanged();
    }

    private boolean isTermKnown(final long index) {
        try {
            log.termAt(index);
            return true;
        } catch (final StoreException.Corrupt e) {
            return false;
        }
    }

    /**
     * Whether the history does not continue the newest checkpoint: the log was being replaced by an image when the
     * process ended, or lost its end, and a leader must send an image again.
     */
    private boolean isIncomplete(final long checkpointIndex) {
        final boolean broken = checkpointIndex < log.firstHistoryIndex() - 1 || checkpointIndex > log.lastIndex();
        if (broken) {
            group.driver.warn(config.name() + ": history from " + log.firstHistoryIndex() + " to " + log.lastIndex()
                    + " does not continue the checkpoint at " + checkpointIndex
                    + "; everything is fetched from the leader");
        }
        return broken;
    }

    private void restoreMembers(final RaftCore core, final long startIndex) {
        final EntryBatch batch = group.driver.scratch().readBatch(); // a group may be opened inside another's apply
        long index = Math.max(startIndex + 1, log.firstHistoryIndex());
        while (index <= log.lastIndex()) {
            final int count = read(index, batch);
            int at = batch.offset();
            for (int i = 0; i < count; i++) {
                if (EntryLayout.type(batch.buffer(), at) == EntryType.MEMBERSHIP) {
                    core.restoreMembers(index + i, Membership.decode(batch.buffer(), at + EntryLayout.HEADER_LENGTH));
                }
                at += EntryLayout.entryLength(batch.buffer(), at);
            }
            index += Math.max(1, count);
        }
    }

    /** A damaged entry is passed over: it may have said who the members are. */
    private int read(final long index, final EntryBatch batch) {
        try {
            return log.read(index, group.driver.config().batchBytesMax(), batch);
        } catch (final StoreException.Corrupt e) {
            damage = e.getMessage();
            batch.clear();
            return 0;
        }
    }
}
