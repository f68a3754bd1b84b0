package jetstream.transport.aeron;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jetstream.api.NodeId;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerListener;
import jetstream.wire.LinkFrame;

/**
 * Makes, watches and ends links. Owner: the polling thread.
 *
 * <p>Rules, by number for the tests:
 * <ol>
 * <li>L1: a link is up when all our lanes have a receiver, the peer's hello named our link id, and ours named its.
 * <li>L2: we name the peer's link id only when all our lanes have a receiver. So a peer that is up may send at once.
 * <li>L3: a new boot id or link id of a peer ends the link that was there; ids of a process only rise, older ones are
 * stale.
 * <li>L4: a boot id that was replaced at its own address never comes back.
 * <li>L5: while a process of that name is heard at another address, a second one is refused.
 * </ol>
 */
final class Links {
    private static final long HELLO_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HANDSHAKE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int KNOWN_MAX = 64;
    private static final LinkFrame.Sessions NO_SESSIONS = new LinkFrame.Sessions(0, 0, 0, 0);

    private final Self self;
    private final Wiring wiring;
    private final Dialer dialer;
    private final Refusals refusals;
    private final LogLimiter log;
    private final long livenessTimeoutNs;
    private final Map<NodeId, Peer> peers = new HashMap<>();
    /** The same peers; replaced when one comes or goes, so that a turn walks over it without garbage. */
    private Peer[] current = {};
    private final RetiredBoots retired = new RetiredBoots();
    private PeerListener listener;
    private long nextLinkId = 1;
    private boolean isChanged;

    Links(final Self self, final Wiring wiring, final LogLimiter log, final long livenessTimeoutNs) {
        this.self = self;
        this.wiring = wiring;
        this.log = log;
        this.livenessTimeoutNs = livenessTimeoutNs;
        this.dialer = new Dialer(new DialerCallbacks(), log);
        this.refusals = new Refusals(self, wiring::openControl, log);
    }

    Dialer dialer() {
        return dialer;
    }

    void listener(final PeerListener newListener) {
        listener = newListener;
    }

    Collection<PeerInfo> upPeers() {
        final List<PeerInfo> infos = new ArrayList<>();
        for (final Peer peer : peers.values()) {
            if (peer.isUp) {
                infos.add(info(peer));
            }
        }
        return infos;
    }

    /** Sends every peer a new hello. */
    void announce() {
        for (final Peer peer : peers.values()) {
            peer.isHelloDue = true;
        }
    }

    /** Whether links or their sessions changed since the last call: who owns which stream must be found anew. */
    boolean takeChanged() {
        final boolean was = isChanged;
        isChanged = false;
        return was;
    }

    /** The link whose lane has that session, or null. */
    Peer owner(final Lane lane, final int sessionId) {
        for (final Peer peer : peers.values()) {
            if (peer.theirLinkId != 0 && peer.theirSession(lane) == sessionId) {
                return peer;
            }
        }
        return null;
    }

    /** This process was not running for that long: silence was ours, not the peers'. */
    void excuse(final long pauseNs) {
        for (final Peer peer : peers.values()) {
            peer.lastHeardNs += pauseNs;
        }
    }

    void onHello(final LinkFrame.Hello hello, final String sourceAddress, final long nowNs) {
        final LinkFrame.Identity identity = hello.identity();
        if (identity.node().equals(self.node) && identity.bootId() == self.bootId) {
            dialer.foundSelf(hello.link().dialToken());
            return;
        }
        final Dial dial = hello.isProbe() ? null : dialer.byToken(hello.link().dialToken());
        final InetSocketAddress address = dial != null && dial.address != null
                ? dial.address : Addresses.replyTo(hello.reach(), sourceAddress);
        final Self.Objection objection = objection(hello, address, nowNs);
        if (objection != null) {
            refusals.refuse(hello, address, objection, nowNs);
            endRefused(identity, objection);
            return;
        }
        if (isRetired(identity)) {
            return;
        }
        if (dial != null) {
            dial.node = identity.node();
        }
        final Peer peer = peerFor(hello, address, dial, nowNs);
        peer.lastHeardNs = nowNs;
        if (hello.isProbe()) {
            peer.dialTokenToEcho = hello.link().dialToken();
            peer.isHelloDue = true;
        } else {
            take(peer, hello, nowNs);
        }
    }

