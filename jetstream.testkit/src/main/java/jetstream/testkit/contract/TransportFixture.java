package jetstream.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerLink;
import jetstream.api.transport.PeerListener;
import jetstream.api.transport.Transport;
import jetstream.api.transport.TransportContext;
import jetstream.api.transport.TransportProvider;

/**
 * Several transports, stepped by the calling thread, which blocks in one selector when none has work: the way a server
 * uses them. Owner: the test's thread.
 */
public final class TransportFixture implements AutoCloseable {
    private static final int FRAME_LIMIT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TransportProvider provider;
    private final Map<String, String> settings;
    private final Selector selector;
    private final List<Node> nodes = new ArrayList<>();

    /** Nodes of that provider, all with those settings. */
    public TransportFixture(final TransportProvider provider, final Map<String, String> settings) {
        this.provider = provider;
        this.settings = settings;
        try {
            this.selector = Selector.open();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a node is started with; change copies of it. */
    public record Plan(String clusterName, String serverName, int port, List<URI> routes, String credentials,
            Map<String, String> attributes, Map<String, String> settings, String advertise) {
        /** Another cluster name. */
        public Plan cluster(final String name) {
            return new Plan(name, serverName, port, routes, credentials, attributes, settings, advertise);
        }

        /** Listens at that port. */
        public Plan at(final int newPort) {
            return new Plan(clusterName, serverName, newPort, routes, credentials, attributes, settings, advertise);
        }

        /** Routes to those nodes. */
        public Plan to(final Node... targets) {
            final List<URI> uris = new ArrayList<>();
            for (final Node target : targets) {
                uris.add(target.route());
            }
            return routes(uris);
        }

        /** Those routes. */
        public Plan routes(final List<URI> uris) {
            return new Plan(clusterName, serverName, port, uris, credentials, attributes, settings, advertise);
        }

        /** {@code user:password}. */
        public Plan credentials(final String text) {
            return new Plan(clusterName, serverName, port, routes, text, attributes, settings, advertise);
        }

        /** First attributes. */
        public Plan attributes(final Map<String, String> map) {
            return new Plan(clusterName, serverName, port, routes, credentials, map, settings, advertise);
        }

        /** {@code host:port} at which others shall reach it. */
        public Plan advertise(final String text) {
            return new Plan(clusterName, serverName, port, routes, credentials, attributes, settings, text);
        }

        /** The plug-in's settings. */
        public Plan settings(final Map<String, String> map) {
            return new Plan(clusterName, serverName, port, routes, credentials, attributes, map, advertise);
        }
    }

    /** A frame as it arrived. */
    public record Received(NodeId from, Frame frame, byte[] payload) {
    }

    /** Starts a node; listens on a free loopback port unless the plan says otherwise. */
    public Node start(final String serverName, final UnaryOperator<Plan> change) {
        final Plan plan = change.apply(new Plan("cluster", serverName, 0, List.of(), "", Map.of(), settings, ""));
        final Node node = new Node(plan);
        nodes.add(node);
        return node;
    }

    /** Steps all nodes that run until the condition holds. */
    public void await(final String what, final BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    /** Steps all nodes that run until the condition holds, at the longest for that time. */
    public void await(final String what, final Duration patience, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError("not within " + patience + ": " + what + "; " + nodes);
            }
            step();
        }
    }

    /** Steps all nodes that run for that time. */
    public void run(final Duration duration) {
        final long deadlineNs = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - deadlineNs < 0) {
            step();
        }
    }

    /** Polls every running node once; blocks in the selector as long as they allow if none had work. */
    public void step() {
        int work = 0;
        for (final Node node : nodes) {
            work += node.poll();
        }
        if (work == 0) {
            block();
        }
    }

