package jetstream.raft.core;

import java.util.Arrays;
import jetstream.api.Invariant;

/** Which index a quorum has. Owner: one leader. */
final class CommitRule {
    private long[] indexes = new long[3];

    /** The highest value that at least {@code quorum} of the first {@code count} noted ones reach. */
    long reachedBy(final int quorum, final int count) {
        Invariant.check(quorum >= 1 && quorum <= count, "quorum of no majority", quorum, count);
        for (int i = 1; i < count; i++) {           // a handful of numbers: insertion, without garbage
            final long value = indexes[i];
            int at = i;
            while (at > 0 && indexes[at - 1] < value) {
                indexes[at] = indexes[at - 1];
                at--;
            }
            indexes[at] = value;
        }
        return indexes[quorum - 1];
    }

    void note(final int nth, final long value) {
        if (nth >= indexes.length) {
            indexes = Arrays.copyOf(indexes, nth + 3);
        }
        indexes[nth] = value;
    }

    /** Only entries of the own term commit by counting (thesis, section 3.6.2; I5). */
    static boolean isOfOwnTerm(final long entryTerm, final long ownTerm) {
        return entryTerm == ownTerm;
    }
}
