package jetstream.simulator.check;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.simulator.world.WholeNode;

/** Members that applied the same entries have the same state: their images are equal byte for byte. */
public final class StateEquality implements Checker {
    private record Point(GroupId group, long index) {
    }

    private final Map<Point, Long> states = new HashMap<>();
    private final Consumer<String> fail;

    /** Watches; reports to that. */
    public StateEquality(final Consumer<String> fail) {
        this.fail = fail;
    }

    @Override
    public void onState(final WholeNode node, final GroupId group, final long index, final long digest) {
        final Long first = states.putIfAbsent(new Point(group, index), digest);
        if (first != null && first != digest) {
            fail.accept(node + " has another state of " + group + " at index " + index + " than others");
        }
    }

    @Override
    public void judge(final Rest rest) {
        for (final var node : rest.world().nodes()) {
            node.process().groups().forEach((group, member) -> {
                if (node.process().isOpen(group)) {
                    onState(node, group, member.report().appliedIndex(), node.process().state(group));
                }
            });
        }
    }
}
