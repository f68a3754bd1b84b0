package jetstream.testkit.simulation;

import java.nio.ByteBuffer;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.Checkpoint;

/** A change of a {@link SimulatedStore}, as its disk keeps it. Entries are whole entries, never changed. */
sealed interface StoreChange {
    record Appended(GroupId group, List<ByteBuffer> entries) implements StoreChange {
    }

    record Truncated(GroupId group, long index) implements StoreChange {
    }

    record HistoryDiscarded(GroupId group, long throughIndex) implements StoreChange {
    }

    record Reset(GroupId group, long index, long term) implements StoreChange {
    }

    record Restored(GroupId group, List<ByteBuffer> entries) implements StoreChange {
    }

    /** The medium flipped a bit in an entry. */
    record Damaged(GroupId group, long index) implements StoreChange {
    }

    record BallotSaved(GroupId group, Ballot ballot) implements StoreChange {
    }

    record CheckpointTaken(GroupId group, Checkpoint checkpoint) implements StoreChange {
    }

    record Deleted(GroupId group) implements StoreChange {
    }
}
