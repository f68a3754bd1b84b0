package jetstream.raft.core;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.Invariant;

/**
 * The members of a group by the index of the entry that set them. The last one counts as soon as it is in the log
 * (thesis, section 4.1), so a truncation must be able to go back.
 */
final class MembershipHistory {
    private record Version(long index, Membership members) {
    }

    private final List<Version> versions = new ArrayList<>(2);

    MembershipHistory(final long index, final Membership members) {
        versions.add(new Version(index, members));
    }

    /** The members that count now. */
    Membership current() {
        return versions.getLast().members();
    }

    /** Index of the entry that set them. */
    long currentIndex() {
        return versions.getLast().index();
    }

    /** Whether the node votes by the members that count now, or by those that are known to be committed. */
    boolean isVoterInAny(final long node) {
        for (final Version version : versions) {
            if (version.members().isVoter(node)) {
                return true;
            }
        }
        return false;
    }

    void push(final long index, final Membership members) {
        Invariant.check(index > currentIndex(), "membership index must ascend", index, currentIndex());
        versions.add(new Version(index, members));
    }

    /** Goes back to what counted before that index; returns whether anything changed. */
    boolean truncateFrom(final long index) {
        boolean changed = false;
        while (versions.size() > 1 && currentIndex() >= index) {
            versions.removeLast();
            changed = true;
        }
        Invariant.check(currentIndex() < index, "committed membership truncated", index, currentIndex());
        return changed;
    }

    /** Forgets versions that were replaced at or before that index. */
    void committed(final long throughIndex) {
        while (versions.size() > 1 && versions.get(1).index() <= throughIndex) {
            versions.removeFirst();
        }
    }

    /** An image says who belonged to the group at its index; what came behind it stays. */
    void rebase(final long index, final Membership members) {
        versions.removeIf(version -> version.index() <= index);
        versions.addFirst(new Version(index, members));
    }
}
