package jetstream.server.cluster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.NodeId;

/**
 * Who leads which group, as every server hears it: leaders tell all peers when they start to lead, and tell a new peer
 * all that they lead. A hint for placement, listings and monitoring, never for safety. Owner: node thread.
 */
final class LeaderBoard {
    /** Bytes of one row: group, term, then 1 if the sender leads or 0 if it stopped. */
    static final int ROW_LENGTH = 17;

    private final Map<GroupId, Leader> leaders = new HashMap<>();

    /**
     * A leader.
     *
     * @param node who
     * @param term in which term
     */
    record Leader(NodeId node, long term) {
    }

    /** The leader of a group; null if unknown. */
    NodeId leader(final GroupId group) {
        final Leader leader = leaders.get(group);
        return leader == null ? null : leader.node();
    }

    /** A node leads a group since that term. */
    void leads(final GroupId group, final NodeId node, final long term) {
        final Leader known = leaders.get(group);
        if (known == null || known.term() <= term) {
            leaders.put(group, new Leader(node, term));
        }
    }

    /** A node stopped leading a group. */
    void stopped(final GroupId group, final NodeId node) {
        final Leader known = leaders.get(group);
        if (known != null && known.node().equals(node)) {
            leaders.remove(group);
        }
    }

    /** A group is gone. */
    void remove(final GroupId group) {
        leaders.remove(group);
    }

    /** A node is gone: it leads nothing. */
    void removeNode(final NodeId node) {
        leaders.values().removeIf(leader -> leader.node().equals(node));
    }

    /** One row for the wire. */
    static void write(final ByteBuffer out, final GroupId group, final long term, final boolean leads) {
        out.putLong(group.value()).putLong(term).put((byte) (leads ? 1 : 0));
    }

    /** Rows from a peer. */
    void read(final NodeId from, final ByteBuffer payload, final int offset, final int length) {
        final ByteBuffer in = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        in.limit(offset + length).position(offset);
        while (in.remaining() >= ROW_LENGTH) {
            final GroupId group = new GroupId(in.getLong());
            final long term = in.getLong();
            if (in.get() == 1) {
                leads(group, from, term);
            } else {
                stopped(group, from);
            }
        }
    }
}
