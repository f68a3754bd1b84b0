package jetstream.api.consensus;

import jetstream.api.GroupId;
import jetstream.api.store.CheckpointWriter;

/** Where a member's data goes before it is replaced, so that nothing is deleted because it was wrong. */
@FunctionalInterface
public interface SetAside {
    /**
     * Begins a copy of a group's data, kept on commit, and as far as it came on abort.
     *
     * <p>Thread: shard, also for the writer. Blocks: for a write to the page cache; the caller bounds what is written
     * at once. Durable: nothing is promised. Buffers: the writer's argument is the caller's again on return. Errors:
     * below.
     *
     * @param name of the group, for logs
     * @return where it goes; null if there is no place for it
     * @throws jetstream.api.OperatingException if the medium refuses; the caller tries again later
     */
    CheckpointWriter begin(GroupId group, String name);
}
