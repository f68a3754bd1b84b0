package jetstream.engine.meta;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;

/**
 * A consumer and the nodes that hold it, as the meta group decided.
 *
 * @param group its RAFT group, fixed for this incarnation
 * @param account account name
 * @param stream its stream
 * @param name its name, given or made
 * @param config the configuration that members shall run
 * @param createdEpochNs when it was made
 * @param members nodes of its group, a subset of the stream's
 * @param memory whether its state is kept in memory
 * @param revision meta log index of the last change
 */
public record ConsumerAssignment(GroupId group, String account, String stream, String name, ConsumerConfig config,
        long createdEpochNs, GroupPeers members, boolean memory, long revision) {
    /** Nodes that shall hold it, the preferred first leader first. */
    public List<NodeId> peers() {
        return members.target();
    }

    /**
     * Whether it was made for that incarnation of its stream. If the stream started again without data since, what the
     * consumer's group knows is about messages that are gone.
     */
    public boolean isOf(final StreamAssignment incarnation) {
        return group.value() >> 1 > incarnation.group().value() >> 1;
    }

    /** The same on those nodes. */
    ConsumerAssignment with(final GroupPeers newMembers, final long newRevision) {
        return new ConsumerAssignment(group, account, stream, name, config, createdEpochNs, newMembers, memory,
                newRevision);
    }

    /** Name of the group as tools show it, for instance {@code C-R3F-x1Y2z3W4}. */
    public String groupName() {
        return "C-R" + peers().size() + (memory ? "M-" : "F-")
                + NodeId.shortHash(account + " " + stream + " " + name + " " + group.value());
    }
}
