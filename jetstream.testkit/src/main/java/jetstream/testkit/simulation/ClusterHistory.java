package jetstream.testkit.simulation;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.NodeId;
import jetstream.api.consensus.Condition;

/**
 * What the members of one group may agree on only: written down when it first happens anywhere, compared ever after.
 * Knows nothing of how consensus works. Checks: one leader per term · what is applied at an index is the same
 * everywhere and for ever · the state at an index is the same everywhere · a value is applied once · what was
 * acknowledged is there.
 */
public final class ClusterHistory {
    private record Applied(long term, long value) {
    }

    private final SimulatedCluster cluster;
    private final Map<Long, NodeId> leaders = new HashMap<>();
    private final Map<Long, Applied> applied = new HashMap<>();
    private final Map<Long, Long> states = new HashMap<>();
    private final Map<Long, Long> indexByValue = new HashMap<>();
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private final Set<Long> proposed = new HashSet<>();
    private final Map<Condition, Integer> conditions = new EnumMap<>(Condition.class);
    private long highestAcknowledged;
    private int corruptImages;

    /** The history of one group of that cluster. */
    public ClusterHistory(final SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /** A member says that it leads. */
    public void onLeader(final NodeId node, final long term) {
        final NodeId other = leaders.putIfAbsent(term, node);
        if (other != null && !other.equals(node)) {
            cluster.fail("two leaders in term " + term + ": " + other + " and " + node);
        }
    }

    /** A value was given to a leader. */
    public void onProposed(final long value) {
        proposed.add(value);
    }

    /** A member applied a value. */
    public void onApplied(final NodeId node, final long index, final long term, final long value) {
        final Applied mine = new Applied(term, value);
        final Applied first = applied.putIfAbsent(index, mine);
        if (first != null && !first.equals(mine)) {
            cluster.fail(node + " applied " + mine + " at index " + index + ", others " + first);
        }
        final Long otherIndex = indexByValue.putIfAbsent(value, index);
        if (otherIndex != null && otherIndex != index) {
            cluster.fail(node + " applied value " + value + " at index " + index + " and " + otherIndex);
        }
        if (!proposed.contains(value)) {
            cluster.fail(node + " applied value " + value + " that nobody proposed");
        }
    }

    /** A member's state after that index, as a hash over everything before. */
    public void onState(final NodeId node, final long index, final long hash) {
        final Long first = states.putIfAbsent(index, hash);
        if (first != null && first != hash) {
            cluster.fail(node + " has another state at index " + index);
        }
    }

    /** A member was restored from an image of a state with a flipped bit, which has to be found, too. */
    public void onCorruptImage(final NodeId node) {
        corruptImages++;
        cluster.note(node + " was restored from an image with a flipped bit");
    }

    /** How often that happened. */
    public int corruptImages() {
        return corruptImages;
    }

    /** A member's data is in trouble, or out of it. */
    public void onCondition(final NodeId node, final Condition condition, final String reason) {
        conditions.merge(condition, 1, Integer::sum);
        cluster.note(node + " is " + condition + ": " + reason);
    }

    /** How often members said that. */
    public int count(final Condition condition) {
        return conditions.getOrDefault(condition, 0);
    }

    /** A leader told a client that the value is stored at that index. */
    public void onAcknowledged(final long value, final long index) {
        acknowledged.put(value, index);
        highestAcknowledged = Math.max(highestAcknowledged, index);
    }

    /** Highest index that was acknowledged to any client. */
    public long highestAcknowledged() {
        return highestAcknowledged;
    }

    /** Number of acknowledged values. */
    public int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Number of terms with a leader that served. */
    public int termCount() {
        return leaders.size();
    }

    /** Checks at the end, against the values that a member holds: acknowledged is kept. */
    public void check(final NodeId node, final Map<Long, Long> indexByValueThere) {
        acknowledged.forEach((value, index) -> {
            final Long there = indexByValueThere.get(value);
            if (there == null) {
                cluster.fail(node + " lost value " + value + ", acknowledged at index " + index);
            } else if (!there.equals(index)) {
                cluster.fail(node + " has value " + value + " at index " + there + ", acknowledged at " + index);
            }
        });
    }
}
