package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import org.junit.jupiter.api.Test;

class MetaEngineTest {
    private static final NodeId N1 = NodeId.of("n1");
    private static final NodeId N2 = NodeId.of("n2");
    private static final NodeId N3 = NodeId.of("n3");
    private static final NodeId N4 = NodeId.of("n4");
    private static final NodeId N5 = NodeId.of("n5");
    private static final List<NodeId> PEERS = List.of(N1, N2, N3);

    private final Told told = new Told();
    private final MetaEngine engine = new MetaEngine(told);
    private long index;

    private void apply(final Consumer<EntryBatch> entry) {
        final EntryBatch batch = new EntryBatch(1024);
        entry.accept(batch);
        batch.seal(1, ++index, 1);
        engine.apply(new EntryView().wrap(batch.buffer(), 0));
    }

    private static StreamConfig stream(final String name, final String subject) {
        return StreamConfig.builder().name(name).subjects(List.of(subject)).replicas(3).build();
    }

    private void assign(final StreamConfig config, final long revision) {
        assign(config, revision, PEERS);
    }

    private void assign(final StreamConfig config, final long revision, final List<NodeId> peers) {
        apply(b -> MetaEntries.assignStream(b, 5, "$G", config,
                new MetaEntries.Change(peers, revision, new Origin("reply", "type", "subject"))));
    }

    @Test
    void groupIsNamedByTheEntryThatMadeIt() {
        assign(stream("A", "a"), 0);
        assign(stream("B", "b"), 0);

        assertEquals(GroupId.ofAssignment(2, false), engine.state().stream("$G", "B").group());
        assertEquals(PEERS, engine.state().stream("$G", "A").peers());
    }

    @Test
    void secondCreateWithAnotherConfigurationIsRefusedWhenApplied() {
        assign(stream("A", "a"), 0);
        assign(stream("A", "other"), 0);

        assertEquals(10058, told.refused.getFirst().errCode());
        assertEquals(List.of("a"), engine.state().stream("$G", "A").config().subjects());
    }

    @Test
    void repeatedCreateChangesNothingAndIsAnswered() {
        assign(stream("A", "a"), 0);
        final StreamAssignment first = engine.state().stream("$G", "A");
        assign(stream("A", "a"), 0);

        assertEquals(first, engine.state().stream("$G", "A"));
        assertEquals(2, told.streams.size());
    }

    @Test
    void updateOfAnOutdatedRevisionIsRefused() {
        assign(stream("A", "a"), 0);
        assign(stream("A", "a2"), 1);
        assign(stream("A", "a3"), 1);

        assertEquals(List.of("a2"), engine.state().stream("$G", "A").config().subjects());
        assertEquals(10069, told.refused.getFirst().errCode());
    }

    @Test
    void overlappingSubjectsAreRefusedWhenApplied() {
        assign(stream("A", "a.>"), 0);
        assign(stream("B", "a.b"), 0);

        assertEquals(10065, told.refused.getFirst().errCode());
        assertNull(engine.state().stream("$G", "B"));
    }

    @Test
    void removingAStreamRemovesItsConsumersFirst() {
        assign(stream("A", "a"), 0);
        consumer("C");
        apply(b -> MetaEntries.removeStream(b, 6, "$G", "A", Origin.NOBODY));

        assertEquals(List.of("consumer C", "stream A"), told.removed);
        assertTrue(engine.state().streams("$G").isEmpty());
    }

    private void consumer(final String name) {
        apply(b -> MetaEntries.assignConsumer(b, 6, new MetaEntries.ConsumerKey("$G", "A", name),
                ConsumerConfig.builder().durableName(name).build(), false,
                new MetaEntries.Change(PEERS, 0, Origin.NOBODY)));
    }

    @Test
    void consumerOfAnUnknownStreamIsRefused() {
        consumer("C");

        assertEquals(10059, told.refused.getFirst().errCode());
    }

    private void move(final NodeId... peers) {
        final StreamAssignment now = engine.state().stream("$G", "A");
        final StreamConfig config = now.config().toBuilder().replicas(peers.length).build();
        apply(b -> MetaEntries.assignStream(b, 7, "$G", config,
                new MetaEntries.Change(List.of(peers), now.revision(), Origin.NOBODY)));
    }

