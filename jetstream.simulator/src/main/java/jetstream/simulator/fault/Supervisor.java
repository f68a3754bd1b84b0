package jetstream.simulator.fault;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;

/** Starts what is down again, sooner or later, and restarts a server that gave up its store. */
public final class Supervisor {
    private static final long MILLISECOND = 1_000_000L;
    private static final long LOOK_NS = 100 * MILLISECOND;

    private final World world;
    private final SplittableRandom random;
    private final Map<WholeNode, Long> bootAtNs = new HashMap<>();
    private WholeNode keptDown;

    Supervisor(final World world, final SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** Starts all nodes and begins to look after them. */
    public void start() {
        world.nodes().forEach(WholeNode::boot);
        look();
    }

    /** Takes a node down in that way; it comes back after a while. */
    void down(final WholeNode node, final Consumer<WholeNode> how) {
        how.accept(node);
        bootAtNs.put(node, world.clock().nowNs() + random.nextLong(MILLISECOND, 2_500 * MILLISECOND));
    }

    /** Takes a node down until {@link #release}. */
    void keepDown(final WholeNode node) {
        keptDown = node;
        node.kill();
    }

    /** Whoever was kept down may come up. */
    public void release() {
        keptDown = null;
        bootAll();
    }

    void bootAll() {
        bootAtNs.clear();
        for (final WholeNode node : world.nodes()) {
            if (node != keptDown) {
                boot(node);
            }
        }
    }

    private void look() {
        for (final WholeNode node : world.nodes()) {
            if (node != keptDown && world.clock().nowNs() >= bootAtNs.getOrDefault(node, 0L)) {
                boot(node);
            }
        }
        world.clock().after(LOOK_NS, this::look);
    }

    private void boot(final WholeNode node) {
        if (node.isUp() && node.process().hasFailed()) {
            final Consumer<WholeNode> how = random.nextBoolean() ? WholeNode::kill : WholeNode::losePower;
            how.accept(node);
        }
        node.boot();
    }
}
