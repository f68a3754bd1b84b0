package jetstream.api.consensus;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.store.Store;

/**
 * How a group is opened on this node.
 *
 * @param group its identity
 * @param name for logs, for instance {@code S-R3F-x1Y2z3W4 (ORDERS)}
 * @param store where its log and checkpoints are
 * @param ballots where its ballots are: the durable store, also for groups in memory (DESIGN D8)
 * @param voters first members, used only if the log and checkpoint know none
 * @param preferred the node that shall lead if it can: it campaigns at once when the group is opened for the first
 *     time; null if nobody is preferred
 * @param learner true: this node comes up without the group's data and must not vote until it caught up (DESIGN D7).
 *     Ignored if log and ballot share a store that holds a ballot of the group: that is from an earlier life with this
 *     very log, and marks a loss that has not healed yet by itself
 * @param existed whether the group has been open on some node before (a restart, a member that is added): false lets
 *     the preferred node campaign without waiting for an election timeout
 */
public record GroupConfig(GroupId group, String name, Store store, Store ballots, List<NodeId> voters, NodeId preferred,
        boolean learner, boolean existed) {
    /** Copies the list. */
    public GroupConfig {
        voters = List.copyOf(voters);
    }
}