    private void settle(final GroupId group, final String consumer, final NodeId... peers) {
        apply(b -> MetaEntries.settleGroup(b, 8, new MetaEntries.Settled(
                new MetaEntries.ConsumerKey("$G", "A", consumer), group, List.of(peers))));
    }

    @Test
    void consumersFollowTheirStreamInTheSameEntry() {
        assign(stream("A", "a"), 0);
        consumer("C");
        move(N1, N4, N5);

        final ConsumerAssignment consumer = engine.state().consumer("$G", "A", "C");
        assertEquals(Set.of(N1, N4, N5), Set.copyOf(consumer.peers()));
        assertEquals(Set.of(N2, N3), Set.copyOf(consumer.members().leaving()));
        assertEquals(engine.state().stream("$G", "A").revision(), consumer.revision());
    }

    @Test
    void consumerOfAStreamThatShrinksStaysOnANodeItIsOn() {
        assign(stream("A", "a"), 0);
        consumer("C");
        move(N2);

        assertEquals(List.of(N2), engine.state().consumer("$G", "A", "C").peers());
        assertTrue(engine.state().consumer("$G", "A", "C").members().holds(N1));
    }

    @Test
    void reportOfTheLeaderEndsTheMoveAndForgetsWhatWasBefore() {
        assign(stream("A", "a"), 0);
        move(N1, N4, N5);
        final StreamAssignment moving = engine.state().stream("$G", "A");
        settle(moving.group(), "", N5, N4, N1);

        final StreamAssignment settled = engine.state().stream("$G", "A");
        assertEquals(PEERS, moving.change().originPeers());
        assertNull(settled.change());
        assertFalse(settled.members().holds(N2));
        assertEquals(moving.revision(), settled.revision());
    }

    @Test
    void reportOfAnotherIncarnationOrOtherMembersChangesNothing() {
        assign(stream("A", "a"), 0);
        move(N1, N4, N5);
        final StreamAssignment moving = engine.state().stream("$G", "A");
        settle(GroupId.ofAssignment(99, false), "", N1, N4, N5);
        settle(moving.group(), "", N1, N2, N3);

        assertEquals(moving, engine.state().stream("$G", "A"));
    }

    @Test
    void consumerMadeWhileItsStreamMovesIsPutOnTheNewNodes() {
        assign(stream("A", "a"), 0);
        move(N1, N4, N5);
        consumer("C");

        assertEquals(Set.of(N1, N4, N5), Set.copyOf(engine.state().consumer("$G", "A", "C").peers()));
    }

    @Test
    void groupThatStartsAnewIsAnotherOne() {
        assign(stream("A", "a"), 0);
        final StreamAssignment before = engine.state().stream("$G", "A");
        apply(b -> MetaEntries.assignStream(b, 7, "$G", before.config(),
                new MetaEntries.Change(List.of(N4), before.revision(), Origin.NOBODY, true)));

        final StreamAssignment now = engine.state().stream("$G", "A");
        assertEquals(GroupId.ofAssignment(2, false), now.group());
        assertEquals(before.createdEpochNs(), now.createdEpochNs());
        assertFalse(now.members().isMoving());
    }

    @Test
    void removedServerIsTakenBackOnlyWithAnotherStore() {
        final MetaNode node = new MetaNode(N4, "n4", List.of(), "first");
        apply(b -> MetaEntries.registerNode(b, 1, node));
        apply(b -> MetaEntries.forgetNode(b, 2, N4, "SYS", Origin.NOBODY));
        apply(b -> MetaEntries.registerNode(b, 3, node));
        assertNull(engine.state().node(N4));
        assertTrue(engine.state().isRemoved(N4, "first"));

        apply(b -> MetaEntries.registerNode(b, 4, new MetaNode(N4, "n4", List.of(), "second")));
        assertEquals("second", engine.state().node(N4).life());
    }

    @Test
    void removalOfAnUnknownServerIsRefused() {
        apply(b -> MetaEntries.forgetNode(b, 2, N4, "SYS", Origin.NOBODY));

        assertEquals(10044, told.refused.getFirst().errCode());
    }