    void onKeepalive(final Peer peer, final LinkFrame.Keepalive keepalive) {
        if (keepalive.linkId() == peer.theirLinkId && keepalive.echoLinkId() == peer.linkId
                && keepalive.echoRevision() != self.revision()) {
            peer.isHelloDue = true;
        }
    }

    void onGoodbye(final Peer peer, final LinkFrame.Goodbye goodbye) {
        if (goodbye.linkId() == peer.theirLinkId) {
            end(peer, "it said goodbye", true);
        }
    }

    void onRefused(final LinkFrame.Refused refused, final String sourceAddress, final long nowNs) {
        if (refused.refusedBootId() != self.bootId) {
            return;
        }
        final Dial dial = dialer.byToken(refused.dialToken());
        refusals.refusedBy(refused, dial == null ? "the server at " + sourceAddress : dial.target.toString(), nowNs);
        dialer.refused(refused.dialToken(), nowNs);
        final Peer peer = peers.get(refused.node());
        if (peer != null && !peer.isUp) {
            remove(peer, true);
        }
    }

    /** Starts a turn of all links; amount of work done. */
    int newTurn() {
        int work = 0;
        for (final Peer peer : current) {
            work += peer.newTurn();
        }
        return work;
    }

    int step(final long nowNs) {
        int work = dialer.step(nowNs) + refusals.step(nowNs);
        for (final Peer peer : current) {
            work += peer.isUp ? stepUp(peer, nowNs) : stepHandshake(peer, nowNs);
        }
        return work;
    }

    /** Says goodbye to those who were not told yet; false if a link that is up had no room for it. */
    boolean sayGoodbye() {
        boolean isSaid = true;
        for (final Peer peer : peers.values()) {
            peer.isDismissed = peer.isDismissed || peer.offer(new LinkFrame.Goodbye(peer.linkId));
            isSaid &= peer.isDismissed || !peer.isUp;
        }
        return isSaid;
    }

    /** The driver must run a little longer for the last words to leave. */
    void close() {
        dialer.close();
        refusals.close();
        for (final Peer peer : peers.values()) {
            wiring.disconnected(peer);
            peer.close(false);
        }
        peers.clear();
        current = new Peer[0];
    }

    private Self.Objection objection(final LinkFrame.Hello hello, final InetSocketAddress address, final long nowNs) {
        final Self.Objection objection = self.objection(hello);
        if (objection != null) {
            return objection;
        }
        final Peer peer = peers.get(hello.identity().node());
        final boolean isOther = peer != null && peer.bootId != hello.identity().bootId();
        if (isOther && peer.isUp && !peer.address.equals(address) && !isRetired(hello.identity())) {
            return new Self.Objection(LinkFrame.RefusalReason.DUPLICATE_NAME, "a server named '" + peer.serverName
                    + "' is already linked from " + Addresses.text(peer.address));
        }
        return null;
    }

    /** A peer that was welcome so far has changed: it found itself in another incarnation, for instance. */
    private void endRefused(final LinkFrame.Identity identity, final Self.Objection objection) {
        final Peer peer = peers.get(identity.node());
        if (peer != null && peer.bootId == identity.bootId()) {
            end(peer, "it is refused from now on: " + objection.detail(), true);
        }
    }

