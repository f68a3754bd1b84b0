package jetstream.testkit.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import jetstream.api.GroupId;

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
        WIPE,
        /** An entry on a node's disk is damaged. */
        DAMAGE
    }

    private static final long MILLISECOND = 1_000_000L;
    private static final int NEWEST = 60;

    private final SimulatedCluster cluster;
    private final SplittableRandom random;
    private final List<Kind> kinds;
    private SimulatedNode victim;

    /** Faults of these kinds. */
    public FaultPlan(final SimulatedCluster cluster, final SplittableRandom random, final Set<Kind> kinds) {
        this.cluster = cluster;
        this.random = random;
        this.kinds = new ArrayList<>(EnumSet.copyOf(kinds));
    }

    /** Whether entries are damaged in this run: a member may then have to fetch its whole state. */
    boolean damages() {
        return kinds.contains(Kind.DAMAGE);
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
            case DAMAGE -> damage();
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
        if (findVictim()) {
            victim.wipe();
            cluster.clock().after(millis(1, 1_200), victim::boot);
        }
    }

    /** One of the newest entries of every group on the one node with a bad disk. */
    private void damage() {
        if (!findVictim() || !victim.isUp()) {
            return;
        }
        for (final GroupId group : victim.store().groups()) {
            final long lastIndex = victim.store().open(group).lastIndex();
            if (lastIndex > 0) {
                final long index = random.nextLong(Math.max(1, lastIndex - NEWEST), lastIndex + 1);
                cluster.note("damages index " + index + " on " + victim.id());
                victim.store().damage(group, index);
            }
        }
    }

    private boolean findVictim() {
        final SimulatedNode candidate = victim == null ? anyNode() : victim;
        for (final SimulatedNode other : cluster.nodes()) {
            if (other != candidate && !other.disk().isWhole()) {
                return false;
            }
        }
        victim = candidate;
        return true;
    }
}
