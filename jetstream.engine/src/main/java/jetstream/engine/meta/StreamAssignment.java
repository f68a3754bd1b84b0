package jetstream.engine.meta;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;

/**
 * A stream and the nodes that hold it, as the meta group decided.
 *
 * @param group its RAFT group, fixed for this incarnation
 * @param account account name
 * @param config the configuration that members shall run
 * @param createdEpochNs when it was made
 * @param members nodes of its group
 * @param change the change of members that is under way; null if none
 * @param revision meta log index of the last change of configuration or target
 */
public record StreamAssignment(GroupId group, String account, StreamConfig config, long createdEpochNs,
        GroupPeers members, Reconfiguration change, long revision) {
    /** Nodes that shall hold it, the preferred first leader first. */
    public List<NodeId> peers() {
        return members.target();
    }

    /** The members of the group are those that were wanted. */
    StreamAssignment settled() {
        return new StreamAssignment(group, account, config, createdEpochNs, members.settled(), null, revision);
    }

    /** Stream name. */
    public String name() {
        return config.name();
    }

    /** Name of the group as tools show it, for instance {@code S-R3F-x1Y2z3W4}. */
    public String groupName() {
        return "S-R" + peers().size() + (config.storage() == Storage.FILE ? "F-" : "M-")
                + NodeId.shortHash(account + " " + config.name() + " " + group.value());
    }
}
