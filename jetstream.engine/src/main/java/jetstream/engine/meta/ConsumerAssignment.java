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
 * @param peers members of its group, a subset of the stream's, the preferred first leader first
 * @param memory whether its state is kept in memory
 * @param revision meta log index of the last change
 */
public record ConsumerAssignment(GroupId group, String account, String stream, String name, ConsumerConfig config,
        long createdEpochNs, List<NodeId> peers, boolean memory, long revision) {
    /** Copies the list. */
    public ConsumerAssignment {
        peers = List.copyOf(peers);
    }

    /** Name of the group as tools show it, for instance {@code C-R3F-x1Y2z3W4}. */
    public String groupName() {
        return "C-R" + peers.size() + (memory ? "M-" : "F-")
                + NodeId.shortHash(account + " " + stream + " " + name + " " + group.value());
    }
}
