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
 * @param peers members of its group, the preferred first leader first
 * @param revision meta log index of the last change
 */
public record StreamAssignment(GroupId group, String account, StreamConfig config, long createdEpochNs,
        List<NodeId> peers, long revision) {
    /** Copies the list. */
    public StreamAssignment {
        peers = List.copyOf(peers);
    }

    /** Stream name. */
    public String name() {
        return config.name();
    }

    /** Name of the group as tools show it, for instance {@code S-R3F-x1Y2z3W4}. */
    public String groupName() {
        return "S-R" + peers.size() + (config.storage() == Storage.FILE ? "F-" : "M-")
                + NodeId.shortHash(account + " " + config.name() + " " + group.value());
    }
}
