package jetstream.benchmarks;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.transport.FrameHandler;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerLink;
import jetstream.api.transport.PeerListener;
import jetstream.api.transport.Transport;
import jetstream.api.transport.TransportContext;
import jetstream.api.transport.TransportProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An append with its payload to a peer over UDP on loopback, and the answer back. Both transports, with their drivers,
 * are stepped by the measuring thread: this is the CPU of both ends and of the kernel between them, without any
 * wake-up.
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AeronBenchmark extends LayerBenchmark {
    private static final long CONNECT_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long ANSWER_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int FRAME_LIMIT = 64;
    private static final Frame APPEND = new RaftFrame.Append(7, 1, 100, 1, 99, 16, 0);
    private static final Frame REPLY = new RaftFrame.AppendReply(7, 1, true, 116, 116, 0);

    /** Bytes of entries in the append. */
    @Param({"256", "16384"}) public int payloadLength;

    private final FrameHandler onAnswer = this::onAnswer;
    private final FrameHandler onAppend = this::onAppend;
    private ByteBuffer payload;
    private Transport near;
    private Transport far;
    private NodeId nearNode;
    private NodeId farNode;
    private PeerLink toFar;
    private PeerLink toNear;
    private int answers;

    /** Two transports that know each other. */
    @Setup
    public void connect() {
        payload = ByteBuffer.allocateDirect(payloadLength).order(ByteOrder.LITTLE_ENDIAN);
        near = open("near", List.of());
        far = open("far", List.of(URI.create("nats://127.0.0.1:" + near.localAddress().getPort())));
        near.onPeers(new Peers(true));
        far.onPeers(new Peers(false));
        final long startNs = System.nanoTime();
        while (nearNode == null || farNode == null) {
            turn(startNs, CONNECT_LIMIT_NS);
        }
        toFar = near.link(farNode, Lane.DATA);
        toNear = far.link(nearNode, Lane.CONTROL);
    }

    /** Ends both. */
    @TearDown
    public void close() {
        far.close();
        near.close();
    }

    /** There and back. */
    @Benchmark
    public int roundTrip() {
        final int wanted = answers + 1;
        final long startNs = System.nanoTime();
        while (!toFar.offer(APPEND, payload, 0, payloadLength)) {
            turn(startNs, ANSWER_LIMIT_NS);
        }
        while (answers != wanted) {
            turn(startNs, ANSWER_LIMIT_NS);
        }
        return wanted;
    }

    private void turn(final long startNs, final long limitNs) {
        final long nowNs = System.nanoTime();
        near.poll(onAnswer, FRAME_LIMIT, nowNs);
        far.poll(onAppend, FRAME_LIMIT, nowNs);
        if (nowNs - startNs > limitNs) {
            throw new IllegalStateException("nothing came");
        }
    }

    private void onAppend(final NodeId from, final Frame frame, final ByteBuffer entries, final int offset,
            final int length) {
        if (frame instanceof RaftFrame.Append && !toNear.offer(REPLY)) {
            throw new IllegalStateException("answer not taken");
        }
    }

    private void onAnswer(final NodeId from, final Frame frame, final ByteBuffer none, final int offset,
            final int length) {
        if (frame instanceof RaftFrame.AppendReply) {
            answers++;
        }
    }

    private static Transport open(final String name, final List<URI> routes) {
        return ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(provider -> "aeron".equals(provider.name())).findFirst().orElseThrow()
                .open(new TransportContext("benchmark", name, name.hashCode(), "127.0.0.1", 0, "", routes, Map.of(), "",
                        Map.of(), _ -> () -> {}, (_, _) -> {}));
    }

    private final class Peers implements PeerListener {
        private final boolean isNear;

        Peers(final boolean isNear) {
            this.isNear = isNear;
        }

        @Override
        public void onPeerUp(final PeerInfo peer) {
            if (isNear) {
                farNode = peer.node();
            } else {
                nearNode = peer.node();
            }
        }

        @Override
        public void onPeerChanged(final PeerInfo peer) {
            // Attributes do not matter here.
        }

        @Override
        public void onPeerDown(final NodeId peer) {
            // The next round trip will say so.
        }
    }
}
