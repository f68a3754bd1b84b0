package jetstream.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.frame.RouteFrame;
import jetstream.api.transport.PeerInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that exchange route frames in memory. */
final class RouteAgentTest {
    private final Map<NodeId, Node> nodes = new HashMap<>();
    private Node a;
    private Node b;
    private Node c;

    @BeforeEach
    void connect() {
        a = new Node("a");
        b = new Node("b");
        c = new Node("c");
        for (final Node one : List.of(a, b, c)) {
            for (final Node other : List.of(a, b, c)) {
                if (one != other) {
                    one.agent.onPeerUp(other.info());
                }
            }
        }
        settle();
    }

    /** Runs turns until no frame is under way. */
    private void settle() {
        boolean isMoving = true;
        while (isMoving) {
            isMoving = false;
            for (final Node node : nodes.values()) {
                isMoving |= node.turn();
            }
        }
    }

    @Test
    void messageReachesSubscribersOfOtherServersOnce() {
        final List<String> atB = b.subscribe("x.*", null);
        final List<String> alsoAtB = b.subscribe("x.>", null);
        final List<String> atC = c.subscribe("x.y", null);
        settle();

        assertEquals(2, a.publish("x.y", "r", "H: 1|hello", 4));
        assertEquals(1, a.publish("x.z", "", "bye", 0));
        assertEquals(0, a.publish("other", "", "nobody", 0));
        settle();

        assertEquals(List.of("x.y r H: 1|hello 4", "x.z  bye 0"), atB);
        assertEquals(atB, alsoAtB);
        assertEquals(List.of("x.y r H: 1|hello 4"), atC);
    }

    @Test
    void queueGroupIsServedOnceInTheCluster() {
        final List<List<String>> members = List.of(b.subscribe("w", "q"), b.subscribe("w", "q"), c.subscribe("w", "q"));
        final List<String> otherGroup = c.subscribe("w", "p");
        settle();
        final int messages = 3_000;
        for (int i = 0; i < messages; i++) {
            a.publish("w", "", "m" + i, 0);
        }
        settle();

        final int atC = members.get(2).size();
        assertEquals(messages, members.stream().mapToInt(List::size).sum());
        assertEquals(messages, otherGroup.size());
        assertTrue(atC > messages / 4 && atC < messages / 2, "one of three members got " + atC);
    }

    @Test
    void localMemberIsPreferred() {
        final List<String> here = a.subscribe("w", "q");
        final List<String> there = b.subscribe("w", "q");
        settle();
        for (int i = 0; i < 10; i++) {
            a.publish("w", "", "m", 0);
        }
        settle();
        assertEquals(10, here.size());
        assertEquals(0, there.size());
    }

    @Test
    void interestIsWithdrawn() {
        final InternalSubscription subscription = b.router.subscribe(b.account, "x", null, (acc, origin, msg) -> {});
        b.router.subscribeLocally(b.account, "secret", null, (acc, origin, msg) -> {});
        settle();
        final List<Boolean> told = new ArrayList<>();
        final InterestWatch watch = a.router.watch(a.account, "x", null, told::add);
        assertTrue(watch.hasInterest());
        assertFalse(a.router.hasInterest(a.account, bytes("secret"), 6));
        assertTrue(a.router.hasInterest(a.account, bytes("x"), 1));

        subscription.cancel();
        settle();
        assertFalse(a.router.hasInterest(a.account, bytes("x"), 1));

        b.subscribe("x", "q");
        settle();
        a.agent.onPeerDown(b.id);
        assertEquals(0, a.publish("x", "", "m", 0));
        assertEquals(List.of(false, true, false), told);
    }

    @Test
    void newLinkTellsAllInterestThatThereIs() {
        for (int i = 0; i < 5_000; i++) {
            b.router.subscribe(b.account, "many." + i, null, (acc, origin, msg) -> {});
        }
        settle();
        a.agent.onPeerDown(b.id);
        b.agent.onPeerDown(a.id);
        a.agent.onPeerUp(b.info());
        b.agent.onPeerUp(a.info());
        settle();
        for (int i = 0; i < 5_000; i++) {
            final byte[] subject = bytes("many." + i);
            assertTrue(a.router.hasInterest(a.account, subject, subject.length), "many." + i);
        }
    }

    @Test
    void interestOfATurnLeavesBeforeItsMessages() {
        final List<String> atB = b.subscribe("svc", null);
        settle();
        final List<String> answers = a.subscribe("reply", null);
        a.publish("svc", "reply", "x".repeat(100_000), 0);
        a.publish("svc", "reply", "x".repeat(100_000), 0);
        b.answer = "reply";
        settle();
        assertEquals(2, atB.size());
        assertEquals(2, answers.size());
    }

