package jetstream.simulator.check;

import java.util.List;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.Witness;

/** All rules of a run. */
public final class Checkers implements Witness {
    private final OneLeaderPerTerm leaders;
    private final LogMatching log;
    private final AckedIsKept acked = new AckedIsKept();
    private final DeliveryRules deliveries = new DeliveryRules();
    private final GroupsLive groups;
    private final List<Checker> all;

    /** All of them; what is wrong goes to that. */
    public Checkers(final Consumer<String> fail) {
        leaders = new OneLeaderPerTerm(fail);
        log = new LogMatching(fail);
        groups = new GroupsLive(fail);
        all = List.of(leaders, log, groups, new StateEquality(fail), acked, new StoredWasSent(), new DenseSequences(),
                new CompareAndSet(), deliveries, new QueueEnds());
    }

    /** Leaders. */
    public OneLeaderPerTerm leaders() {
        return leaders;
    }

    /** Applied entries. */
    public LogMatching log() {
        return log;
    }

    /** Acknowledged messages. */
    public AckedIsKept acked() {
        return acked;
    }

    /** Deliveries. */
    public DeliveryRules deliveries() {
        return deliveries;
    }

    /** Members that stopped. */
    public GroupsLive groups() {
        return groups;
    }

    /** Judges what is there at the end. */
    public void judge(final Rest rest) {
        all.forEach(checker -> checker.judge(rest));
    }

    @Override
    public void onLeads(final WholeNode node, final GroupId group, final long term) {
        all.forEach(checker -> checker.onLeads(node, group, term));
    }

    @Override
    public void onApplied(final WholeNode node, final GroupId group, final long index, final long term,
            final long digest) {
        all.forEach(checker -> checker.onApplied(node, group, index, term, digest));
    }

    @Override
    public void onGroupStopped(final WholeNode node, final String line) {
        all.forEach(checker -> checker.onGroupStopped(node, line));
    }

    @Override
    public void onState(final WholeNode node, final GroupId group, final long index, final long digest) {
        all.forEach(checker -> checker.onState(node, group, index, digest));
    }
}
