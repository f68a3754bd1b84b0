package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.NodeId;
import jetstream.api.frame.NodeFrame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.frame.RouteFrame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.TransportProvider;
import jetstream.testkit.contract.TransportFixture.Node;
import jetstream.testkit.contract.TransportFixture.Received;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link jetstream.api.transport.Transport}. A plug-in's author extends this class and names the
 * provider. All nodes are stepped by the test's thread, which blocks in a selector as a server does.
 */
public abstract class TransportContract {
    private static final int MANY = 200_000;

    private TransportFixture fixture;

    /** For subclasses. */
    protected TransportContract() {
    }

    /** The plug-in under test. */
    protected abstract TransportProvider provider();

    /** The plug-in's settings for all nodes. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** The nodes of the running test. */
    protected final TransportFixture fixture() {
        return fixture;
    }

    @BeforeEach
    final void openFixture() {
        fixture = new TransportFixture(provider(), settings());
    }

    @AfterEach
    final void closeFixture() {
        fixture.close();
    }

    @Test
    final void peersAreToldOfEachOther() {
        final Node a = fixture.start("a", plan -> plan.attributes(Map.of("url", "nats://a")));
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);

        final PeerInfo seenByA = a.ups().getFirst();
        assertEquals(NodeId.of("b"), seenByA.node());
        assertEquals("b", seenByA.serverName());
        assertEquals(b.port(), seenByA.port());
        assertFalse(seenByA.configured());
        assertFalse(seenByA.solicited());
        final PeerInfo seenByB = b.ups().getFirst();
        assertEquals(Map.of("url", "nats://a"), seenByB.attributes());
        assertTrue(seenByB.configured());
        assertEquals(List.of(seenByB), List.copyOf(b.transport().peers()));
    }

    @Test
    final void framesArriveWholeAndInOrderOnEveryLane() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        final int perLane = 2_000;
        final ByteBuffer payload = ByteBuffer.allocateDirect(1 << 16);
        for (final Lane lane : Lane.values()) {
            for (int i = 0; i < perLane; i++) {
                final int number = i;
                payload.putInt(100, lane.ordinal()).putInt(104, i);
                final int length = 8 + i % 3_000;
                fixture.await("offer " + i + " on " + lane,
                        () -> a.link(b, lane).offer(append(number), payload, 100, length));
            }
        }
        fixture.await("all frames", () -> b.received().size() == Lane.values().length * perLane);

        final int[] next = new int[Lane.values().length];
        for (final Received received : b.received()) {
            final ByteBuffer bytes = ByteBuffer.wrap(received.payload());
            final int lane = bytes.getInt();
            assertEquals(next[lane], bytes.getInt());
            assertEquals(append(next[lane]), received.frame());
            assertEquals(8 + next[lane] % 3_000, received.payload().length);
            assertEquals(a.id(), received.from());
            next[lane]++;
        }
    }

    @Test
    final void largeFramesArriveWholeAmongSmallOnes() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        final int[] lengths = {0, 1, 8_000, 8_192, 70_000, 5 << 20, 3, (20 << 20) + 7, 0, 64 << 20, 1};
        final byte[] bytes = new byte[64 << 20];
        new Random(1).nextBytes(bytes);
        final ByteBuffer payload = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        for (final int length : lengths) {
            fixture.await("offer of " + length,
                    () -> a.link(b, Lane.BULK).offer(append(length), payload, bytes.length - length, length));
        }
        fixture.await("all frames", () -> b.received().size() == lengths.length);

        for (int i = 0; i < lengths.length; i++) {
            final byte[] expected = new byte[lengths[i]];
            System.arraycopy(bytes, bytes.length - lengths[i], expected, 0, lengths[i]);
            assertEquals(append(lengths[i]), b.received().get(i).frame());
            assertArrayEquals(expected, b.received().get(i).payload());
        }
    }

    @Test
    final void fullLaneRefusesThenTakesAgain() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        b.pause(true);
        final ByteBuffer payload = ByteBuffer.allocate(4_000);
        int accepted = 0;
        while (accepted < MANY && a.link(b, Lane.DATA).offer(append(accepted), payload, 0, 4_000)) {
            accepted++;
        }
        assertTrue(accepted < MANY, "a lane whose receiver does not read must fill up");
        b.pause(false);
        final int number = accepted;
        fixture.await("room", () -> a.link(b, Lane.DATA).offer(append(number), payload, 0, 4_000));
        fixture.await("all accepted frames", () -> b.received().size() == number + 1);
        for (int i = 0; i <= accepted; i++) {
            assertEquals(append(i), b.received().get(i).frame());
        }
    }

    @Test
    final void fullLanesDoNotDelayControl() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        b.pause(true);
        final ByteBuffer payload = ByteBuffer.allocate(4_000);
        int accepted = 0;
        for (final Lane lane : List.of(Lane.DATA, Lane.BULK, Lane.ROUTE)) {
            while (accepted < MANY && a.link(b, lane).offer(append(accepted), payload, 0, 4_000)) {
                accepted++;
            }
        }
        final NodeFrame.Heartbeat heartbeat = new NodeFrame.Heartbeat(1, 2);
        assertTrue(a.link(b, Lane.CONTROL).offer(heartbeat));
        b.pause(false);
        fixture.await("heartbeat", () -> b.received().stream().anyMatch(frame -> frame.frame().equals(heartbeat)));

        assertTrue(b.received().size() < accepted, "the heartbeat came behind " + accepted + " frames of other lanes");
    }

    @Test
    final void offerWithoutLinkIsRefused() {
        final Node a = fixture.start("a", plan -> plan);
        assertFalse(a.transport().link(NodeId.of("nobody"), Lane.CONTROL).offer(new RouteFrame.Messages(0)));
        assertTrue(a.transport().link(NodeId.of("b"), Lane.DATA) == a.transport().link(NodeId.of("b"), Lane.DATA));
    }

    @Test
    final void laneObjectOutlivesLinks() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        final var lane = a.link(b, Lane.CONTROL);
        b.close();
        fixture.await("down", () -> !a.downs().isEmpty());
        assertFalse(lane.offer(new NodeFrame.Heartbeat(1, 1)));

        final Node again = fixture.start("b", plan -> plan.to(a).at(b.port()));
        awaitLinked(a, again);
        assertTrue(lane.offer(new NodeFrame.Heartbeat(2, 2)));
        fixture.await("frame", () -> again.received().size() == 1);
        assertEquals(new NodeFrame.Heartbeat(2, 2), again.received().getFirst().frame());
        assertNotEquals(a.ups().get(0).bootId(), a.ups().get(1).bootId());
    }

    @Test
    final void closeTellsPeersAtOnce() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        b.close();
        b.close();
        fixture.await("down", Duration.ofMillis(1_000), () -> a.downs().equals(List.of(b.id())));
        assertTrue(a.transport().peers().isEmpty());
    }

    @Test
    final void silentPeerIsDownAndComesBack() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        b.pause(true);
        fixture.await("down", Duration.ofSeconds(4), () -> a.downs().equals(List.of(b.id())));
        b.pause(false);
        fixture.await("up again", () -> a.ups().size() == 2 && b.ups().size() == 2 && b.downs().size() == 1);
        assertTrue(b.link(a, Lane.CONTROL).offer(new NodeFrame.Heartbeat(1, 1)));
        fixture.await("frame", () -> a.received().size() == 1);
    }

    @Test
    final void idleLinksStayUp() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        fixture.run(Duration.ofSeconds(3));
        assertTrue(a.downs().isEmpty() && b.downs().isEmpty());
        assertEquals(1, a.ups().size());
    }

    @Test
    final void meshFormsFromOneRoute() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        final Node c = fixture.start("c", plan -> plan.to(a));
        final Node d = fixture.start("d", plan -> plan.to(c));
        final List<Node> nodes = List.of(a, b, c, d);
        fixture.await("full mesh", () -> nodes.stream().allMatch(node -> node.transport().peers().size() == 3));
        fixture.run(Duration.ofMillis(300));
        for (final Node node : nodes) {
            assertEquals(3, node.ups().size(), "every link came up once: " + node);
            assertTrue(node.downs().isEmpty());
        }
    }

    @Test
    final void routesInBothDirectionsAndToItselfGiveOneLink() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        final int portOfA = a.port();
        a.close();
        fixture.await("down", () -> b.downs().size() == 1);
        final List<URI> routes = new ArrayList<>();
        routes.add(URI.create("nats://127.0.0.1:" + portOfA));
        routes.add(URI.create("nats://127.0.0.1:" + b.port()));
        routes.add(URI.create("nats://localhost:" + b.port()));
        routes.add(URI.create("nats://no_such.host.invalid:6222"));
        final Node again = fixture.start("a", plan -> plan.at(portOfA).routes(routes));
        awaitLinked(again, b);
        fixture.run(Duration.ofMillis(500));
        assertEquals(1, again.ups().size());
        assertEquals(2, b.ups().size());
        assertEquals(1, b.downs().size());
        assertEquals(1, again.transport().peers().size());
    }

    @Test
    final void changedAttributesReachPeers() {
        final Node a = fixture.start("a", plan -> plan.attributes(Map.of("jetstream", "false")));
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        a.transport().attributes(Map.of("jetstream", "true"));
        fixture.await("change", () -> b.changes().size() == 1);
        assertEquals(Map.of("jetstream", "true"), b.changes().getFirst().attributes());
        assertTrue(a.changes().isEmpty());
    }

    @Test
    final void otherClusterIsRefusedOnBothSides() {
        final Node a = fixture.start("a", plan -> plan.cluster("red"));
        final Node b = fixture.start("b", plan -> plan.cluster("blue").to(a));
        fixture.await("refusals", () -> a.hasLogged("refused server 'b'") && b.hasLogged("refused server 'b'"));
        assertTrue(a.hasLogged("'red'") && a.hasLogged("'blue'"));
        assertRefused(a, b);
    }

    @Test
    final void wrongCredentialsAreRefusedOnBothSides() {
        final Node a = fixture.start("a", plan -> plan.credentials("user:s3cret"));
        final Node b = fixture.start("b", plan -> plan.credentials("user:gu3ss").to(a));
        fixture.await("refusals", () -> a.hasLogged("refused server 'b'") && b.hasLogged("refused server 'b'"));
        assertFalse(a.hasLogged("s3cret") || b.hasLogged("gu3ss"), "passwords are not logged");
        assertRefused(a, b);
    }

    @Test
    final void rightCredentialsAreAccepted() {
        final Node a = fixture.start("a", plan -> plan.credentials("user:s3cret"));
        final Node b = fixture.start("b", plan -> plan.credentials("user:s3cret").to(a));
        final Node c = fixture.start("c", plan -> plan.credentials("user:s3cret").routes(
                List.of(URI.create("nats-route://user:s3cret@127.0.0.1:" + b.port()))));
        awaitLinked(a, b);
        awaitLinked(a, c);
    }

    @Test
    final void secondServerOfOneNameIsRefused() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        final Node twin = fixture.start("b", plan -> plan.to(a));
        fixture.await("refusals", () -> a.hasLogged("refused server 'b'") && twin.hasLogged("refused server 'b'"));
        assertTrue(twin.ups().isEmpty());
        assertTrue(a.isLinked(b));
        assertEquals(1, a.ups().size());
    }

    @Test
    final void otherIncarnationIsRefused() {
        final Node a = fixture.start("a", plan -> plan.attributes(Map.of("incarnation", "one")));
        final Node b = fixture.start("b", plan -> plan.attributes(Map.of("incarnation", "two")).to(a));
        final Node fresh = fixture.start("fresh", plan -> plan.to(a));
        fixture.await("refusals", () -> a.hasLogged("refused server 'b'") && b.hasLogged("refused server 'b'"));
        awaitLinked(a, fresh);
        assertFalse(a.isLinked(b));
    }

    @Test
    final void linkEndsWhenIncarnationsPart() {
        final Node a = fixture.start("a", plan -> plan.attributes(Map.of("incarnation", "one")));
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        b.transport().attributes(Map.of("incarnation", "one"));
        fixture.await("change", () -> a.changes().size() == 1);
        assertTrue(a.isLinked(b));

        b.transport().attributes(Map.of("incarnation", "two"));
        fixture.await("end", () -> a.downs().size() == 1 && b.downs().size() == 1);
        fixture.await("refusal", () -> b.hasLogged("refused server 'b'"));
        fixture.run(Duration.ofMillis(300));
        assertFalse(a.isLinked(b) || b.isLinked(a));
    }

    @Test
    final void handlersFailureComesOutOfPoll() {
        final Node a = fixture.start("a", plan -> plan);
        final Node b = fixture.start("b", plan -> plan.to(a));
        awaitLinked(a, b);
        b.pause(true);
        assertTrue(a.link(b, Lane.DATA).offer(append(1)));
        assertTrue(a.link(b, Lane.DATA).offer(append(2)));
        final List<RuntimeException> failures = new ArrayList<>();
        fixture.await("failure", () -> {
            try {
                b.transport().poll((from, frame, payload, offset, length) -> {
                    throw new IllegalStateException("handler");
                }, 1, System.nanoTime());
            } catch (final IllegalStateException e) {
                failures.add(e);
            }
            return !failures.isEmpty();
        });
        assertEquals("handler", failures.getFirst().getMessage());
        b.pause(false);
        fixture.await("next frame", () -> b.received().size() == 1);
        assertEquals(append(2), b.received().getFirst().frame());
    }

    private void awaitLinked(final Node one, final Node other) {
        fixture.await("link", () -> one.isLinked(other) && other.isLinked(one));
    }

    private void assertRefused(final Node a, final Node b) {
        fixture.run(Duration.ofMillis(200));
        assertTrue(a.ups().isEmpty() && b.ups().isEmpty());
        assertFalse(a.link(b, Lane.CONTROL).offer(new NodeFrame.Heartbeat(1, 1)));
        assertTrue(a.received().isEmpty() && b.received().isEmpty());
    }

    private static RaftFrame.Append append(final long number) {
        return new RaftFrame.Append(1, 2, number, 3, 4, 5, 6);
    }
}
