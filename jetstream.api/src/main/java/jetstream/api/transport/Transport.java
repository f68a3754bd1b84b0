package jetstream.api.transport;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import jetstream.api.NodeId;

/** Frames between the nodes of a cluster. Owner: the thread that polls. */
public interface Transport extends AutoCloseable {
    /** Sets who is told of peers; before the first poll. */
    void onPeers(PeerListener listener);

    /**
     * The lane to that peer; usable at any time, an offer to an unknown peer returns false. Stable per peer and lane.
     */
    PeerLink link(NodeId peer, Lane lane);

    /**
     * Does the transport's work and hands at most about {@code limit} frames to the handler, control lane first. Frames
     * that were offered leave this node in the next {@link #flush} or poll, so that one of them sends what a whole turn
     * of the owner has produced. What the handler throws is thrown from here.
     *
     * @return amount of work done; 0 lets the caller block in its selector until {@link #nextDeadlineNs}
     */
    int poll(FrameHandler handler, int limit, long nowNs);

    /**
     * Puts on the wire what was offered since the last poll or flush, as far as it goes without waiting; the rest goes
     * with later polls. Calls no handler. For an owner that is about to do something slow, or to block.
     */
    void flush();

    /**
     * When {@link #poll} wants to be called even if no channel became readable; monotonic nanoseconds. Asked right
     * before the owner blocks: it is {@code nowNs} if something was offered since the last poll.
     */
    long nextDeadlineNs(long nowNs);

    /** Publishes new attributes of this server to all peers. */
    void attributes(Map<String, String> attributes);

    /** Peers whose links are up. */
    Collection<PeerInfo> peers();

    /** The bound endpoint, with the real port. */
    InetSocketAddress localAddress();

    /**
     * Tells peers and closes. Idempotent. A port is free again when the selector that a channel was registered with has
     * looked once more.
     */
    @Override
    void close();
}