    /** The link that the hello belongs to: the one that is there, or a new one (L3). */
    private Peer peerFor(final LinkFrame.Hello hello, final InetSocketAddress address, final Dial dial,
            final long nowNs) {
        final Peer known = peers.get(hello.identity().node());
        if (known == null) {
            return begin(hello, address, dial, nowNs);
        }
        if (known.bootId != hello.identity().bootId()) {
            if (known.address.equals(address)) {
                retired.add(known.node, known.bootId);     // two processes can not hold one port: that one is dead
            }
            end(known, "it was started anew", false);
            return begin(hello, address, dial, nowNs);
        }
        final long linkId = hello.link().linkId();
        if (known.isUp && linkId > known.theirLinkId) {
            end(known, "it began a new link", false);
            return begin(hello, address, dial, nowNs);
        }
        // The address it was seen at leads nowhere, but the one that was dialled does.
        if (!known.isUp && dial != null && !known.address.equals(address) && !known.isConnected()) {
            remove(known, true);
            return begin(hello, address, dial, nowNs);
        }
        return known;
    }

    private void take(final Peer peer, final LinkFrame.Hello hello, final long nowNs) {
        final long linkId = hello.link().linkId();
        if (linkId < peer.theirLinkId) {
            return;
        }
        final boolean hasNewAttributes = !hello.attributes().equals(peer.hello.attributes());
        if (linkId != peer.theirLinkId) {
            peer.theirLinkId = linkId;
            peer.isEchoed = false;
            peer.isHelloDue = true;
        }
        peer.isHeard = hello.link().echoLinkId() == peer.linkId;
        peer.theirRevisionHeard = hello.link().revision();
        peer.hello = hello;
        isChanged = true;
        for (final LinkFrame.KnownPeer known : hello.known()) {
            if (!known.node().equals(self.node) && !peers.containsKey(known.node())) {
                dialer.learn(known.node(), known.host(), known.port(), self.credentials, nowNs);
            }
        }
        if (peer.isUp && hasNewAttributes && listener != null) {
            listener.onPeerChanged(info(peer));
        }
    }

    private Peer begin(final LinkFrame.Hello hello, final InetSocketAddress address, final Dial dial,
            final long nowNs) {
        final Peer peer = new Peer(hello, address, dial, self.credentials, nextLinkId++, nowNs);
        peer.open(lane -> wiring.open(peer, lane));
        peers.put(peer.node, peer);
        current = peers.values().toArray(new Peer[peers.size()]);
        isChanged = true;
        return peer;
    }

    private int stepHandshake(final Peer peer, final long nowNs) {
        final String failure = peer.failure();
        if (failure != null) {
            log.warn("link " + peer.serverName, "cluster link: no lane to '" + peer.serverName + "': " + failure,
                    nowNs);
            dialer.backOff(peer.node, nowNs);
            remove(peer, true);
            return 1;
        }
        if (nowNs - peer.openedNs >= HANDSHAKE_TIMEOUT_NS) {
            log.warn("handshake " + peer.serverName, "cluster link: server '" + peer.serverName + "' is heard, but "
                    + Addresses.text(peer.address) + " does not answer", nowNs);
            dialer.backOff(peer.node, nowNs);
            remove(peer, true);
            return 1;
        }
        final boolean isReady = peer.isConnected();
        if (isReady && peer.theirLinkId != 0 && !peer.isEchoed) {
            peer.isHelloDue = true;
        }
        int work = sendHello(peer, isReady, nowNs);
        if (isReady && peer.isHeard && peer.isEchoed) {
            up(peer);
            work++;
        }
        return work;
    }

    private int stepUp(final Peer peer, final long nowNs) {
        if (nowNs - peer.lastHeardNs >= livenessTimeoutNs) {
            peer.offer(new LinkFrame.Goodbye(peer.linkId));
            end(peer, "it was silent for " + TimeUnit.NANOSECONDS.toMillis(nowNs - peer.lastHeardNs) + " ms", true);
            dialer.learn(peer.node, peer.address.getAddress().getHostAddress(), peer.address.getPort(),
                    peer.credentials,
                    nowNs);
            return 1;
        }
        if (peer.isHelloDue) {
            return sendHello(peer, true, nowNs);
        }
        if (nowNs - peer.lastSentNs >= livenessTimeoutNs / 4 && peer.offer(new LinkFrame.Keepalive(peer.linkId,
                peer.theirLinkId, self.revision(), peer.theirRevisionHeard))) {
            peer.lastSentNs = nowNs;
            return 1;
        }
        return 0;
    }

