package jetstream.transport.aeron;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.wire.LinkFrame;

/**
 * A link to a node whose hello was accepted, from its first hello until it is down. State of the handshake; {@link
 * Links} decides. Owner: the polling thread.
 *
 * <p>A link is named by a pair of ids, one chosen by each side and rising within a process. When either changes, the
 * link is another one: both sides take it down, drop what was in flight and open new publications.
 */
final class Peer {
    private static final Lane[] LANES = Lane.values();

    final NodeId node;
    final String serverName;
    final long bootId;
    final InetSocketAddress address;
    final boolean isSolicited;
    final String credentials;
    final long openedNs;
    private final LaneSender[] senders = new LaneSender[LANES.length];
    private Doorbell doorbell;
    private InetSocketAddress doorbellAddress;
    private boolean isRingDue;

    /** Our id of this link. */
    final long linkId;
    /** The peer's id of this link. */
    long theirLinkId;
    /** Whether the peer has heard our {@link #linkId}, and so is ready to take frames. */
    boolean isHeard;
    /** Whether our last hello told the peer that we are ready for its {@link #theirLinkId}. */
    boolean isEchoed;
    boolean isUp;
    /** It was told that this node leaves. */
    boolean isDismissed;
    /** A hello is due now, without waiting for its interval. */
    boolean isHelloDue = true;
    long dialTokenToEcho;
    LinkFrame.Hello hello;
    long lastHeardNs;
    long lastSentNs;
    long lastHelloNs;
    int theirRevisionHeard;

    /**
     * A link in the making.
     *
     * @param dial the dial that the hello answers, or null if the peer made contact
     * @param ownCredentials what is presented to a peer that made contact
     */
    Peer(final LinkFrame.Hello hello, final InetSocketAddress address, final Dial dial, final String ownCredentials,
            final long linkId, final long nowNs) {
        this.node = hello.identity().node();
        this.serverName = hello.identity().serverName();
        this.bootId = hello.identity().bootId();
        this.address = address;
        this.isSolicited = dial != null;
        this.credentials = dial == null ? ownCredentials : dial.credentials;
        this.linkId = linkId;
        this.openedNs = nowNs;
        this.lastHeardNs = nowNs;
        this.hello = hello;
        this.theirLinkId = hello.link().linkId();
    }

    void open(final SenderFactory factory) {
        for (final Lane lane : LANES) {
            senders[lane.ordinal()] = factory.open(lane);
        }
    }

    /** Lanes go through shared memory: wakes the peer when something was put there. */
    void ring(final Doorbell newDoorbell, final int port) {
        doorbell = newDoorbell;
        doorbellAddress = Doorbell.at(port);
    }

    /** Whether lanes go through shared memory. */
    boolean isInMemory() {
        return doorbell != null;
    }

    /** Whether all lanes have a receiver. */
    boolean isConnected() {
        for (final LaneSender sender : senders) {
            if (!sender.isConnected()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the driver has opened all lanes, so that {@link #sessions} can be told. */
    boolean isOpen() {
        for (final LaneSender sender : senders) {
            if (!sender.isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** Why a lane could not be opened, or null. */
    String failure() {
        for (final LaneSender sender : senders) {
            if (sender.failure() != null) {
                return sender + ": " + sender.failure();
            }
        }
        return null;
    }

    LinkFrame.Sessions sessions() {
        return new LinkFrame.Sessions(senders[0].sessionId(), senders[1].sessionId(), senders[2].sessionId(),
                senders[3].sessionId());
    }

    /** Session id that the peer announced for a lane. */
    int theirSession(final Lane lane) {
        return switch (lane) {
            case CONTROL -> hello.sessions().control();
            case DATA -> hello.sessions().data();
            case BULK -> hello.sessions().bulk();
            case ROUTE -> hello.sessions().route();
        };
    }

    boolean offer(final Lane lane, final Frame frame, final ByteBuffer payload, final int offset, final int length) {
        return sent(senders[lane.ordinal()].offer(frame, payload, offset, length));
    }

    boolean offer(final LinkFrame frame) {
        return sent(senders[Lane.CONTROL.ordinal()].offer(frame));
    }

    /** Starts a turn: wakes the peer for what was sent in the last one, sends what large frames left behind. */
    int newTurn() {
        int work = 0;
        for (final LaneSender sender : senders) {
            if (sender.hasRest()) {
                work += sender.drain();
            }
        }
        if (isRingDue || doorbell != null && work > 0) {
            isRingDue = false;
            doorbell.ring(doorbellAddress);
        }
        return work;
    }

    void close(final boolean isRevoked) {
        for (final LaneSender sender : senders) {
            sender.close(isRevoked);
        }
    }

    PeerInfo info(final boolean isConfigured) {
        return new PeerInfo(node, serverName, bootId, address.getAddress().getHostAddress(), address.getPort(),
                isConfigured, isSolicited, hello.attributes());
    }

    private boolean sent(final boolean isSent) {
        isRingDue |= isSent && doorbell != null;
        return isSent;
    }

    /** Opens the lanes' publications. */
    @FunctionalInterface
    interface SenderFactory {
        LaneSender open(Lane lane);
    }
}
