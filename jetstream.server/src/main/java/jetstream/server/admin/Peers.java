package jetstream.server.admin;

import jetstream.api.NodeId;
import jetstream.engine.meta.GroupPeers;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.MetaState;

/** Servers by what requests call them: their name or their peer id. */
final class Peers {
    private Peers() {
    }

    /** A server that the meta group knows; null if none is called so. */
    static NodeId known(final MetaState state, final String called) {
        for (final MetaNode node : state.nodes()) {
            if (node.name().equals(called) || node.node().peerId().equals(called)) {
                return node.node();
            }
        }
        return null;
    }

    /** One of the nodes of a group, also one that the meta group does not know any more; null if it is none. */
    static NodeId of(final GroupPeers members, final String called) {
        for (final NodeId node : members.target()) {
            if (node.peerId().equals(called) || node.equals(NodeId.of(called))) {
                return node;
            }
        }
        return null;
    }
}
