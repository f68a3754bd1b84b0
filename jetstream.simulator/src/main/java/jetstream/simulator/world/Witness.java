package jetstream.simulator.world;

import jetstream.api.GroupId;

/** Told of what every member of every group does, whoever runs it. Checkers are witnesses. */
public interface Witness {
    /** A member leads and serves. */
    default void onLeads(final WholeNode node, final GroupId group, final long term) {
    }

    /** A member applied an entry; {@code digest} is over all its bytes. */
    default void onApplied(final WholeNode node, final GroupId group, final long index, final long term,
            final long digest) {
    }

    /** A member stopped for an error, and does nothing any more until its process ends. */
    default void onGroupStopped(final WholeNode node, final String line) {
    }

    /** A member's state after that index, as the digest of its whole image. */
    default void onState(final WholeNode node, final GroupId group, final long index, final long digest) {
    }
}