    @Test
    void imageHoldsEverythingThatWasDecided() {
        apply(b -> MetaEntries.registerNode(b, 1, new MetaNode(PEERS.getFirst(), "n1", List.of("az:1"), "life")));
        apply(b -> MetaEntries.registerNode(b, 1, new MetaNode(N5, "n5", List.of(), "life")));
        apply(b -> MetaEntries.forgetNode(b, 1, N5, "SYS", Origin.NOBODY));
        assign(stream("A", "a"), 0);
        consumer("C");
        move(N1, N4);
        final Image image = new Image();
        engine.writeCheckpoint(image);

        final MetaEngine restored = new MetaEngine(new Told());
        restored.restore(new Checkpoint(index, 1, ByteBuffer.wrap(image.bytes.toByteArray())));

        assertEquals(engine.state().stream("$G", "A"), restored.state().stream("$G", "A"));
        assertEquals(engine.state().consumer("$G", "A", "C"), restored.state().consumer("$G", "A", "C"));
        assertEquals(engine.state().nodes(), restored.state().nodes());
        assertEquals(engine.state().removedNodes(), restored.state().removedNodes());
    }

    @Test
    void placementPrefersServersWithFewReplicatedAssets() {
        for (final String name : List.of("n1", "n2", "n3", "n4")) {
            apply(b -> MetaEntries.registerNode(b, 1, new MetaNode(NodeId.of(name), name, List.of(), "life")));
        }
        assign(stream("A", "a"), 0);

        final PlacementPlanner planner = new PlacementPlanner(engine.state(), node -> true, "C1");

        assertEquals(NodeId.of("n4"), planner.choose(1, null).peers().getFirst());
        assertEquals(3, Set.copyOf(planner.choose(3, null).peers()).size());
        assertEquals(10005, planner.choose(5, null).failure().errCode());
    }

    @Test
    void placementSharesLeadingAmongServersThatHoldTheSame() {
        for (final String name : List.of("n1", "n2", "n3")) {
            apply(b -> MetaEntries.registerNode(b, 1, new MetaNode(NodeId.of(name), name, List.of(), "life")));
        }
        final PlacementPlanner planner =
                new PlacementPlanner(engine.state(), node -> !node.equals(NodeId.of("n2")), "C1");
        final Map<NodeId, Integer> led = new HashMap<>();
        for (int i = 0; i < 30; i++) {
            final List<NodeId> peers = planner.choose(3, null).peers();
            assertEquals(3, Set.copyOf(peers).size());
            led.merge(peers.getFirst(), 1, Integer::sum);
            assign(stream("S" + i, "s" + i), 0, peers);
        }
        assertEquals(Map.of(NodeId.of("n1"), 15, NodeId.of("n3"), 15), led, "none by the one that is away");
        final List<NodeId> preferred = List.of(NodeId.of("n1"), NodeId.of("n3"));
        assertEquals(preferred, planner.choose(2, null, preferred, node -> true).peers());
    }

    private static final class Image implements CheckpointWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(final ByteBuffer part) {
            final byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void commit() {
            // Kept in memory.
        }

        @Override
        public void abort() {
            bytes.reset();
        }
    }

    private static final class Told implements MetaListener {
        private final List<StreamAssignment> streams = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();
        private final List<ApiFailure> refused = new ArrayList<>();

        @Override
        public void onStream(final StreamAssignment before, final StreamAssignment now, final Origin origin,
                final boolean existed) {
            streams.add(now);
        }

        @Override
        public void onStreamRemoved(final StreamAssignment gone, final Origin origin) {
            removed.add("stream " + gone.name());
        }

        @Override
        public void onConsumer(final ConsumerAssignment before, final ConsumerAssignment now, final Origin origin,
                final boolean existed) {
            // Seen in the state.
        }

        @Override
        public void onConsumerRemoved(final ConsumerAssignment gone, final Origin origin) {
            removed.add("consumer " + gone.name());
        }

        @Override
        public void onRefused(final String account, final Origin origin, final ApiFailure failure) {
            refused.add(failure);
        }

        @Override
        public void onNode(final MetaNode node) {
            // Seen in the state.
        }

        @Override
        public void onNodeForgotten(final MetaNode gone, final String account, final Origin origin) {
            // Seen in the state.
        }

        @Override
        public void onReset(final Set<GroupId> groups) {
            // Seen in the state.
        }
    }
}