    private int sendHello(final Peer peer, final boolean isReady, final long nowNs) {
        final boolean isDue = peer.isHelloDue || nowNs - peer.lastHelloNs >= HELLO_INTERVAL_NS;
        if (!isDue || !peer.isOpen()) {
            return 0;
        }
        final long echo = isReady ? peer.theirLinkId : 0;       // L2
        final LinkFrame.LinkIds ids = new LinkFrame.LinkIds(peer.linkId, echo, peer.dialTokenToEcho, self.revision());
        final LinkFrame.Hello hello = new LinkFrame.Hello(LinkFrame.PROTOCOL_VERSION, self.identity(peer.credentials),
                self.reach(), ids, peer.sessions(), self.attributes(), known(peer));
        if (!peer.offer(hello)) {
            return 0;
        }
        peer.isHelloDue = false;
        peer.isEchoed = echo != 0;
        peer.lastHelloNs = nowNs;
        peer.lastSentNs = nowNs;
        return 1;
    }

    private List<LinkFrame.KnownPeer> known(final Peer receiver) {
        final List<LinkFrame.KnownPeer> known = new ArrayList<>();
        for (final Peer peer : peers.values()) {
            if (peer.isUp && peer != receiver && known.size() < KNOWN_MAX) {
                known.add(new LinkFrame.KnownPeer(peer.node, peer.address.getAddress().getHostAddress(),
                        peer.address.getPort()));
            }
        }
        return known;
    }

    private void up(final Peer peer) {
        peer.isUp = true;
        isChanged = true;
        wiring.connected(peer);
        self.revise();
        announce();
        log.line("cluster link: up with '" + peer.serverName + "' at " + Addresses.text(peer.address)
                + (peer.isInMemory() ? " through shared memory" : ""));
        if (listener != null) {
            listener.onPeerUp(info(peer));
        }
    }

    /** Ends a link that was perhaps up. Lingering: what was said last shall still arrive. */
    private void end(final Peer peer, final String why, final boolean isLingering) {
        remove(peer, !isLingering);
        if (!peer.isUp) {
            return;
        }
        peer.isUp = false;
        self.revise();
        announce();
        log.line("cluster link: down with '" + peer.serverName + "' at " + Addresses.text(peer.address) + ": " + why);
        if (listener != null) {
            listener.onPeerDown(peer.node);
        }
    }

    private void remove(final Peer peer, final boolean isRevoked) {
        peers.remove(peer.node, peer);
        current = peers.values().toArray(new Peer[peers.size()]);
        isChanged = true;
        wiring.disconnected(peer);
        peer.close(isRevoked);
    }

    private boolean isRetired(final LinkFrame.Identity identity) {
        return retired.contains(identity.node(), identity.bootId());      // L4
    }

    private PeerInfo info(final Peer peer) {
        return peer.info(dialer.configured(peer.node) != null);
    }

    /** What the links need of the transport. */
    interface Wiring {
        /** Opens a control lane for a few words. */
        LaneSender openControl(InetSocketAddress address);

        /** Opens a lane of a link. */
        LaneSender open(Peer peer, Lane lane);

        /** Frames may be offered now. */
        void connected(Peer peer);

        /** No more. */
        void disconnected(Peer peer);
    }

    private final class DialerCallbacks implements Dialer.Callbacks {
        @Override
        public boolean isLinked(final NodeId node) {
            return peers.containsKey(node);
        }

        @Override
        public LaneSender open(final InetSocketAddress address) {
            return wiring.openControl(address);
        }

        @Override
        public LinkFrame probe(final Dial dial) {
            return new LinkFrame.Hello(LinkFrame.PROTOCOL_VERSION, self.identity(dial.credentials), self.reach(),
                    new LinkFrame.LinkIds(0, 0, dial.token, self.revision()), NO_SESSIONS, self.attributes(),
                    List.of());
        }
    }
}
