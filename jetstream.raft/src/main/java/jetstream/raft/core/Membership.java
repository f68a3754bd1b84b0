package jetstream.raft.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import jetstream.api.Invariant;
import jetstream.api.NodeId;
import jetstream.api.consensus.MemberChange;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;

/**
 * Who belongs to a group. Immutable.
 *
 * <p>Bytes (body of a {@link EntryType#MEMBERSHIP} entry and head of a checkpoint image), little endian:
 *
 * <pre>
 *   0  int   number of voters
 *   4  int   number of learners
 *   8  long  voters, then learners, each ascending
 * </pre>
 */
public final class Membership {
    private static final int MEMBERS_MAX = 64;
    private static final int HEADER_LENGTH = 8;

    private final long[] voters;
    private final long[] learners;

    private Membership(final long[] voters, final long[] learners) {
        Invariant.check(voters.length <= MEMBERS_MAX && learners.length <= MEMBERS_MAX, "too many members",
                voters.length, learners.length);
        this.voters = voters;
        this.learners = learners;
    }

    /** A group of these voters without learners. */
    public static Membership ofVoters(final List<NodeId> nodes) {
        final long[] values = nodes.stream().mapToLong(NodeId::value).distinct().sorted().toArray();
        return new Membership(values, new long[0]);
    }

    /** Reads the bytes at that absolute position. */
    public static Membership decode(final ByteBuffer buffer, final int offset) {
        final int voterCount = buffer.getInt(offset);
        final int learnerCount = buffer.getInt(offset + 4);
        Invariant.check(voterCount >= 0 && voterCount <= MEMBERS_MAX, "membership with a bad number of voters",
                voterCount);
        Invariant.check(learnerCount >= 0 && learnerCount <= MEMBERS_MAX, "membership with a bad number of learners",
                learnerCount);
        final long[] voters = new long[voterCount];
        final long[] learners = new long[learnerCount];
        int at = offset + HEADER_LENGTH;
        for (int i = 0; i < voterCount; i++, at += Long.BYTES) {
            voters[i] = buffer.getLong(at);
        }
        for (int i = 0; i < learnerCount; i++, at += Long.BYTES) {
            learners[i] = buffer.getLong(at);
        }
        return new Membership(voters, learners);
    }

    /** Writes the bytes at that absolute position. */
    public void encode(final ByteBuffer buffer, final int offset) {
        buffer.putInt(offset, voters.length);
        buffer.putInt(offset + 4, learners.length);
        int at = offset + HEADER_LENGTH;
        for (final long voter : voters) {
            buffer.putLong(at, voter);
            at += Long.BYTES;
        }
        for (final long learner : learners) {
            buffer.putLong(at, learner);
            at += Long.BYTES;
        }
    }

    /** Number of bytes that {@link #encode} writes. */
    public int encodedLength() {
        return HEADER_LENGTH + Long.BYTES * (voters.length + learners.length);
    }

    /** The members after that change; this object if it changes nothing. */
    Membership after(final MemberChange change) {
        final long node = change.node().value();
        return switch (change.kind()) {
            case ADD_LEARNER -> contains(node) ? this : new Membership(voters, with(learners, node));
            case PROMOTE -> isLearner(node) ? new Membership(with(voters, node), without(learners, node)) : this;
            case REMOVE -> contains(node) ? new Membership(without(voters, node), without(learners, node)) : this;
        };
    }

    /** Appends an entry that carries these members to the batch. */
    void writeEntry(final EntryBatch into) {
        final int body = into.begin(EntryType.MEMBERSHIP, (byte) 0, 0, encodedLength());
        encode(into.buffer(), body);
        into.end(encodedLength());
    }

    /** Number of voters. */
    public int voterCount() {
        return voters.length;
    }

    /** The nth voter, in ascending order. */
    public long voter(final int nth) {
        return voters[nth];
    }

    /** Number of all members. */
    public int size() {
        return voters.length + learners.length;
    }

    /** The nth member: voters first, then learners. */
    public long member(final int nth) {
        return nth < voters.length ? voters[nth] : learners[nth - voters.length];
    }

    /** How many voters make a majority. */
    public int quorum() {
        return voters.length / 2 + 1;
    }

    /** Whether that node votes. */
    public boolean isVoter(final long node) {
        return Arrays.binarySearch(voters, node) >= 0;
    }

    /** Whether that node belongs to the group without a vote. */
    public boolean isLearner(final long node) {
        return Arrays.binarySearch(learners, node) >= 0;
    }

    /** Whether that node belongs to the group. */
    public boolean contains(final long node) {
        return isVoter(node) || isLearner(node);
    }

    @Override
    public String toString() {
        return "voters " + Arrays.toString(voters) + ", learners " + Arrays.toString(learners);
    }

    private static long[] with(final long[] nodes, final long node) {
        final long[] more = Arrays.copyOf(nodes, nodes.length + 1);
        more[nodes.length] = node;
        Arrays.sort(more);
        return more;
    }

    private static long[] without(final long[] nodes, final long node) {
        return Arrays.stream(nodes).filter(value -> value != node).toArray();
    }
}
