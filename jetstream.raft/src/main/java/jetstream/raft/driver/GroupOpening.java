package jetstream.raft.driver;

import java.util.Optional;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryType;
import jetstream.api.store.Ballot;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.GroupLog;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftCore;
import jetstream.raft.core.StartState;

/** Loads what the stores have of a group: ballot, checkpoint, history. */
final class GroupOpening {
    private final RaftGroup group;
    private final GroupConfig config;
    private final GroupLog log;

    GroupOpening(final RaftGroup group, final GroupConfig config) {
        this.group = group;
        this.config = config;
        this.log = config.store().open(config.group());
    }

    GroupLog log() {
        return log;
    }

    RaftCore openCore(final GroupEffects effects, final ApplyStation station) {
        final Ballot ballot = config.ballots().ballots().load(config.group());
        final Optional<Checkpoint> checkpoint = usableCheckpoint(ballot);
        checkpoint.ifPresent(station::restore);
        final Membership members = checkpoint.map(ImageHead::members).orElseGet(() -> Membership.ofVoters(config.voters()));
        final long checkpointIndex = checkpoint.map(Checkpoint::index).orElse(0L);
        final StartState start = new StartState(ballot.term(), ballot.votedFor(), checkpointIndex, members);
        final RaftCore core = new RaftCore(group.driver.coreConfig(config.group()), effects, effects, start,
                group.driver.newRandom(), group.driver.scratch());
        restoreMembers(core, checkpointIndex);
        return core;
    }

    /**
     * The newest checkpoint, if the log continues it. A log whose replacement by an image was broken off means nothing: it is
     * emptied, and a leader will send everything anew. A log that lost what lies right behind its checkpoint starts there.
     */
    private Optional<Checkpoint> usableCheckpoint(final Ballot ballot) {
        if (ballot.votedFor() == RaftCore.INCOMPLETE) {
            group.driver.warn(config.name() + ": its replacement by an image was broken off; everything is fetched anew");
            reset(0, 0);
            return Optional.empty();
        }
        final Optional<Checkpoint> checkpoint = config.store().checkpoints().latest(config.group());
        if (checkpoint.isPresent() && log.lastIndex() < checkpoint.get().index()) {
            group.driver.warn(config.name() + ": log ends at " + log.lastIndex() + ", before its checkpoint at "
                    + checkpoint.get().index() + "; it continues from there");
            reset(checkpoint.get().index(), checkpoint.get().term());
        }
        return checkpoint;
    }

    private void reset(final long index, final long term) {
        group.logForces.touch(group);
        log.reset(index, term);
        group.logChanged();
    }

    private void restoreMembers(final RaftCore core, final long checkpointIndex) {
        final EntryBatch batch = group.driver.applyBatch();
        long index = Math.max(checkpointIndex + 1, log.firstHistoryIndex());
        while (index <= log.lastIndex()) {
            final int count = log.read(index, group.driver.config().batchBytesMax(), batch);
            int at = batch.offset();
            for (int i = 0; i < count; i++) {
                if (EntryLayout.type(batch.buffer(), at) == EntryType.MEMBERSHIP) {
                    core.restoreMembers(index + i, Membership.decode(batch.buffer(), at + EntryLayout.HEADER_LENGTH));
                }
                at += EntryLayout.entryLength(batch.buffer(), at);
            }
            index += count;
        }
    }
}
