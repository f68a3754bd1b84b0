package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;

/** What a store must hold after the steps so far, as plain as it can be said. */
final class StoreModel {
    /** One group. Entries have the bytes of {@link TestEntries}. */
    static final class Group {
        long base;
        long baseTerm;
        long last;
        boolean hasLog;
        Ballot ballot = Ballot.NONE;
        long checkpointIndex;
        int checkpointLength;
        final TreeMap<Long, Long> terms = new TreeMap<>();
        final TreeSet<Long> live = new TreeSet<>();

        Group copy() {
            final Group copy = new Group();
            copy.base = base;
            copy.baseTerm = baseTerm;
            copy.last = last;
            copy.hasLog = hasLog;
            copy.ballot = ballot;
            copy.checkpointIndex = checkpointIndex;
            copy.checkpointLength = checkpointLength;
            copy.terms.putAll(terms);
            copy.live.addAll(live);
            return copy;
        }
    }

    final TreeMap<GroupId, Group> groups = new TreeMap<>();

    StoreModel copy() {
        final StoreModel copy = new StoreModel();
        groups.forEach((id, group) -> copy.groups.put(id, group.copy()));
        return copy;
    }

    /**
     * Null if the store holds exactly this, else the first difference. Groups that a store may know without need are
     * ignored.
     */
    String difference(final Store store) {
        for (final GroupId id : store.groups()) {
            if (!groups.containsKey(id)) {
                return "group " + id + " is there";
            }
        }
        for (final GroupId id : groups.keySet()) {
            final Group group = groups.get(id);
            final boolean isInLog = group.hasLog || !group.ballot.equals(Ballot.NONE);
            if (isInLog && !store.groups().contains(id)) {
                return "group " + id + " is not there";
            }
            final String difference = difference(id, group, store);
            if (difference != null) {
                return "group " + id + ": " + difference;
            }
        }
        return null;
    }

    /**
     * Takes over the checkpoints that the store has. One that was not forced may be missing although later changes of
     * the log are there; it must then be one of {@code older}, which starts with the state of the last force.
     */
    void adoptCheckpoints(final Store store, final List<StoreModel> older) {
        groups.forEach((id, group) -> {
            final Checkpoint found = store.checkpoints().latest(id).orElse(null);
            for (final StoreModel state : older) {
                final Group then = state.groups.getOrDefault(id, new Group());
                if (then.checkpointIndex == (found == null ? 0 : found.index())
                        && then.checkpointLength == (found == null ? 0 : found.image().remaining())) {
                    group.checkpointIndex = then.checkpointIndex;
                    group.checkpointLength = then.checkpointLength;
                    return;
                }
            }
            fail("group " + id + ": checkpoint " + found + " instead of that of index " + group.checkpointIndex);
        });
    }

    private static String difference(final GroupId id, final Group group, final Store store) {
        if (!group.ballot.equals(store.ballots().load(id))) {
            return "ballot " + store.ballots().load(id) + " instead of " + group.ballot;
        }
        return group.hasLog ? difference(id, group, store.open(id)) : null;
    }

    private static String difference(final GroupId id, final Group group, final GroupLog log) {
        if (log.firstHistoryIndex() != group.base + 1 || log.lastIndex() != group.last) {
            return "history " + log.firstHistoryIndex() + ".." + log.lastIndex() + " instead of " + (group.base + 1)
                    + ".."
                    + group.last;
        }
        if (log.termAt(group.base) != group.baseTerm) {
            return "base term " + log.termAt(group.base) + " instead of " + group.baseTerm;
        }
        final EntryBatch into = new EntryBatch(1 << 14);
        for (long index = group.base + 1; index <= group.last; index++) {
            if (log.termAt(index) != group.terms.get(index)) {
                return "term " + log.termAt(index) + " of index " + index + " instead of " + group.terms.get(index);
            }
            log.read(index, 0, into);
            if (!isEntry(id, index, group.terms.get(index), into)) {
                return "other bytes at index " + index;
            }
        }
        final EntryView view = new EntryView();
        for (final long index : group.live) {
            if (!log.record(index, view)) {
                return "no record at index " + index;
            }
            if (!isEntry(id, index, group.terms.get(index),
                    into.clear().wrap(view.buffer(), view.offset(), view.length(), 1))) {
                return "other record at index " + index;
            }
        }
        return null;
    }

    /** Entries of a group that are gone or refused; fails on one that is there with other bytes. */
    long countDamages(final Store store, final GroupId id) {
        final Group group = groups.get(id);
        if (!group.hasLog) {
            return 0;
        }
        final GroupLog log = store.open(id);
        if (store.mayHaveForgotten(id)) {
            // It is not used before it has caught up; what it has beyond its last checkpoint may be superseded.
            return 1;
        }
        long damages = log.lastIndex() == group.last && log.firstHistoryIndex() == group.base + 1 ? 0 : 1;
        final EntryView view = new EntryView();
        final EntryBatch into = new EntryBatch(1 << 14);
        for (final long index : group.live) {
            try {
                if (!log.record(index, view)) {
                    damages++;
                } else if (!isEntry(id, index, group.terms.get(index),
                        into.clear().wrap(view.buffer(), view.offset(), view.length(), 1))) {
                    fail("group " + id + ": index " + index + " is served with other bytes");
                }
            } catch (final StoreException.Corrupt e) {
                damages++;
            }
        }
        return damages + countHistoryDamages(log, id, group);
    }

    private static long countHistoryDamages(final GroupLog log, final GroupId id, final Group group) {
        final EntryBatch into = new EntryBatch(1 << 14);
        long damages = 0;
        for (long index = Math.max(log.firstHistoryIndex(), group.base + 1); index <= log.lastIndex(); index++) {
            if (!group.terms.containsKey(index)) {
                damages++;
                continue;
            }
            try {
                log.read(index, 0, into);
                if (!isEntry(id, index, group.terms.get(index), into)) {
                    fail("group " + id + ": index " + index + " is read with other bytes");
                }
            } catch (final StoreException.Corrupt e) {
                damages++;
            }
        }
        return damages;
    }

    private static boolean isEntry(final GroupId group, final long index, final long term, final EntryBatch found) {
        final EntryBatch expected = TestEntries.sparse(group, term, index);
        final int length = EntryLayout.entryLength(found.buffer(), found.offset());
        return expected.buffer().slice(0, expected.length()).equals(found.buffer().slice(found.offset(), length));
    }
}
