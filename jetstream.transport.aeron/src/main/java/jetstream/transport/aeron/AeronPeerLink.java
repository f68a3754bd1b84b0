package jetstream.transport.aeron;

import java.nio.ByteBuffer;
import jetstream.api.frame.Frame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerLink;

/** The lane that upper layers hold; outlives the links that come and go under it. Owner: the polling thread. */
final class AeronPeerLink implements PeerLink {
    private final Lane lane;
    private Peer peer;

    AeronPeerLink(final Lane lane) {
        this.lane = lane;
    }

    /** Points at the link that is up now. */
    void connect(final Peer newPeer) {
        peer = newPeer;
    }

    /** Forgets that link; another one that took its place stays. */
    void disconnect(final Peer oldPeer) {
        if (peer == oldPeer) {
            peer = null;
        }
    }

    @Override
    public boolean offer(final Frame frame, final ByteBuffer payload, final int offset, final int length) {
        return peer != null && peer.offer(lane, frame, payload, offset, length);
    }
}