    @Test
    void fullLaneDelaysThenDropsAndHealsInterest() {
        final List<String> atB = b.subscribe("x", null);
        settle();
        a.isBlocked = true;
        a.publish("x", "", "first", 0);
        a.turn();
        assertTrue(a.agent.nextDeadlineNs(0) < Long.MAX_VALUE);
        final String large = "y".repeat(1 << 20);
        for (int i = 0; i < 40; i++) {
            a.publish("x", "", large, 0);
            a.turn();
        }
        a.subscribe("told.late", null);
        a.turn();
        final RouteLink link = a.agent.links().stream().filter(l -> l.route().node().equals(b.id)).findFirst().get();
        assertTrue(link.traffic().droppedMsgs() > 0);

        a.isBlocked = false;
        settle();
        assertEquals("x  first 0", atB.get(0));
        assertEquals(41 - link.traffic().droppedMsgs(), atB.size());
        assertTrue(b.router.hasInterest(b.account, bytes("told.late"), 9));
    }

    @Test
    void garbageIsRefused() {
        final long seed = 6_222L;
        final Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            final byte[] garbage = new byte[random.nextInt(40)];
            random.nextBytes(garbage);
            for (int i = 0; i < garbage.length; i++) {
                garbage[i] = random.nextBoolean() ? (byte) random.nextInt(6) : garbage[i];
            }
            final RouteFrame frame = random.nextBoolean()
                    ? new RouteFrame.Messages(random.nextInt(4))
                    : new RouteFrame.Interest(random.nextBoolean(), random.nextInt(4));
            a.agent.onFrame(b.id, frame, ByteBuffer.wrap(garbage).order(ByteOrder.LITTLE_ENDIAN), 0, garbage.length);
        }
        final List<String> atB = b.subscribe("fine", null);
        settle();
        a.publish("fine", "", "still", 0);
        settle();
        assertEquals(1, atB.size());
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One server: router, agent, and the frames that are on their way to it. */
    private final class Node {
        private final NodeId id;
        private final String name;
        private final SubjectRouter router = new SubjectRouter("$SYS", 7);
        private final Account account = router.account("$G");
        private final List<Runnable> turnEnds = new ArrayList<>();
        private final ArrayDeque<Runnable> arrived = new ArrayDeque<>();
        private final RouteAgent agent;
        private final Msg msg = new Msg();
        private boolean isBlocked;
        private String answer = "";

        Node(final String name) {
            this.name = name;
            id = NodeId.of(name);
            nodes.put(id, this);
            agent = new RouteAgent(router, peer -> (frame, payload, offset, length) -> !isBlocked
                    && nodes.get(peer).arrive(id, frame, payload, offset, length), turnEnds::add, () -> {});
        }

        PeerInfo info() {
            return new PeerInfo(id, name, 1, "127.0.0.1", 1, true, true, Map.of());
        }

        boolean arrive(final NodeId from, final Frame frame, final ByteBuffer payload, final int offset,
                final int length) {
            final ByteBuffer copy = ByteBuffer.allocateDirect(length + 3).order(ByteOrder.LITTLE_ENDIAN);
            copy.put(3, payload, offset, length);
            arrived.add(() -> agent.onFrame(from, (RouteFrame) frame, copy, 3, length));
            return true;
        }

        boolean turn() {
            boolean isMoving = !arrived.isEmpty();
            while (!arrived.isEmpty()) {
                arrived.poll().run();
            }
            isMoving |= agent.doWork(0) > 0;
            final List<Runnable> due = List.copyOf(turnEnds);
            turnEnds.clear();
            due.forEach(Runnable::run);
            return isMoving || !due.isEmpty();
        }

        List<String> subscribe(final String subject, final String queue) {
            final List<String> got = new ArrayList<>();
            router.subscribe(account, subject, queue, (acc, origin, m) -> {
                final byte[] body = new byte[m.totalLength()];
                m.copyBody(0, body, 0, body.length);
                got.add(m.subjectText() + ' ' + m.replyText() + ' ' + new String(body, StandardCharsets.UTF_8) + ' '
                        + m.headersLength());
                if (!answer.isEmpty()) {
                    publish(answer, "", "ok", 0);
                }
            });
            return got;
        }

        int publish(final String subject, final String reply, final String body, final int headers) {
            final byte[] bytes = bytes(body);
            return router.publish(account, msg.clear().subject(subject).reply(reply).body(bytes, 0, headers,
                    bytes.length));
        }
    }
}
