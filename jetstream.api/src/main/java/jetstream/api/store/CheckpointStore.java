package jetstream.api.store;

import java.util.Optional;
import jetstream.api.GroupId;

/** State images that shorten replay. Part of a {@link Store}, and closed with it. */
public interface CheckpointStore {
    /**
     * The newest whole checkpoint of the group whose checksum holds, durable or not. One that is damaged is reported
     * and not given.
     *
     * <p>Thread: shard. Blocks: while the medium is read. Buffers: the image is read-only and valid until the group's
     * next checkpoint is committed or the group is deleted. Errors: {@link StoreException.Failed} if the medium can not
     * be read.
     */
    Optional<Checkpoint> latest(GroupId group);

    /**
     * Begins an image of the state after applying {@code index}. Bytes are collected until
     * {@link CheckpointWriter#commit}; one image per group at a time.
     *
     * <p>Thread: shard. Blocks: no. Durable: nothing yet. Errors: {@link StoreException.Failed}.
     */
    CheckpointWriter begin(GroupId group, long index, long term);
}
