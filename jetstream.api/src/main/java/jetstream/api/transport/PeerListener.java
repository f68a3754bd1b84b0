package jetstream.api.transport;

import jetstream.api.NodeId;

/** Told when links come and go. Called by {@link Transport#poll} on the polling thread. */
public interface PeerListener {
    /**
     * Frames can flow both ways. Called again, after {@link #onPeerDown}, for every new process or re-established link.
     */
    void onPeerUp(PeerInfo peer);

    /** The peer's {@link TransportContext#attributes} changed while its link was up. */
    void onPeerChanged(PeerInfo peer);

    /** The peer has gone, or was silent for the transport's liveness time. */
    void onPeerDown(NodeId peer);
}
