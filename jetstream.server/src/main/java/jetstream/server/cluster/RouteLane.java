package jetstream.server.cluster;

import java.nio.ByteBuffer;
import jetstream.api.NodeId;
import jetstream.api.frame.RouteFrame;
import jetstream.api.transport.PeerInfo;

/** The part of the server that carries core NATS between servers; called on the node thread. */
public interface RouteLane {
    /** A link came up: interest is exchanged anew. */
    void onPeerUp(PeerInfo peer);

    /** A peer's attributes changed. */
    void onPeerChanged(PeerInfo peer);

    /** A peer is gone. */
    void onPeerDown(NodeId peer);

    /** Interest or messages from a peer. */
    void onFrame(NodeId from, RouteFrame frame, ByteBuffer payload, int offset, int length);

    /** Sends again what could not be sent before. Returns the amount of work done. */
    int doWork(long nowNs);

    /** When {@link #doWork} must be called even if nothing happens; {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNs(long nowNs);
}
