package jetstream.store.file;

import java.util.ArrayDeque;
import java.util.Deque;
import jetstream.api.GroupId;
import jetstream.api.store.StoreContext.DamageListener;

/**
 * Which held entries lie in a part of a segment that is damaged; tells them to the store's owner, some at a time, so
 * that they are fetched from peers before anybody needs them. Owner: the shard thread.
 */
final class DamageFinder {
    private static final int TOLD_PER_CALL = 256;

    private record Found(long group, long index, Segment segment) {
    }

    private final FileStore store;
    private final DamageListener listener;
    private final Deque<Found> found = new ArrayDeque<>();

    DamageFinder(final FileStore store, final DamageListener listener) {
        this.store = store;
        this.listener = listener;
    }

    /** What lies between those offsets of a segment can not be read. */
    void damaged(final Segment segment, final int from, final int through) {
        for (final SealedRun run : segment.runs) {
            addRows(run, from, through);
        }
        // Entries that are not in runs yet. Damage is rare: looking at all that is in memory will do.
        for (final FileGroup group : store.allGroups()) {
            group.entries.eachInMemory(segment, from, through,
                    index -> found.add(new Found(group.id.value(), index, segment)));
        }
    }

    /** Nobody can find the rows of a run that is not readable: all of them count. */
    private void addRows(final SealedRun run, final int from, final int through) {
        if (!run.isReadable() && !run.isDense()) {
            return;
        }
        for (int row = 0; row < run.count(); row++) {
            final boolean isHit = !run.isReadable()
                    || run.offset(row) < through && run.offset(row) + run.length(row) > from;
            if (isHit && run.isHeld(row)) {
                found.add(new Found(run.owner.group, run.index(row), run.segment));
            }
        }
    }

    /** Tells some of it; true if there was anything to tell. */
    boolean doWork() {
        boolean hasTold = false;
        for (int i = 0; i < TOLD_PER_CALL && !found.isEmpty(); i++) {
            final Found next = found.poll();
            final FileGroup group = store.find(next.group);
            // It may have been freed, or given back by a peer.
            if (group != null && group.entries.isHeldIn(next.segment, next.index)) {
                listener.damaged(new GroupId(next.group), next.index);
                hasTold = true;
            }
        }
        return hasTold;
    }
}
