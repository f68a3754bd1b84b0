package jetstream.api.store;

import java.util.Optional;
import jetstream.api.GroupId;

/** State images that shorten replay. Owner: the shard thread. */
public interface CheckpointStore {
    /** The newest whole checkpoint of the group whose checksum holds. */
    Optional<Checkpoint> latest(GroupId group);

    /**
     * Begins an image of the state after applying {@code index}. Bytes are collected until
     * {@link CheckpointWriter#commit}.
     */
    CheckpointWriter begin(GroupId group, long index, long term);
}
