package jetstream.simulator.fault;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.simulator.load.Workload;
import jetstream.simulator.world.DiskDamage;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;

/**
 * Faults of chosen kinds, one after the other, often several at once. The budget: anything may crash, lose power or
 * be cut off, all at once if it comes to that; the disk of one node, the victim, may also lose what it had promised.
 */
public final class FaultPlan {
    private static final long MILLISECOND = 1_000_000L;
    private static final long HOUR = 3_600_000L * MILLISECOND;

    private final World world;
    private final SplittableRandom random;
    private final List<FaultKind> kinds;
    private final Supervisor supervisor;
    private final WholeNode victim;
    private final WholeNode clockNode;
    private Workload workload;
    private boolean isOver;
    private boolean victimSuffered;
    private boolean hasJumped;

    /** Faults of a random choice among these kinds: runs with few kinds show what runs with all would hide. */
    public FaultPlan(final World world, final SplittableRandom random, final Set<FaultKind> allowed) {
        this.world = world;
        this.random = random;
        supervisor = new Supervisor(world, random.split());
        victim = anyNode();
        clockNode = anyNode();
        final EnumSet<FaultKind> chosen = EnumSet.noneOf(FaultKind.class);
        final int share = 1 + random.nextInt(4);
        for (final FaultKind kind : FaultKind.values()) {
            if (allowed.contains(kind) && random.nextInt(4) < share) {
                chosen.add(kind);
            }
        }
        kinds = new ArrayList<>(chosen.isEmpty() ? allowed : chosen);
    }

    /** Streams of this workload are deleted and made again. */
    public void workload(final Workload of) {
        workload = of;
    }

    /** Whether a disk may lose what it had promised. */
    public boolean mayLose() {
        return kinds.stream().anyMatch(FaultKind::isOfVictim);
    }

    /** Keeps nodes up, as an operator's supervisor does. */
    public Supervisor supervisor() {
        return supervisor;
    }

    /** The only node whose disk may lose what it had promised. */
    public WholeNode victim() {
        return victim;
    }

    /** Whether it did. */
    public boolean victimSuffered() {
        return victimSuffered;
    }

    /** Whether a wall clock jumped by hours. */
    public boolean hasJumped() {
        return hasJumped;
    }

    /** Kinds that this run may see. */
    public List<FaultKind> kinds() {
        return kinds;
    }

    /** Lets one fault begin; it may last beyond this call. */
    public void strike() {
        final FaultKind kind = kinds.get(random.nextInt(kinds.size()));
        world.trace().note(() -> "fault " + kind);
        victimSuffered |= kind.isOfVictim();
        hasJumped |= kind == FaultKind.CLOCK_JUMP;
        switch (kind) {
            case KILL -> supervisor.down(anyNode(), WholeNode::kill);
            case TERMINATE -> supervisor.down(anyNode(), WholeNode::stop);
            case POWER -> supervisor.down(anyNode(), WholeNode::losePower);
            case POWER_MANY -> world.nodes().stream().filter(node -> random.nextInt(4) > 0)
                    .forEach(node -> supervisor.down(node, WholeNode::losePower));
            case PAUSE -> anyNode().pause(millis(20, 2_500));
            case PARTITION, ONE_WAY, BRIDGE, FLAP, SLOW_LINK, UNRELIABLE -> network(kind);
            case CLIENTS -> world.clients().rates(random.nextDouble() * 0.1, random.nextDouble() * 0.1);
            case SLOW_FORCE -> anyNode().forceMaxNs(millis(200, 2_500));
            case DISK_FULL -> fill(anyNode());
            case CLOCK_JUMP -> clockNode.clock().jump(random.nextBoolean() ? HOUR : -HOUR);
            case CLOCK_DRIFT -> clockNode.clock().drift(random.nextBoolean() ? 2 : 0.5);
            case STEPDOWN -> stepDown();
            case RECREATE -> recreate();
            case FORCE_FAILS -> victim.disk().refuseForces(1 + random.nextInt(2));
            case WRITE_FAILS -> victim.disk().refuseWrites(true);
            case DAMAGE -> damage();
            case WIPE -> supervisor.down(victim, WholeNode::wipe);
        }
    }

