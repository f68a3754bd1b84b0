package jetstream.simulator.check;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.simulator.world.WholeNode;

/** In a term of a group only one member ever leads. */
public final class OneLeaderPerTerm implements Checker {
    private record Term(GroupId group, long term) {
    }

    private final Map<Term, WholeNode> leaders = new HashMap<>();
    private final Consumer<String> fail;

    /** Watches; reports to that. */
    public OneLeaderPerTerm(final Consumer<String> fail) {
        this.fail = fail;
    }

    /** Number of terms in which somebody led. */
    public int terms() {
        return leaders.size();
    }

    @Override
    public void onLeads(final WholeNode node, final GroupId group, final long term) {
        final WholeNode other = leaders.putIfAbsent(new Term(group, term), node);
        if (other != null && !other.equals(node)) {
            fail.accept("two leaders of " + group + " in term " + term + ": " + other + " and " + node);
        }
    }
}