    @Override
    public void close() {
        for (final Node node : nodes) {
            node.close();
        }
        try {
            selector.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void block() {
        final long nowNs = System.nanoTime();
        long waitNs = TimeUnit.MILLISECONDS.toNanos(100);
        for (final Node node : nodes) {
            waitNs = Math.min(waitNs, node.waitNs(nowNs));
        }
        try {
            if (waitNs < TimeUnit.MILLISECONDS.toNanos(1)) {
                selector.selectNow();
            } else {
                selector.select(TimeUnit.NANOSECONDS.toMillis(waitNs));
            }
            selector.selectedKeys().clear();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A channel that was closed while registered keeps its port until the selector has looked at it once more. */
    private void releaseChannels() {
        try {
            selector.selectNow();
            selector.selectedKeys().clear();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AutoCloseable register(final SelectableChannel channel) {
        try {
            final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            return key::cancel;
        } catch (final ClosedChannelException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One transport and what it told. */
    public final class Node implements PeerListener, AutoCloseable {
        private final Plan plan;
        private final Transport transport;
        private final List<Received> received = new ArrayList<>();
        private final List<PeerInfo> ups = new ArrayList<>();
        private final List<PeerInfo> changes = new ArrayList<>();
        private final List<NodeId> downs = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();
        private boolean isPaused;
        private boolean isClosed;

        private Node(final Plan plan) {
            this.plan = plan;
            this.transport = provider.open(new TransportContext(plan.clusterName(), plan.serverName(),
                    ThreadLocalRandom.current().nextLong(), "127.0.0.1", plan.port(), plan.advertise(), plan.routes(),
                    plan.settings(),
                    plan.credentials(), plan.attributes(), TransportFixture.this::register,
                    (warning, text) -> lines.add(text)));
            transport.onPeers(this);
        }

        /** Identity. */
        public NodeId id() {
            return NodeId.of(plan.serverName());
        }

        /** URI that leads here. */
        public URI route() {
            return URI.create("nats-route://127.0.0.1:" + port());
        }

        /** Bound port. */
        public int port() {
            return transport.localAddress().getPort();
        }

        /** The transport under test. */
        public Transport transport() {
            return transport;
        }

        /** A lane to a node. */
        public PeerLink link(final Node peer, final Lane lane) {
            return transport.link(peer.id(), lane);
        }

        /** Frames so far. */
        public List<Received> received() {
            return received;
        }

        /** Calls of onPeerUp so far. */
        public List<PeerInfo> ups() {
            return ups;
        }

        /** Calls of onPeerChanged so far. */
        public List<PeerInfo> changes() {
            return changes;
        }

        /** Calls of onPeerDown so far. */
        public List<NodeId> downs() {
            return downs;
        }

        /** Whether a line of the log contains that text. */
        public boolean hasLogged(final String text) {
            return lines.stream().anyMatch(line -> line.contains(text));
        }

        /** Whether the link to that node is up. */
        public boolean isLinked(final Node peer) {
            return transport.peers().stream().anyMatch(info -> info.node().equals(peer.id()));
        }

        /** Stops polling, as a process that is stopped; polls again. */
        public void pause(final boolean paused) {
            isPaused = paused;
        }

        /** Polls once, handling at most that many frames. */
        public int poll(final int limit) {
            return transport.poll(this::onFrame, limit, System.nanoTime());
        }

        @Override
        public void onPeerUp(final PeerInfo peer) {
            ups.add(peer);
        }

        @Override
        public void onPeerChanged(final PeerInfo peer) {
            changes.add(peer);
        }

        @Override
        public void onPeerDown(final NodeId peer) {
            downs.add(peer);
        }

        @Override
        public void close() {
            isClosed = true;
            transport.close();
            releaseChannels();
        }

        @Override
        public String toString() {
            return plan.serverName() + " at " + port() + " ups " + ups.size() + " downs " + downs.size() + " frames "
                    + received.size() + " log " + lines;
        }

        private int poll() {
            return isPaused || isClosed ? 0 : poll(FRAME_LIMIT);
        }

        private long waitNs(final long nowNs) {
            return isPaused || isClosed ? Long.MAX_VALUE : transport.nextDeadlineNs(nowNs) - nowNs;
        }

        private void onFrame(final NodeId from, final Frame frame, final ByteBuffer payload, final int offset,
                final int length) {
            final byte[] bytes = new byte[length];
            payload.get(offset, bytes);
            received.add(new Received(from, frame, bytes));
        }
    }
}
