package jetstream.api.transport;

import jetstream.api.NodeId;

/** Told when links come and go. Implemented by the node, called by {@link Transport#poll}. */
public interface PeerListener {
    /**
     * Frames can flow both ways. Called again, after {@link #onPeerDown}, for every new process or re-established link.
     *
     * <p>Thread: polling. Blocks: must not. Errors: what it throws ends the poll.
     */
    void onPeerUp(PeerInfo peer);

    /**
     * The peer's {@link TransportContext#attributes} changed while its link was up.
     *
     * <p>Thread: polling. Blocks: must not. Errors: as above.
     */
    void onPeerChanged(PeerInfo peer);

    /**
     * The peer has gone, or was silent for the transport's liveness time.
     *
     * <p>Thread: polling. Blocks: must not. Errors: as above.
     */
    void onPeerDown(NodeId peer);
}
