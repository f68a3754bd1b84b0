package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.frame.RaftFrame;
import jetstream.api.transport.Lane;
import jetstream.testkit.contract.TransportFixture;
import jetstream.testkit.contract.TransportFixture.Node;
import org.junit.jupiter.api.Test;

/** Links over a network that loses, doubles and reorders; also over addresses that only {@code advertise} tells. */
final class LossyNetworkTest {
    private static final int FRAMES = 3_000;
    private static final long SEED = 4222;

    @Test
    void framesArriveInOrderThoughOneInFiftyDatagramsIsLost() throws IOException {
        final DatagramChannel frontOfA = LossyProxy.bind();
        final DatagramChannel frontOfB = LossyProxy.bind();
        try (TransportFixture fixture = new TransportFixture(new AeronTransportProvider(), Map.of("mtu", "1408"))) {
            final Node a = fixture.start("a", plan -> plan.advertise(addressOf(frontOfA)));
            final Node b = fixture.start("b", plan -> plan.advertise(addressOf(frontOfB))
                    .routes(List.of(URI.create("nats://" + addressOf(frontOfA)))));
            try (LossyProxy proxyOfA = new LossyProxy(frontOfA, a.port(), 0.02, SEED);
                    LossyProxy proxyOfB = new LossyProxy(frontOfB, b.port(), 0.02, SEED + 1)) {
                fixture.await("link", () -> a.isLinked(b) && b.isLinked(a));
                assertEquals(((InetSocketAddress) frontOfB.getLocalAddress()).getPort(), a.ups().getFirst().port());
                send(fixture, a, b);
                assertTrue(proxyOfA != null && proxyOfB != null && a.downs().isEmpty() && b.downs().isEmpty());
            }
        }
    }

    private static void send(final TransportFixture fixture, final Node a, final Node b) {
        final byte[] bytes = new byte[100_000];
        new Random(SEED).nextBytes(bytes);
        final ByteBuffer payload = ByteBuffer.wrap(bytes);
        for (int i = 0; i < FRAMES; i++) {
            final int number = i;
            final int length = i % 100 == 0 ? bytes.length : i % 1_000;
            fixture.await("offer " + i, () -> a.link(b, Lane.DATA).offer(
                    new RaftFrame.Append(1, 1, number, 1, 1, 0, 0), payload, 0, length));
        }
        fixture.await("all frames", () -> b.received().size() == FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            assertEquals(i, ((RaftFrame.Append) b.received().get(i).frame()).prevIndex());
            assertEquals(i % 100 == 0 ? bytes.length : i % 1_000, b.received().get(i).payload().length);
        }
        assertArrayEquals(bytes, b.received().getFirst().payload());
    }

    private static String addressOf(final DatagramChannel channel) {
        return "127.0.0.1:" + channel.socket().getLocalPort();
    }
}
