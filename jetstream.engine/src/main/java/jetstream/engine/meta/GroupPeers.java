package jetstream.engine.meta;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.NodeId;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;

/**
 * The nodes of a group as the meta group wants them. A node that shall not hold the group any more goes on holding it
 * until the group itself has let it go and the meta group has been told ({@link #settled}): only that decision lets the
 * node drop its data (FAULTS rule 4).
 *
 * @param target nodes that shall hold it, the preferred first leader first
 * @param leaving nodes that hold it still
 * @param founders its first members, all of them: what a member starts from whose log is empty
 * @param added nodes that came later, whether they are still there or not: they start without the group's data
 * @param isMoving whether the members of the group may differ from the target
 */
public record GroupPeers(List<NodeId> target, List<NodeId> leaving, List<NodeId> founders, List<NodeId> added,
        boolean isMoving) {
    /** Copies the lists. */
    public GroupPeers {
        target = List.copyOf(target);
        leaving = List.copyOf(leaving);
        founders = List.copyOf(founders);
        added = List.copyOf(added);
    }

    /** A new group of those nodes. */
    public static GroupPeers founded(final List<NodeId> peers) {
        return new GroupPeers(peers, List.of(), peers, List.of(), false);
    }

    /** Whether that node has a member of the group, or shall have one. */
    public boolean holds(final NodeId node) {
        return target.contains(node) || leaving.contains(node);
    }

    /** All nodes that have a member, or shall have one. */
    public List<NodeId> holders() {
        return joined(target, leaving);
    }

    /** Whether that node came to the group after it was founded. */
    public boolean isAdded(final NodeId node) {
        return added.contains(node);
    }

    /** Whether one node alone holds the group, and no other has to be heard. */
    public boolean isLone() {
        return !isMoving && target.size() == 1;
    }

    /** Whether those nodes are the target, in whatever order. */
    public boolean isTarget(final List<NodeId> nodes) {
        return target.size() == nodes.size() && target.containsAll(nodes);
    }

    /** Another target; this object if it is none. Who holds the group now and is not in it is leaving. */
    public GroupPeers toward(final List<NodeId> newTarget) {
        if (isTarget(newTarget)) {
            return this;
        }
        final List<NodeId> holders = holders();
        final List<NodeId> fresh = newTarget.stream().filter(n -> !holders.contains(n) && !added.contains(n)).toList();
        return new GroupPeers(newTarget, holders.stream().filter(n -> !newTarget.contains(n)).toList(), founders,
                joined(added, fresh), true);
    }

    /** The members are those of the target: who left holds nothing any more. */
    public GroupPeers settled() {
        return new GroupPeers(target, List.of(), founders, added, false);
    }

    private static List<NodeId> joined(final List<NodeId> first, final List<NodeId> second) {
        final List<NodeId> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    static GroupPeers read(final JsonObject o) {
        final List<NodeId> target = nodes(o, "peers");
        return new GroupPeers(target, nodes(o, "leaving"), o.has("founders") ? nodes(o, "founders") : target,
                nodes(o, "added"), o.bool("moving", false));
    }

    /** Writes what differs from a group that is as it was founded, and the target. */
    void write(final JsonText t) {
        write(t, "peers", target);
        if (!leaving.isEmpty()) {
            write(t, "leaving", leaving);
        }
        if (!founders.equals(target)) {
            write(t, "founders", founders);
        }
        if (!added.isEmpty()) {
            write(t, "added", added);
        }
        t.opt("moving", isMoving);
    }

    private static void write(final JsonText t, final String key, final List<NodeId> nodes) {
        t.integers(key, nodes.stream().map(NodeId::value).toList());
    }

    static List<NodeId> nodes(final JsonObject o, final String key) {
        return o.integers(key).stream().map(NodeId::new).toList();
    }
}
