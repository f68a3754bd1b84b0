package jetstream.api;

/**
 * Identity of one incarnation of a RAFT group. Never reused: a stream that is deleted and made anew has another group,
 * so that files go only on a committed delete of that very incarnation (FAULTS rule 4).
 *
 * @param value 1 for the meta group; otherwise the meta log index of the assignment that created the group, shifted
 *     left by one, plus 1 if the group keeps its log in memory
 */
public record GroupId(long value) implements Comparable<GroupId> {
    /** The group of all JetStream servers that owns assignments. */
    public static final GroupId META = new GroupId(1);

    /** The group created by the assignment at that index of the meta log. */
    public static GroupId ofAssignment(final long metaIndex, final boolean memory) {
        Invariant.check(metaIndex > 0, "assignment index must be positive", metaIndex);
        return new GroupId(metaIndex << 1 | (memory ? 1 : 0));
    }

    @Override
    public int compareTo(final GroupId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value == 1 ? "META" : "G" + Long.toString(value, 36);
    }
}