    /** Ends what concerns the network, the clients and the speed. */
    public void calm() {
        world.network().heal();
        world.clients().rates(0, 0);
        world.nodes().forEach(WholeNode::forceFast);
    }

    /**
     * Ends everything; all nodes come up but one, which stays away if the given chance says so.
     *
     * @return the node that stays away; null if none does
     */
    public WholeNode heal(final boolean freezesOne) {
        isOver = true;
        calm();
        for (final WholeNode node : world.nodes()) {
            node.disk().full(false);
            node.disk().refuseForces(0);
            node.disk().refuseWrites(false);
            node.clock().drift(1);
        }
        final WholeNode away = !freezesOne ? null : victimSuffered ? victim : anyNode();
        if (away != null) {
            supervisor.keepDown(away);
        }
        supervisor.bootAll();
        return away;
    }

    private void network(final FaultKind kind) {
        switch (kind) {
            case PARTITION -> cutBetween(someNodes());
            case ONE_WAY -> world.network().cut(anyNode().id(), anyNode().id());
            case BRIDGE -> {
                final WholeNode left = anyNode();
                cutBoth(left, anyNode(), true);
            }
            case FLAP -> flap(anyNode(), 4 + random.nextInt(12));
            case SLOW_LINK -> {
                final WholeNode node = anyNode();
                final long extraNs = millis(10, 120);
                world.nodes().forEach(other -> world.network().slow(node.id(), other.id(), extraNs));
                world.nodes().forEach(other -> world.network().slow(other.id(), node.id(), extraNs));
            }
            default -> world.network().rates(random.nextDouble() * 0.2, random.nextDouble() * 0.1,
                    random.nextDouble() * 0.2, random.nextDouble() * 0.1);
        }
    }

    private List<WholeNode> someNodes() {
        return world.nodes().stream().filter(node -> random.nextBoolean()).toList();
    }

    private void cutBetween(final List<WholeNode> side) {
        for (final WholeNode left : world.nodes()) {
            for (final WholeNode right : world.nodes()) {
                if (side.contains(left) && !side.contains(right)) {
                    cutBoth(left, right, true);
                }
            }
        }
    }

    private void cutBoth(final WholeNode left, final WholeNode right, final boolean isCut) {
        if (left == right) {
            return;
        }
        if (isCut) {
            world.network().cut(left.id(), right.id());
            world.network().cut(right.id(), left.id());
        } else {
            world.network().mend(left.id(), right.id());
            world.network().mend(right.id(), left.id());
        }
    }

    private void flap(final WholeNode node, final int rest) {
        if (isOver || rest == 0) {
            return;
        }
        world.nodes().forEach(other -> cutBoth(node, other, rest % 2 == 0));
        world.clock().after(200 * MILLISECOND, () -> flap(node, rest - 1));
    }

    private void fill(final WholeNode node) {
        node.disk().full(true);
        world.clock().after(millis(100, 3_000), () -> node.disk().full(false));
    }

    private void damage() {
        final DiskDamage.Kind[] all = DiskDamage.Kind.values();
        supervisor.down(victim, random.nextBoolean() ? WholeNode::kill : WholeNode::losePower);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            final String where = victim.damage().inflict(all[random.nextInt(all.length)]);
            world.trace().note(() -> victim + ": " + where);
        }
    }

    private void recreate() {
        if (random.nextBoolean()) {
            supervisor.down(anyNode(), random.nextBoolean() ? WholeNode::kill : WholeNode::losePower);
        }
        workload.recreateAny();
    }

    private void stepDown() {
        final WholeNode node = anyNode();
        if (!node.serves()) {
            return;
        }
        final List<ConsensusGroup> led =
                node.process().groups().values().stream().filter(ConsensusGroup::isLeader).toList();
        if (!led.isEmpty()) {
            final ConsensusGroup group = led.get(random.nextInt(led.size()));
            world.clients().send(node, process -> group.transferTo(null));
        }
    }

    private WholeNode anyNode() {
        return world.nodes().get(random.nextInt(world.nodes().size()));
    }

    private long millis(final int least, final int most) {
        return random.nextLong(least, most) * MILLISECOND;
    }
}
