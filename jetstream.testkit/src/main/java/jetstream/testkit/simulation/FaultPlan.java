package jetstream.testkit.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random faults of chosen kinds, one after the other, sometimes several at once. Never takes the disks of two nodes.
 */
public final class FaultPlan {
    /** Kinds of faults. */
    public enum Kind {
        /** A node loses power and comes back. */
        CRASH,
        /** Several or all nodes lose power at once and come back. */
        CRASH_MANY,
        /** A node stops for a while, longer or shorter than an election time-out. */
        PAUSE,
        /** The network falls apart into two. */
        PARTITION,
        /** One direction of one link is cut. */
        ONE_WAY,
        /** Two nodes do not hear each other; a third hears both. */
        BRIDGE,
        /** Frames are lost, doubled, overtaken, refused by the sender's lane. */
        UNRELIABLE,
        /** Frames and forces take long. */
        SLOW,
        /** A node's disk is emptied while it is down. */
        WIPE
    }

    private static final long MILLISECOND = 1_000_000L;

    private final SimulatedCluster cluster;
    private final SplittableRandom random;
    private final List<Kind> kinds;
    private SimulatedNode wipedNode;

    /** Faults of these kinds. */
    public FaultPlan(final SimulatedCluster cluster, final SplittableRandom random, final Set<Kind> kinds) {
        this.cluster = cluster;
        this.random = random;
        this.kinds = new ArrayList<>(EnumSet.copyOf(kinds));
    }

    /** Lets one fault begin; it may last beyond this call. Returns what it was. */
    public Kind strike() {
        final Kind kind = kinds.get(random.nextInt(kinds.size()));
        cluster.note("fault " + kind);
        switch (kind) {
            case CRASH -> crash(anyNode());
            case CRASH_MANY -> cluster.nodes().stream().filter(node -> random.nextInt(4) > 0).forEach(this::crash);
            case PAUSE -> anyNode().pause(millis(20, 1_500));
            case PARTITION -> partition();
            case ONE_WAY -> cluster.network().cut(anyNode().id(), anyNode().id());
            case BRIDGE -> bridge();
            case UNRELIABLE -> cluster.network().rates(random.nextDouble() * 0.2, random.nextDouble() * 0.1,
                    random.nextDouble() * 0.2, random.nextDouble() * 0.1);
            case SLOW -> slow();
            case WIPE -> wipe();
        }
        return kind;
    }

    /** Ends what concerns the network and the speed; nodes that are down come back by themselves. */
    public void calm() {
        cluster.network().heal();
        cluster.forceMaxNs(MILLISECOND);
    }

    /** Ends everything: all nodes come up. */
    public void heal() {
        calm();
        cluster.nodes().forEach(SimulatedNode::boot);
    }

    private SimulatedNode anyNode() {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }

    private long millis(final int least, final int most) {
        return random.nextLong(least, most) * MILLISECOND;
    }

    private void crash(final SimulatedNode node) {
        node.crash();
        cluster.clock().after(millis(1, 1_200), node::boot);
    }

    private void partition() {
        for (final SimulatedNode left : cluster.nodes()) {
            for (final SimulatedNode right : cluster.nodes()) {
                if (side(left) != side(right)) {
                    cluster.network().cut(left.id(), right.id());
                }
            }
        }
    }

    private boolean side(final SimulatedNode node) {
        return cluster.nodes().indexOf(node) % 3 == (int) (cluster.clock().nowNs() / MILLISECOND % 3);
    }

    private void bridge() {
        final SimulatedNode left = anyNode();
        final SimulatedNode right = anyNode();
        cluster.network().cut(left.id(), right.id());
        cluster.network().cut(right.id(), left.id());
    }

    private void slow() {
        cluster.network().delay(MILLISECOND, millis(5, 80));
        cluster.forceMaxNs(millis(5, 400));
    }

    /**
     * Only one node in a run, and only while the disks of all others are whole: with those of a majority intact nothing
     * acknowledged may be lost.
     */
    private void wipe() {
        final SimulatedNode victim = wipedNode == null ? anyNode() : wipedNode;
        for (final SimulatedNode other : cluster.nodes()) {
            if (other != victim && !other.disk().isWhole()) {
                return;
            }
        }
        wipedNode = victim;
        wipedNode.wipe();
        cluster.clock().after(millis(1, 1_200), wipedNode::boot);
    }
}
