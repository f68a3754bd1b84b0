package jetstream.server.route;

import jetstream.api.NodeId;

/** Another server as the router knows it. Made by {@link SubjectRouter#addPeer}; owner: node thread. */
public final class PeerRoute {
    private final NodeId node;
    private boolean isGone;

    PeerRoute(final NodeId node) {
        this.node = node;
    }

    /** Identity of the server. */
    public NodeId node() {
        return node;
    }

    /** Whether it was removed. */
    public boolean isGone() {
        return isGone;
    }

    void markGone() {
        isGone = true;
    }

    @Override
    public String toString() {
        return "PeerRoute[" + node + "]";
    }
}
