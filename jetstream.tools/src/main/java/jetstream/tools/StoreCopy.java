package jetstream.tools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;

/**
 * Copies all groups of one store into another that is empty, and compares two stores, through the SPI alone. Owner: one
 * thread.
 */
final class StoreCopy {
    private static final int BATCH_BYTES = 1 << 20;
    private static final int FORCE_BYTES = 16 << 20;

    private final Store source;
    private final Store target;
    private final EntryBatch batch = new EntryBatch(BATCH_BYTES);
    private final EntryBatch other = new EntryBatch(BATCH_BYTES);
    private long unforcedBytes;
    private long entries;

    StoreCopy(final Store source, final Store target) {
        this.source = source;
        this.target = target;
    }

    /** Entries copied or compared so far. */
    long entries() {
        return entries;
    }

    /** Bytes that {@link #copy} will have copied in the end, for a bar. */
    static long bytesOf(final Store store) {
        return store.usage().liveBytes();
    }

    /** Refuses a source whose damage peers have still to mend: the target could not say so. */
    void checkSource() {
        for (final GroupId group : source.groups()) {
            if (source.mayHaveForgotten(group)) {
                throw new ToolFailure(1, "group " + group + " has lost data: start the server, let it fetch what is"
                        + " missing from its peers, stop it, and convert then");
            }
        }
    }

    /** Copies everything; it is durable on return. */
    void copy(final Progress progress) {
        for (final GroupId group : source.groups()) {
            final GroupLog from = source.open(group);
            final GroupLog to = target.open(group);
            final long base = from.firstHistoryIndex() - 1;
            if (base > 0) {
                to.reset(base, from.termAt(base));
                copyRecords(from, to, progress);
            }
            copyHistory(from, to, progress);
            source.checkpoints().latest(group).ifPresent(image -> copyImage(group, image));
            target.ballots().save(group, source.ballots().load(group));
        }
        force();
    }

    private void copyRecords(final GroupLog from, final GroupLog to, final Progress progress) {
        final EntryView view = new EntryView();
        batch.clear();
        for (final long index : GroupWalk.records(from)) {
            from.record(index, view);
            batch.append(view.buffer(), view.offset(), view.length());
            if (batch.length() >= BATCH_BYTES) {
                to.restore(batch);
                copied(progress);
            }
        }
        if (!batch.isEmpty()) {
            to.restore(batch);
            copied(progress);
        }
    }

    private void copyHistory(final GroupLog from, final GroupLog to, final Progress progress) {
        while (from.read(to.lastIndex() + 1, BATCH_BYTES, batch) > 0) {
            to.append(batch);
            copied(progress);
        }
    }

    private void copied(final Progress progress) {
        progress.add(batch.length());
        entries += batch.count();
        unforcedBytes += batch.length();
        batch.clear();
        if (unforcedBytes >= FORCE_BYTES) {
            force();
        }
    }

    private void force() {
        target.force(target.ticket());
        unforcedBytes = 0;
    }

    private void copyImage(final GroupId group, final Checkpoint image) {
        final CheckpointWriter writer = target.checkpoints().begin(group, image.index(), image.term());
        writer.write(image.image().duplicate());
        writer.commit();
    }

    /**
     * Compares every entry, checkpoint and ballot.
     *
     * @return one sentence for each group that differs; empty if all is the same
     */
    List<String> differences(final Progress progress) {
        final List<String> found = new ArrayList<>();
        final Collection<GroupId> groups = source.groups();
        if (target.groups().size() != groups.size() || !target.groups().containsAll(groups)) {
            found.add("the groups are " + target.groups() + " instead of " + groups);
        }
        for (final GroupId group : groups) {
            try {
                final String difference = difference(group, progress);
                if (difference != null) {
                    found.add("group " + group + ": " + difference);
                }
            } catch (final StoreException.Corrupt e) {
                found.add(e.getMessage());
            }
        }
        return found;
    }

    private String difference(final GroupId group, final Progress progress) {
        if (!source.ballots().load(group).equals(target.ballots().load(group))) {
            return "ballot " + target.ballots().load(group) + " instead of " + source.ballots().load(group);
        }
        final Optional<Checkpoint> from = source.checkpoints().latest(group);
        final Optional<Checkpoint> to = target.checkpoints().latest(group);
        if (!isSame(from.orElse(null), to.orElse(null))) {
            return "another checkpoint";
        }
        return difference(source.open(group), target.open(group), progress);
    }

    private static boolean isSame(final Checkpoint one, final Checkpoint two) {
        return one == null || two == null ? one == two
                : one.index() == two.index() && one.term() == two.term() && one.image().equals(two.image());
    }

    private String difference(final GroupLog from, final GroupLog to, final Progress progress) {
        if (from.firstHistoryIndex() != to.firstHistoryIndex() || from.lastIndex() != to.lastIndex()) {
            return "history " + to.firstHistoryIndex() + " to " + to.lastIndex() + " instead of "
                    + from.firstHistoryIndex() + " to " + from.lastIndex();
        }
        final long base = from.firstHistoryIndex() - 1;
        if (from.termAt(base) != to.termAt(base)) {
            return "term " + to.termAt(base) + " of index " + base + " instead of " + from.termAt(base);
        }
        if (from.liveBytes() != to.liveBytes()) {
            return to.liveBytes() + " live bytes instead of " + from.liveBytes();
        }
        final String ofRecords = differenceOfRecords(from, to, progress);
        return ofRecords != null ? ofRecords : differenceOfHistory(from, to, progress);
    }

    private String differenceOfRecords(final GroupLog from, final GroupLog to, final Progress progress) {
        final EntryView one = new EntryView();
        final EntryView two = new EntryView();
        for (final long index : GroupWalk.records(from)) {
            final boolean isSame = from.record(index, one) && to.record(index, two)
                    && one.buffer().slice(one.offset(), one.length())
                            .equals(two.buffer().slice(two.offset(), two.length()));
            if (!isSame) {
                return "another record at index " + index;
            }
            entries++;
            progress.add(one.length());
        }
        return null;
    }

    private String differenceOfHistory(final GroupLog from, final GroupLog to, final Progress progress) {
        long index = from.firstHistoryIndex();
        while (index <= from.lastIndex()) {
            final int count = from.read(index, BATCH_BYTES, batch);
            int at = batch.offset();
            for (int i = 0; i < count; i++) {
                final int length = EntryLayout.entryLength(batch.buffer(), at);
                to.read(index, 0, other);
                if (from.termAt(index) != to.termAt(index) || other.length() != length || !batch.buffer()
                        .slice(at, length).equals(other.buffer().slice(other.offset(), length))) {
                    return "another entry at index " + index;
                }
                at += length;
                index++;
                entries++;
            }
            progress.add(batch.length());
        }
        return null;
    }
}
