package jetstream.transport.aeron;

import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.transport.FrameHandler;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerLink;
import jetstream.api.transport.PeerListener;
import jetstream.api.transport.Transport;
import jetstream.api.transport.TransportContext;
import jetstream.api.transport.TransportException;
import jetstream.wire.FrameDecoder;
import jetstream.wire.FrameHeader;
import jetstream.wire.LinkFrame;
import jetstream.wire.LinkFrameDecoder;
import jetstream.wire.Refusal;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * Frames between the nodes of a cluster by Aeron. See the package's README for the whole. Owner: the polling thread.
 */
final class AeronTransport implements Transport {
    private static final int PORT_ATTEMPTS = 16;
    private static final long MOVING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** How long a change is followed closely: the drivers answer some of each other's frames one duty cycle later. */
    private static final long CHANGE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** How long a transport that is closed goes on at the most, so that what was said before can leave. */
    private static final long LAST_WORDS_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Lane[] LANES = Lane.values();

    private final Media media;
    private final Channels channels;
    private final AeronTransportConfig config;
    private final InetSocketAddress localAddress;
    private final Self self;
    private final Links links;
    private final LogLimiter log;
    private final InboundLanes inbound;
    private final Activity activity = new Activity();
    private final Map<NodeId, AeronPeerLink[]> peerLinks = new HashMap<>();
    private final FrameHeader header = new FrameHeader();
    private final FrameDecoder decoder = new FrameDecoder();
    private final LinkFrameDecoder linkDecoder = new LinkFrameDecoder();
    private final Failures failures;
    private final Doorbell doorbell;
    private FrameHandler handler;
    private long pollNs;
    private long quietIntervalNs = MOVING_INTERVAL_NS;
    private long changeNs;
    private boolean hasPolled;
    private boolean hasWorked;
    private boolean isClosed;

    private AeronTransport(final TransportContext context, final AeronTransportConfig config, final Media media,
            final Failures failures) {
        this.media = media;
        this.config = config;
        this.failures = failures;
        this.channels = new Channels(config, media.receiveBufferLength());
        this.inbound = new InboundLanes(this::onMessage);
        this.localAddress = bind(context);
        this.log = new LogLimiter(context.log());
        this.doorbell = media.isShared() ? hang(context) : null;
        this.self = new Self(context, reach(context));
        this.links = new Links(self, new Wiring(), log, config.livenessTimeoutNs());
        final long nowNs = System.nanoTime();
        for (final URI route : context.routes()) {
            links.dialer().addRoute(route, self.credentials, nowNs);
        }
    }

    static AeronTransport open(final TransportContext context, final AeronTransportConfig config) {
        final Failures failures = new Failures(context.log());
        final Media media = Media.open(context, config, failures);
        try {
            return new AeronTransport(context, config, media, failures);
        } catch (final RuntimeException e) {
            media.close();
            throw e;
        }
    }

    @Override
    public void onPeers(final PeerListener listener) {
        links.listener(listener);
    }

    @Override
    public PeerLink link(final NodeId peer, final Lane lane) {
        return peerLinks.computeIfAbsent(peer, node -> newLinks())[lane.ordinal()];
    }

    @Override
    public int poll(final FrameHandler frameHandler, final int limit, final long nowNs) {
        if (isClosed) {
            return 0;
        }
        excuseOwnPause(nowNs);
        handler = frameHandler;
        activity.hasUnsent = false;
        activity.unsentBytes = 0;
        activity.hasUnfinished = false;
        if (doorbell != null) {
            doorbell.silence();
        }
        int work = media.doWork(hasWorked || quietIntervalNs >= config.idleIntervalNs());
        media.checkAlive();
        work += links.newTurn();
        if (inbound.takeChanged() | links.takeChanged()) {
            bindStreams();
            activity.hasChanged = true;
            work++;
        }
        failures.reading(true);
        work += inbound.poll(limit);
        failures.reading(false);
        work += links.step(nowNs);
        failures.rethrow();
        hasWorked = work > 0;
        return work;
    }

    @Override
    public void flush() {
        if (activity.hasUnsent && !isClosed) {
            activity.hasUnsent = !media.send(activity.unsentBytes);
            activity.unsentBytes = 0;
        }
    }

    @Override
    public long nextDeadlineNs(final long nowNs) {
        if (activity.hasUnsent) {
            return nowNs;
        }
        if (activity.hasMoved) {
            activity.hasMoved = false;
            quietIntervalNs = MOVING_INTERVAL_NS;
        } else {
            quietIntervalNs = Math.min(2 * quietIntervalNs, config.idleIntervalNs());
        }
        if (activity.hasChanged) {
            activity.hasChanged = false;
            changeNs = nowNs;
        }
        final boolean isWatchful = activity.hasUnfinished || media.isShared() || nowNs - changeNs < CHANGE_NS;
        final long longest = isWatchful ? MOVING_INTERVAL_NS : config.idleIntervalNs();
        return nowNs + Math.min(quietIntervalNs, longest);
    }

