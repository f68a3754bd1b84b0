package jetstream.wire;

import java.util.List;
import java.util.Map;
import jetstream.api.NodeId;

/** What the transports of two nodes say to each other about their link. Never reaches the layers above. */
public sealed interface LinkFrame {
    /** The conversation's version; servers of different ones refuse each other. */
    int PROTOCOL_VERSION = 1;

    /**
     * A server introduces itself; always its whole state, so that the newest one is enough.
     *
     * @param protocolVersion version of the conversation
     * @param identity who speaks
     * @param reach how to reach the speaker
     * @param link which link, and what is answered
     * @param sessions Aeron session ids of the speaker's four lanes to the receiver
     * @param attributes what the speaker's upper layers publish
     * @param known peers that the speaker has links to
     */
    record Hello(int protocolVersion, Identity identity, Reach reach, LinkIds link, Sessions sessions,
            Map<String, String> attributes, List<KnownPeer> known) implements LinkFrame {
        /** Whether the speaker knows only an address and wants to learn who is there. */
        public boolean isProbe() {
            return link.linkId() == 0;
        }
    }

    /**
     * Sent when nothing else told the peer that the link lives.
     *
     * @param linkId the speaker's id of the link
     * @param echoLinkId the receiver's id of the link
     * @param revision of the speaker's newest {@link Hello}
     * @param echoRevision last heard from the receiver
     */
    record Keepalive(long linkId, long echoLinkId, int revision, int echoRevision) implements LinkFrame {
    }

    /**
     * A hello that is not accepted.
     *
     * @param node who refuses
     * @param refusedBootId boot id of the refused hello
     * @param dialToken its dial token
     * @param reason why
     * @param detail the sentence that the refusing side logs
     */
    record Refused(NodeId node, long refusedBootId, long dialToken, RefusalReason reason, String detail)
            implements LinkFrame {
    }

    /** The speaker closes its link of that id in good order. */
    record Goodbye(long linkId) implements LinkFrame {
    }

    /**
     * A part of a large frame; the bytes are the payload.
     *
     * @param frameLength length of the whole frame in bytes
     * @param position offset of this part in it
     */
    record Chunk(int frameLength, int position) implements LinkFrame {
    }

    /** Why a handshake is refused. */
    enum RefusalReason {
        /** The cluster names differ. */
        CLUSTER_NAME,
        /** Another live server has this server name. */
        DUPLICATE_NAME,
        /** The route credentials are wrong or missing. */
        CREDENTIALS,
        /** The protocol versions do not fit. */
        PROTOCOL,
        /** The servers hold data of two different cluster incarnations. */
        INCARNATION
    }

    /**
     * Who speaks.
     *
     * @param clusterName cluster
     * @param serverName server
     * @param node hash of the server name
     * @param bootId random number of the process
     * @param user user of the route credentials, or empty
     * @param proof keyed hash that proves the password, or empty
     */
    record Identity(String clusterName, String serverName, NodeId node, long bootId, String user, String proof) {
    }

    /**
     * How to reach the speaker.
     *
     * @param advertise {@code host} or {@code host:port}, or empty: the address seen
     * @param port UDP port of its endpoint
     * @param driverId id of its media driver
     * @param ipcStream first of its IPC streams, or 0
     * @param doorbellPort loopback UDP port that wakes it, or 0
     */
    record Reach(String advertise, int port, long driverId, int ipcStream, int doorbellPort) {
    }

    /**
     * Which link, and what is answered.
     *
     * @param linkId the speaker's id of the link; 0: a probe
     * @param echoLinkId the receiver's id of the link, as last heard; 0: none
     * @param dialToken of a probe: names the dialled address; else the echo of the probe's, or 0
     * @param revision raised with every change of the hello
     */
    record LinkIds(long linkId, long echoLinkId, long dialToken, int revision) {
    }

    /**
     * Aeron session ids by lane.
     *
     * @param control of the control lane
     * @param data of the data lane
     * @param bulk of the bulk lane
     * @param route of the route lane
     */
    record Sessions(int control, int data, int bulk, int route) {
    }

    /**
     * Gossip.
     *
     * @param node the peer
     * @param host its address as the speaker reaches it
     * @param port its port
     */
    record KnownPeer(NodeId node, String host, int port) {
    }
}
