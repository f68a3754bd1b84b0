package jetstream.store.file;

import jetstream.api.GroupId;
import jetstream.api.store.Ballot;

/** Everything the store keeps of one group. Owner: the shard thread. */
final class FileGroup {
    final GroupId id;
    final GroupState state = new GroupState();
    final GroupEntries entries;
    /** Null until the log is opened. */
    FileGroupLog log;

    FileGroup(final GroupId id, final GroupEntries entries) {
        this.id = id;
        this.entries = entries;
    }

    /** Whether there is a log, a ballot or a checkpoint. */
    boolean isKnown() {
        return state.hasLog || !state.ballot.equals(Ballot.NONE) || state.checkpointPosition != 0;
    }
}
