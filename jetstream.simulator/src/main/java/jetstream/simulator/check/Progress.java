package jetstream.simulator.check;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.engine.consumer.ConsumerState;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.simulator.load.StreamHistory;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;

/**
 * What is still to come after the faults, in words; nothing if every stream and consumer made progress and is at
 * rest.
 */
public final class Progress {
    private final World world;
    private final LogMatching log;

    /** Looks at that world. */
    public Progress(final World world, final LogMatching log) {
        this.world = world;
        this.log = log;
    }

    /** Streams and consumers that have not made progress since the faults ended; enough nodes are up for it. */
    public List<String> stuck(final List<StreamHistory> streams, final WholeNode away) {
        final List<String> stuck = new ArrayList<>();
        for (final StreamHistory history : streams) {
            if (history.replicas() == 1 && away != null) {
                continue;                           // its only member may be the one that is away
            }
            if (history.probedNs() == Long.MAX_VALUE) {
                stuck.add(history + " stored nothing since the faults ended" + (history.isAlive() ? "" : ", not made"));
            }
            if (history.consumer() != null) {
                final String why = consumerStuck(history);
                if (why != null) {
                    stuck.add(history + " > " + history.consumer().name() + " " + why);
                }
            }
        }
        return stuck;
    }

    private String consumerStuck(final StreamHistory history) {
        for (final WholeNode node : world.nodes()) {
            final StreamReplica stream = node.serves() ? node.process().stream(history.name()) : null;
            final ConsumerReplica consumer =
                    stream == null || !history.isOf(stream) ? null : stream.consumer(history.consumer().name());
            if (consumer != null && consumer.isLeader()) {
                if (!isCurrent(stream.assignment().group(), stream.group())) {
                    return "has a leader whose replica of the stream is behind, " + describe(stream.group());
                }
                final ConsumerState state = consumer.engine().state(node.clock().nowEpochNs());
                return state.pending() == 0 && state.ackPending() == 0 ? null
                        : "has " + state.pending() + " to deliver and " + state.ackPending() + " not acknowledged";
            }
        }
        return "has no leader";
    }

    /** Members that have not caught up; all nodes are up. */
    public List<String> behind() {
        final List<String> behind = new ArrayList<>();
        for (final WholeNode node : world.nodes()) {
            if (!node.serves()) {
                behind.add(node + " does not serve");
                continue;
            }
            if (!node.process().shard().isSettled()) {
                behind.add(node + " has decisions of the meta group to act upon");
            }
            for (final StreamReplica stream : node.process().shard().streams()) {
                if (!new Replica(node, stream).isWhole()) {
                    behind.add(node + " can not read all of " + stream.assignment().name());
                }
            }
            node.process().groups().forEach((group, member) -> {
                if (node.process().isOpen(group) && !isCurrent(group, member)) {
                    behind.add(node + " is behind in " + group + ": applied " + member.report().appliedIndex() + " of "
                            + log.highest(group) + ", " + describe(member) + "; others: " + others(node, group));
                }
            });
        }
        return behind;
    }

    private static String describe(final ConsensusGroup member) {
        final GroupReport report = member.report();
        return report.role() + " in term " + report.term() + (member.leader() == null ? " without a leader" : "")
                + ", log through " + report.lastIndex() + ", committed " + report.commitIndex();
    }

    private String others(final WholeNode node, final GroupId group) {
        final StringBuilder text = new StringBuilder();
        for (final WholeNode other : world.nodes()) {
            if (other != node && other.serves() && other.process().isOpen(group)) {
                text.append(other).append(' ').append(describe(other.process().groups().get(group))).append("; ");
            }
        }
        return text.toString();
    }

    private boolean isCurrent(final GroupId group, final ConsensusGroup member) {
        return member.report().appliedIndex() >= log.highest(group) && member.leader() != null
                && member.report().appliedIndex() == member.report().lastIndex();
    }
}
