package jetstream.testkit.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusProvider;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;
import jetstream.api.consensus.Role;

/**
 * One group under load and faults, then a time without faults in which it must come to rest: the safety and the
 * liveness phase of FAULTS section 2. Everything follows from the seed.
 */
public final class GroupSimulation {
    /** Everything that a consensus must survive. */
    public static final Set<FaultPlan.Kind> ALL_FAULTS = EnumSet.allOf(FaultPlan.Kind.class);

    private static final GroupId GROUP = GroupId.ofAssignment(7, false);
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    private final long seed;
    private final SplittableRandom random;
    private final SimulatedCluster cluster;
    private final ClusterHistory history;
    private final FaultPlan faults;
    private final List<NodeId> voters = new ArrayList<>();
    private final MemberTarget target;
    private long nextValue = 1;
    private long reads;
    private long changes;
    private boolean acknowledgesEarly;
    private boolean flipsStates;
    private int flips;
    private long loadEndNs;

    /** A run; {@link #run} makes it. */
    public GroupSimulation(final long seed, final ConsensusProvider provider, final Set<FaultPlan.Kind> kinds) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.cluster = new SimulatedCluster(random.nextLong(), provider, settings(random));
        this.history = new ClusterHistory(cluster);
        // A group that is scaled to one is lost with a disk, by definition.
        this.target = seed % 4 == 1 ? new MemberTarget(cluster, new SplittableRandom(seed)) : null;
        this.faults = new FaultPlan(cluster, random.split(), target == null ? kinds : withoutLosses(kinds));
        final int size = target != null ? target.firstSize() : random.nextInt(5) == 0 ? 5 : 3;
        for (int i = 0; i < size; i++) {
            voters.add(cluster.add("n" + i, Member::new).id());
        }
        final int spares = target != null ? 5 - size : size == 3 && seed % 3 == 0 ? 2 : 0;
        for (int i = 0; i < spares; i++) {
            cluster.add("spare" + i, Member::new);
        }
    }

    private static Set<FaultPlan.Kind> withoutLosses(final Set<FaultPlan.Kind> kinds) {
        final Set<FaultPlan.Kind> left = EnumSet.copyOf(kinds);
        left.removeAll(EnumSet.of(FaultPlan.Kind.WIPE, FaultPlan.Kind.DAMAGE));
        return left.isEmpty() ? EnumSet.of(FaultPlan.Kind.CRASH) : left;
    }

    /** Small limits, so that short runs meet checkpoints, discarded history and full windows. */
    private static Map<String, String> settings(final SplittableRandom random) {
        final int checkpointEntries = 20 + random.nextInt(400);
        return Map.of("checkpoint_entries", Integer.toString(checkpointEntries),
                "history_tail", Integer.toString(1 + random.nextInt(60)),
                "history_checkpoints", Integer.toString(1 + checkpointEntries % 3),
                "max_inflight", Integer.toString(300 + random.nextInt(4_000)),
                "max_batch", Integer.toString(200 + random.nextInt(2_000)),
                "catchup_piece", Integer.toString(100 + random.nextInt(2_000)));
    }

    /** What runs on a node: the group with a {@link ListMachine}. */
    private final class Member implements NodeProgram {
        private ListMachine machine;

        @Override
        public void start(final SimulatedNode node) {
            machine = new ListMachine(node, history);
            final boolean empty = node.disk().isEmpty();
            final boolean added = empty && !voters.contains(node.id());
            machine.opened(node.consensus()
                    .open(new GroupConfig(GROUP, "G", node.store(), node.store(), voters, voters.getFirst(),
                            node.wasWiped() || added, !empty || node.wasWiped() || added), machine));
        }
    }

    /** For tests of the simulator: values count as acknowledged as soon as they are proposed. */
    public GroupSimulation acknowledgeEarly() {
        acknowledgesEarly = true;
        return this;
    }

    /** Now and then, while no fault is at work, a bit flips in a member's state: it must be found and healed. */
    public GroupSimulation flipStates() {
        flipsStates = true;
        return this;
    }

    /** How often a bit of a state was flipped. */
    public int flips() {
        return flips;
    }

    /** How often members said that. */
    public int count(final Condition condition) {
        return history.count(condition);
    }

    /** The cluster, for tests that break a part of it. */
    public SimulatedCluster cluster() {
        return cluster;
    }

    /** Values that were acknowledged. */
    public int acknowledged() {
        return history.acknowledgedCount();
    }

    /** Terms in which a leader served. */
    public int terms() {
        return history.termCount();
    }

    /** Reads that were served. */
    public long reads() {
        return reads;
    }

    /** Changes of membership that a leader proposed. */
    public long changes() {
        return changes;
    }

    /** Runs both phases; returns what went wrong, nothing if all is well. */
    public List<String> run() {
        cluster.nodes().forEach(SimulatedNode::boot);
        final long endNs = cluster.clock().nowNs() + random.nextLong(4, 8) * SECOND;
        loadEndNs = endNs + 3 * SECOND;
        load();
        while (cluster.clock().nowNs() < endNs && cluster.failures().isEmpty()) {
            cluster.run(random.nextLong(10, 900) * MILLISECOND);
            faults.strike();
            if (random.nextInt(3) == 0) {
                faults.calm();
            }
            // Not in a group that is scaled down to two or one: nobody could tell who is wrong there.
            if (flipsStates && target == null && random.nextInt(4) == 0) {
                flipState();
            }
        }
        faults.heal();
        cluster.run(6 * SECOND);                    // crashed and paused nodes are back long before
        faults.heal();
        readAll();
        cluster.run(2 * SECOND);
        checkRest();
        return cluster.failures();
    }

    /** What happened, and how to see it again. */
    public String story() {
        return "seed " + seed + ": " + cluster.failures()
                + "\nagain: mvn -q -B -o -pl jetstream.raft -am test -Dtest=GroupSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=" + seed + "\n"
                + String.join("\n", cluster.log());
    }

    private void load() {
        if (cluster.clock().nowNs() >= loadEndNs) {
            return;
        }
        for (final SimulatedNode node : cluster.nodes()) {
            final ListMachine machine = machine(node);
            if (machine != null && !node.isPaused() && machine.leads()) {
                act(node, machine);
            }
        }
        cluster.clock().after(random.nextLong(1, 30) * MILLISECOND, this::load);
    }

    private void act(final SimulatedNode node, final ListMachine machine) {
        final int count = 1 + random.nextInt(5);
        machine.propose(nextValue, count);
        if (acknowledgesEarly) {
            history.onAcknowledged(nextValue, machine.group().log().lastIndex() - count + 1);
        }
        nextValue += count;
        if (random.nextInt(4) == 0) {
            read(node, machine);
        }
        if (random.nextInt(4) == 0) {
            machine.read(Math.max(1, machine.appliedIndex() - random.nextInt(2 * ListMachine.LIVE_MAX)));
        }
        if (random.nextInt(150) == 0) {
            machine.group().transferTo(random.nextBoolean() ? null : voters.get(random.nextInt(voters.size())));
        }
        if (random.nextInt(100) == 0) {
            machine.group().checkpoint();
        }
        if (target != null) {
            changes += target.step(machine.group()) ? 1 : 0;
        } else if (cluster.nodes().size() > voters.size() && random.nextInt(20) == 0) {
            changeMembers(machine);
        }
        node.planCycle();
    }

    /** Adds, promotes or removes a member; between three and five of them. */
    private void changeMembers(final ListMachine machine) {
        final List<GroupReport.Member> members = machine.group().report().members();
        final NodeId node = cluster.nodes().get(random.nextInt(cluster.nodes().size())).id();
        final long voterCount = members.stream().filter(GroupReport.Member::voter).count();
        final GroupReport.Member member = members.stream().filter(m -> m.node().equals(node)).findAny().orElse(null);
        if (member == null) {
            note(machine.group().changeMembers(new MemberChange(MemberChange.Kind.ADD_LEARNER, node)), "adds", node);
        } else if (!member.voter()) {
            note(machine.group().changeMembers(new MemberChange(MemberChange.Kind.PROMOTE, node)), "promotes", node);
        } else if (voterCount > 3) {
            note(machine.group().changeMembers(new MemberChange(MemberChange.Kind.REMOVE, node)), "removes", node);
        }
    }

    private void note(final boolean done, final String what, final NodeId node) {
        if (done) {
            changes++;
            cluster.note("leader " + what + " " + node);
        }
    }

    private void read(final SimulatedNode node, final ListMachine machine) {
        final long acknowledgedBefore = history.highestAcknowledged();
        machine.group().readIndex(ready -> {
            reads += ready ? 1 : 0;
            if (ready && machine.appliedIndex() < acknowledgedBefore) {
                cluster.fail(node.id() + " served a read at " + machine.appliedIndex() + " though " + acknowledgedBefore
                        + " was acknowledged before");
            }
        });
    }

    /** Whoever holds records reads them, so that damage is found. */
    private void readAll() {
        for (final SimulatedNode node : cluster.nodes()) {
            final ListMachine machine = machine(node);
            if (machine != null) {
                machine.values().values().forEach(machine::read);
                node.planCycle();
            }
        }
    }

    /** While all members are whole: otherwise an image of the wrong state could make a majority of it. */
    private void flipState() {
        faults.heal();
        readAll();
        loadEndNs = cluster.clock().nowNs() + 10 * SECOND; // states are compared while something happens
        cluster.run(4 * SECOND);
        final List<SimulatedNode> members = cluster.nodes().stream().filter(node -> machine(node) != null
                && voters.contains(node.id()) && machine(node).group().condition() == Condition.CURRENT).toList();
        if (members.size() < voters.size()) {
            return;                                 // not at rest yet, or not a member any more
        }
        final ListMachine victim = machine(members.get(random.nextInt(members.size())));
        victim.corrupt();
        flips++;
        cluster.run(4 * SECOND);
        if (victim.isCorrupt()) {
            cluster.fail("a flipped bit in a state was not healed");
        }
    }

    private void checkRest() {
        final int wrong = flips + history.corruptImages();
        if (history.count(Condition.RESYNCING) > wrong && !faults.damages() || history.count(Condition.DISPUTED) > 0) {
            cluster.fail("states were said to differ " + history.count(Condition.RESYNCING) + " times, bits were"
                    + " flipped " + flips + " times");
        }
        final List<SimulatedNode> leaders = cluster.nodes().stream()
                .filter(node -> machine(node) != null && machine(node).leads()).toList();
        if (leaders.size() != 1) {
            cluster.fail(leaders.size() + " leaders at rest");
            return;
        }
        final ListMachine leader = machine(leaders.getFirst());
        for (final GroupReport.Member member : leader.group().report().members()) {
            checkMember(cluster.node(member.node()), member.voter(), leader.group().report().appliedIndex());
        }
    }

    private void checkMember(final SimulatedNode node, final boolean voter, final long appliedIndex) {
        final ListMachine machine = machine(node);
        if (machine == null) {
            cluster.fail(node.id() + " is down");
            return;
        }
        final GroupReport report = machine.group().report();
        final boolean calm = voter ? report.role() == Role.FOLLOWER || report.role() == Role.LEADER
                : report.role() == Role.LEARNER;
        if (!calm) {
            cluster.fail(node.id() + " is still " + report.role());
        }
        // Not what the machine says: an image may be of an entry of the consensus' own, which others never saw.
        if (report.appliedIndex() != appliedIndex) {
            cluster.fail(node.id() + " rests at " + report.appliedIndex() + ", the leader at " + appliedIndex + ": "
                    + report);
        }
        history.check(node.id(), machine.values());
        final Long missing = machine.missingRecord();
        if (missing != null) {
            cluster.fail(node.id() + " has no live record of value " + missing + " any more");
        }
    }

    private static ListMachine machine(final SimulatedNode node) {
        return node.program() instanceof final Member member ? member.machine : null;
    }
}