    @Override
    public void attributes(final Map<String, String> attributes) {
        if (!self.attributes().equals(attributes)) {
            self.attributes(attributes);
            links.announce();
        }
    }

    @Override
    public Collection<PeerInfo> peers() {
        return links.upPeers();
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            // What was said before, for instance that thousands of groups are led no more, comes first.
            media.drain(links::sayGoodbye, LAST_WORDS_NS);
            links.close();
            media.flush();
            CloseHelper.closeAll(media, doorbell);
        }
    }

    private static Doorbell hang(final TransportContext context) {
        try {
            return new Doorbell(context.channels());
        } catch (final IOException e) {
            throw new TransportException("no loopback UDP port for the doorbell: " + e.getMessage(), e);
        }
    }

    /** What peers shall use: as configured, else the address listened on if it is one, else what they see. */
    private String advertised(final TransportContext context) {
        if (context.advertise() != null && !context.advertise().isEmpty()) {
            return context.advertise();
        }
        // On one machine the source of a datagram says nothing: it leaves 127.0.0.2's server as 127.0.0.1.
        return localAddress.getAddress().isAnyLocalAddress() ? "" : localAddress.getAddress().getHostAddress();
    }

    private LinkFrame.Reach reach(final TransportContext context) {
        final String advertise = advertised(context);
        if (doorbell == null) {
            return new LinkFrame.Reach(advertise, localAddress.getPort(), media.driverId(), 0, 0);
        }
        final int ipcStream = ThreadLocalRandom.current().nextInt(1, 1 << 28) * LANES.length;
        inbound.subscribe(media.aeron(), lane -> "aeron:ipc", ipcStream);
        return new LinkFrame.Reach(advertise, localAddress.getPort(), media.driverId(), ipcStream, doorbell.port());
    }

    private InetSocketAddress bind(final TransportContext context) {
        final InetAddress host = listenAddress(context.host());
        if (context.port() > 0) {
            return subscribe(host, context.port(), context.host());
        }
        for (int attempt = 1; attempt < PORT_ATTEMPTS; attempt++) {
            try {
                return subscribe(host, freePort(host), context.host());
            } catch (final TransportException e) {
                context.log().line(false, "transport: picking another port: " + e.getMessage());
            }
        }
        return subscribe(host, freePort(host), context.host());
    }

    private InetSocketAddress subscribe(final InetAddress host, final int port, final String name) {
        try {
            inbound.subscribe(media.aeron(), lane -> channels.subscription(host, port, lane),
                    InboundLanes.FIRST_STREAM);
            return new InetSocketAddress(host, port);
        } catch (final AeronException e) {
            throw new TransportException("can not listen on UDP " + name + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static InetAddress listenAddress(final String host) {
        try {
            return host == null || host.isEmpty() ? InetAddress.ofLiteral("0.0.0.0") : Addresses.resolve(host);
        } catch (final UnknownHostException e) {
            throw new TransportException("can not listen on '" + host + "': unknown host", e);
        }
    }

    private static int freePort(final InetAddress host) {
        try (DatagramSocket probe = new DatagramSocket(0, host)) {
            return probe.getLocalPort();
        } catch (final IOException e) {
            throw new TransportException("no free UDP port at " + host + ": " + e.getMessage(), e);
        }
    }

    /** A process that was stopped for a while must not blame its peers for the silence. */
    private void excuseOwnPause(final long nowNs) {
        final long pauseNs = nowNs - pollNs;
        if (hasPolled && pauseNs > config.livenessTimeoutNs() / 2) {
            links.excuse(pauseNs);
        }
        hasPolled = true;
        pollNs = nowNs;
    }

    private void bindStreams() {
        for (final Lane lane : LANES) {
            for (final Inbound stream : inbound.streams(lane)) {
                stream.peer = links.owner(lane, stream.image.sessionId());
            }
        }
    }

    private static AeronPeerLink[] newLinks() {
        final AeronPeerLink[] lanes = new AeronPeerLink[LANES.length];
        for (final Lane lane : LANES) {
            lanes[lane.ordinal()] = new AeronPeerLink(lane);
        }
        return lanes;
    }

    private void onMessage(final Inbound from, final DirectBuffer buffer, final int offset, final int length) {
        final Refusal refusal = header.wrap(buffer, offset, length);
        if (refusal != Refusal.NONE) {
            malformed(from, refusal);
        } else if (header.isLinkFrame()) {
            onLinkFrame(from, buffer, offset, length);
        } else {
            onFrame(from, buffer, offset, length);
        }
    }

    private void onFrame(final Inbound from, final DirectBuffer buffer, final int offset, final int length) {
        final Peer peer = from.peer;
        if (peer == null || !peer.isUp) {
            return;
        }
        final Frame frame = decoder.decode(buffer, offset, length);
        if (frame == null) {
            malformed(from, decoder.refusal());
            return;
        }
        peer.lastHeardNs = pollNs;
        activity.hasMoved |= from.lane != Lane.CONTROL;
        final ByteBuffer payload = buffer.byteBuffer();
        handler.onFrame(peer.node, frame, payload, buffer.wrapAdjustment() + decoder.payloadOffset(),
                decoder.payloadLength());
    }

    private void onLinkFrame(final Inbound from, final DirectBuffer buffer, final int offset, final int length) {
        final LinkFrame frame = linkDecoder.decode(buffer, offset, length);
        if (frame == null) {
            malformed(from, linkDecoder.refusal());
            return;
        }
        if (frame instanceof final LinkFrame.Chunk chunk) {
            onChunk(from, chunk, buffer, offset);
            return;
        }
        if (from.lane != Lane.CONTROL) {
            malformed(from, Refusal.UNKNOWN_FRAME);
            return;
        }
        onConversation(from, frame);
    }

    private void onConversation(final Inbound from, final LinkFrame frame) {
        final Peer peer = from.peer;
        if (peer != null) {
            peer.lastHeardNs = pollNs;
        }
        switch (frame) {
            case LinkFrame.Hello hello -> {
                links.onHello(hello, from.sourceAddress(), pollNs);
                // Frames may follow in this very batch of messages.
                from.peer = links.owner(Lane.CONTROL, from.image.sessionId());
            }
            case LinkFrame.Refused refused -> links.onRefused(refused, from.sourceAddress(), pollNs);
            case LinkFrame.Keepalive keepalive when peer != null -> links.onKeepalive(peer, keepalive);
            case LinkFrame.Goodbye goodbye when peer != null -> links.onGoodbye(peer, goodbye);
            case LinkFrame.Keepalive _,LinkFrame.Goodbye _,LinkFrame.Chunk _ -> {
                // Of a link that is no more, or not yet.
            }
        }
    }

    private void onChunk(final Inbound from, final LinkFrame.Chunk chunk, final DirectBuffer buffer, final int offset) {
        final boolean isTrusted = from.peer != null && from.peer.isUp;
        final int lengthMax = isTrusted ? AeronTransportConfig.FRAME_LENGTH_MAX : 256 << 10;
        if (chunk.frameLength() > lengthMax || !isTrusted && from.lane != Lane.CONTROL) {
            malformed(from, Refusal.BAD_VALUE);
            return;
        }
        final Reassembly reassembly = from.reassembly;
        if (isTrusted) {
            from.peer.lastHeardNs = pollNs;
            activity.hasMoved |= from.lane != Lane.CONTROL;
        }
        if (reassembly.add(chunk.frameLength(), chunk.position(), buffer, offset + linkDecoder.payloadOffset(),
                linkDecoder.payloadLength())) {
            onMessage(from, reassembly.buffer(), 0, reassembly.frameLength());
            reassembly.release();
        }
    }

    private void malformed(final Inbound from, final Refusal refusal) {
        final String who = from.peer == null ? from.image.sourceIdentity() : from.peer.serverName;
        log.warn("malformed " + who + refusal, "transport: dropped a frame from " + who + " on lane " + from.lane + " "
                + refusal.description(), pollNs);
    }

    /** Lets the links open lanes and tells the holders of lanes. */
    private final class Wiring implements Links.Wiring {
        @Override
        public LaneSender openControl(final InetSocketAddress address) {
            return new LaneSender(media.aeron(), channels.publication(address, Lane.CONTROL), InboundLanes.FIRST_STREAM,
                    activity);
        }

        @Override
        public LaneSender open(final Peer peer, final Lane lane) {
            final LinkFrame.Reach reach = peer.hello.reach();
            if (doorbell != null && reach.driverId() == media.driverId() && reach.ipcStream() != 0) {
                peer.ring(doorbell, reach.doorbellPort());
                return new LaneSender(media.aeron(), channels.ipcPublication(lane), reach.ipcStream() + lane.ordinal(),
                        activity);
            }
            return new LaneSender(media.aeron(), channels.publication(peer.address, lane),
                    InboundLanes.FIRST_STREAM + lane.ordinal(), activity);
        }

        @Override
        public void connected(final Peer peer) {
            for (final AeronPeerLink link : peerLinks.computeIfAbsent(peer.node, node -> newLinks())) {
                link.connect(peer);
            }
        }

        @Override
        public void disconnected(final Peer peer) {
            final AeronPeerLink[] lanes = peerLinks.get(peer.node);
            if (lanes != null) {
                for (final AeronPeerLink link : lanes) {
                    link.disconnect(peer);
                }
            }
        }
    }
}
