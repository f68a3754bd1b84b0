package jetstream.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import jetstream.engine.shard.StreamReplica;
import jetstream.simulator.check.Checkers;
import jetstream.simulator.check.Progress;
import jetstream.simulator.load.Publish;
import jetstream.simulator.load.StreamHistory;
import jetstream.simulator.load.Workload;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;
import jetstream.simulator.world.WorldSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that say that they have no room, and nothing else that is wrong. */
class FullDiskTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int EVENTS_PER_SECOND_MAX = 30_000;

    private World world;
    private Checkers checkers;
    private Workload workload;

    private void start(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        checkers = new Checkers(reason -> world.trace().fail(reason));
        world = new World(WorldSettings.draw(random), random.split(), checkers, false);
        workload = new Workload(world, random.split(), false);
        world.nodes().forEach(WholeNode::boot);
        world.run(SECOND);
        workload.start();
        world.run(2 * SECOND);
    }

    private static boolean leads(final WholeNode node, final StreamHistory stream) {
        final StreamReplica replica = node.process().stream(stream.name());
        return replica != null && replica.isLeader();
    }

    private WholeNode leaderOf(final StreamHistory stream) {
        return world.nodes().stream().filter(node -> leads(node, stream)).findFirst().orElseThrow();
    }

    private static long stored(final StreamHistory stream, final long sinceNs) {
        return stream.publishes().stream()
                .filter(p -> p.outcome() == Publish.Outcome.STORED && p.invokedNs() > sinceNs).count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aLeaderWithoutRoomHandsOverToAMemberThatHasSome(final long seed) {
        start(seed);
        final WholeNode full = leaderOf(workload.streams().getFirst());
        full.disk().low(true);
        world.run(3 * SECOND);

        final long sinceNs = world.clock().nowNs();
        world.run(3 * SECOND);
        for (final StreamHistory stream : workload.streams()) {
            assertFalse(leads(full, stream), full + " still leads " + stream);
            assertTrue(stored(stream, sinceNs) > 10, stream + " stores nothing while " + full + " is full");
        }
        assertTrue(full.serves(), full + " gave up");

        full.disk().low(false);
        world.run(5 * SECOND);
        assertEquals(List.of(), world.trace().failures());
        workload.calm();
        world.run(5 * SECOND);
        assertEquals(List.of(), new Progress(world, checkers.log()).behind());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whereNobodyHasRoomTheLeaderStaysAndRefuses(final long seed) {
        start(seed);
        world.nodes().forEach(node -> node.disk().low(true));
        world.run(SECOND); // until all know of each other
        final List<WholeNode> leaders = workload.streams().stream().map(this::leaderOf).toList();

        final long sinceNs = world.clock().nowNs();
        final long events = world.clock().events();
        world.run(4 * SECOND);
        assertEquals(leaders, workload.streams().stream().map(this::leaderOf).toList());
        assertTrue(world.clock().events() - events < 4 * EVENTS_PER_SECOND_MAX,
                "busy with nothing: " + (world.clock().events() - events) + " events");
        for (final StreamHistory stream : workload.streams()) {
            assertEquals(0, stored(stream, sinceNs), stream.toString());
            assertTrue(stream.publishes().stream().anyMatch(p -> p.invokedNs() > sinceNs
                    && p.outcome() == Publish.Outcome.REFUSED), stream + " does not say no");
        }

        world.nodes().forEach(node -> node.disk().low(false));
        world.run(SECOND);
        final long roomNs = world.clock().nowNs();
        world.run(SECOND);
        workload.streams().forEach(stream -> assertTrue(stored(stream, roomNs) > 0, stream.toString()));
        assertEquals(List.of(), world.trace().failures());
    }
}
