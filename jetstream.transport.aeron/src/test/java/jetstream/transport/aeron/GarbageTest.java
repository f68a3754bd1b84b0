package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import jetstream.api.frame.NodeFrame;
import jetstream.api.transport.Lane;
import jetstream.testkit.contract.TransportFixture;
import jetstream.testkit.contract.TransportFixture.Node;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that nobody of ours sent must not disturb the links. */
final class GarbageTest {
    private static final long SEED = 50;

    private final TransportFixture fixture = new TransportFixture(new AeronTransportProvider(), Map.of());
    @TempDir private Path directory;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void garbageDatagramsAreIgnored() throws IOException {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        fixture.await("link", () -> a.isLinked(b) && b.isLinked(a));
        final Random random = new Random(SEED);
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (int i = 0; i < 2_000; i++) {
                final byte[] bytes = new byte[random.nextInt(1_400)];
                random.nextBytes(bytes);
                final ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                if (bytes.length >= 32 && i % 2 == 0) {
                    // Nearly a data frame of one of our lanes: right version and type, random session and offsets.
                    datagram.putInt(0, bytes.length).put(4, (byte) 0).putShort(6, (short) (i % 8))
                            .putInt(16, InboundLanes.FIRST_STREAM + i % 4);
                }
                channel.send(datagram, new InetSocketAddress(InetAddress.getLoopbackAddress(), a.port()));
                fixture.step();
            }
        }
        assertStillLinked(a, b);
    }

    @Test
    void malformedFramesOfStrangersAreDroppedAndLogged() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        fixture.await("link", () -> a.isLinked(b) && b.isLinked(a));
        final Random random = new Random(SEED);
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory.resolve("stranger").toString())
                .threadingMode(ThreadingMode.SHARED).dirDeleteOnShutdown(true));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
                ExclusivePublication publication = aeron.addExclusivePublication(
                        "aeron:udp?endpoint=127.0.0.1:" + a.port(), InboundLanes.FIRST_STREAM)) {
            fixture.await("stranger connected", publication::isConnected);
            final byte[] bytes = new byte[600];
            for (int i = 0; i < 3_000; i++) {
                random.nextBytes(bytes);
                final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                final int length = random.nextInt(bytes.length);
                if (i % 3 != 0) {
                    buffer.putShort(0, (short) random.nextInt(120), ByteOrder.LITTLE_ENDIAN);
                    buffer.putShort(2, (short) random.nextInt(56), ByteOrder.LITTLE_ENDIAN);
                    buffer.putShort(4, (short) 4222, ByteOrder.LITTLE_ENDIAN);
                }
                fixture.await("room", () -> publication.offer(buffer, 0, length) > 0);
            }
            fixture.await("complaint", () -> a.hasLogged("dropped a frame"));
            assertStillLinked(a, b);
            assertTrue(a.received().size() == 1, "nothing of the stranger was delivered");
        }
    }

    private void assertStillLinked(final Node a, final Node b) {
        assertTrue(b.link(a, Lane.DATA).offer(new NodeFrame.Heartbeat(1, 1)));
        fixture.await("frame", () -> a.received().size() == 1);
        assertEquals(1, a.ups().size());
        assertTrue(a.downs().isEmpty() && b.downs().isEmpty());
    }
}
