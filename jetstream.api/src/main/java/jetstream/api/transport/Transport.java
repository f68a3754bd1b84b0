package jetstream.api.transport;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import jetstream.api.NodeId;

/**
 * Frames between the nodes of a cluster. It promises little: a frame arrives whole and undamaged, or not at all; frames
 * of one lane to one peer arrive in order; none arrives from another cluster. A frame may be lost at any time, which
 * RAFT and the route agent repair. Nothing is durable.
 */
public interface Transport extends AutoCloseable {
    /**
     * Sets who is told of peers; before the first poll.
     *
     * <p>Thread: polling. Blocks: no. Errors: none.
     */
    void onPeers(PeerListener listener);

    /**
     * The lane to that peer; usable at any time, an offer to an unknown peer returns false. The same object for the
     * same peer and lane.
     *
     * <p>Thread: polling. Blocks: no. Errors: none.
     */
    PeerLink link(NodeId peer, Lane lane);

    /**
     * Does the transport's work and hands at most about {@code limit} frames to the handler, control lane first. Frames
     * that were offered leave this node in the next {@link #flush} or poll, so that one of them sends what a whole turn
     * of the owner has produced.
     *
     * <p>Thread: polling, which this call makes the owner of everything here. Blocks: no. Buffers: as
     * {@link FrameHandler} says. Errors: what the handler or a listener throws is thrown from here; trouble of a peer
     * or a socket is logged and shows as {@link PeerListener#onPeerDown}.
     *
     * @param nowNs monotonic nanoseconds
     * @return amount of work done; 0 lets the caller block in its selector until {@link #nextDeadlineNs}
     */
    int poll(FrameHandler handler, int limit, long nowNs);

    /**
     * Puts on the wire what was offered since the last poll or flush, as far as it goes without waiting; the rest goes
     * with later polls. Calls no handler. For an owner that is about to do something slow, or to block.
     *
     * <p>Thread: polling. Blocks: no. Errors: none.
     */
    void flush();

    /**
     * When {@link #poll} wants to be called even if no channel became readable; monotonic nanoseconds. Asked right
     * before the owner blocks: it is {@code nowNs} if something was offered since the last poll.
     *
     * <p>Thread: polling. Blocks: no. Errors: none.
     */
    long nextDeadlineNs(long nowNs);

    /**
     * Publishes new attributes of this server to all peers, now and when they connect.
     *
     * <p>Thread: polling. Blocks: no. Errors: none.
     */
    void attributes(Map<String, String> attributes);

    /**
     * Peers whose links are up; a copy.
     *
     * <p>Thread: polling. Blocks: no. Errors: none.
     */
    Collection<PeerInfo> peers();

    /**
     * The bound endpoint, with the real port.
     *
     * <p>Thread: any. Blocks: no. Errors: none.
     */
    InetSocketAddress localAddress();

    /**
     * Tells peers and closes. Idempotent. A port is free again when the selector that a channel was registered with has
     * looked once more.
     *
     * <p>Thread: polling. Blocks: shortly, while what was offered is sent. Errors: none; what goes wrong is logged.
     */
    @Override
    void close();
}
