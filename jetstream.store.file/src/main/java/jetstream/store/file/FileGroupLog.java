package jetstream.store.file;

import java.nio.ByteBuffer;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;

/**
 * One group's log: which entries of the node's log are its own. An entry is <em>live</em> until it is freed or
 * truncated, and held as long as it is live or in the history. Owner: the shard thread.
 */
final class FileGroupLog implements GroupLog {
    private static final int COPY_BYTES = 64 << 10;

    private final FileStore store;
    private final LogWriter writer;
    private final GroupEntries entries;
    private final GroupState state;
    private final TermRuns terms = new TermRuns();
    private final GroupId group;

    FileGroupLog(final FileStore store, final GroupId group, final GroupState state, final GroupEntries entries) {
        this.store = store;
        this.writer = store.writer();
        this.group = group;
        this.state = state;
        this.entries = entries;
        terms.reset(state.baseIndex, state.baseTerm);
    }

    /** Reads the terms of the recovered history; an index that is missing leaves the run before it. */
    void recoverTerms() {
        for (long at = state.baseIndex + 1; at <= state.lastIndex; at = entries.uniformThrough(at) + 1) {
            final long term = recoveredTerm(at);
            if (term >= 0) {
                terms.add(at, term);
            } else {
                entries.release(at);                // if it is held, its header is damaged: it counts as lost
            }
        }
    }

    /** The cleaner may have moved an entry to the end of the log before its group was opened. */
    private long recoveredTerm(final long index) {
        final long position = entries.positionInMemory(index);
        final ByteBuffer unwritten = position == 0 ? null : writer.unwritten(position);
        return unwritten == null ? entries.termAt(index)
                : EntryLayout.term(unwritten, Position.offset(position) - writer.blockStart());
    }

    @Override
    public long firstHistoryIndex() {
        return state.baseIndex + 1;
    }

    @Override
    public long lastIndex() {
        return state.lastIndex;
    }

    @Override
    public long termAt(final long index) {
        Invariant.check(index >= state.baseIndex && index <= state.lastIndex, "term of an index outside the history",
                index,
                state.lastIndex);
        if (index > state.baseIndex && !entries.isHeld(index) && !isTermCertain(index)) {
            place(index);
        }
        return terms.termAt(index);
    }

    /** Terms never fall: an entry that is lost has the term of its neighbours if they have the same. */
    private boolean isTermCertain(final long index) {
        long next = index + 1;
        while (next <= state.lastIndex && !entries.isHeld(next)) {
            next++;
        }
        return next <= state.lastIndex && terms.termAt(next) == terms.termAt(index);
    }

    @Override
    public void append(final EntryBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        Invariant.check(batch.firstIndex() == state.lastIndex + 1, "append leaves a gap", batch.firstIndex(),
                state.lastIndex);
        store.checkRoom(batch.length(), group);
        final ByteBuffer source = batch.buffer();
        int offset = batch.offset();
        while (offset < batch.limit()) {
            final int length = EntryLayout.entryLength(source, offset);
            final long index = EntryLayout.index(source, offset);
            Invariant.check(index == state.lastIndex + 1, "append leaves a gap", index, state.lastIndex);
            Invariant.check(EntryLayout.group(source, offset) == group.value(), "entry of another group",
                    EntryLayout.group(source, offset), group.value());
            entries.place(index, writer.append(source, offset, length), length);
            terms.add(index, EntryLayout.term(source, offset));
            state.lastIndex = index;
            offset += length;
        }
    }

    @Override
    public void restore(final EntryBatch records) {
        store.checkRoom(records.length(), group);
        final ByteBuffer source = records.buffer();
        int offset = records.offset();
        while (offset < records.limit()) {
            offset = restorePiece(source, offset, records.limit());
        }
    }

    /** Copies records of one block; returns where the next one starts. */
    private int restorePiece(final ByteBuffer source, final int from, final int limit) {
        int count = 1;
        int through = from + EntryLayout.entryLength(source, from);
        while (through < limit && through + EntryLayout.entryLength(source, through) - from <= COPY_BYTES) {
            through += EntryLayout.entryLength(source, through);
            count++;
        }
        writer.beginCopies(count, through - from);
        int offset = from;
        while (offset < through) {
            final int length = EntryLayout.entryLength(source, offset);
            final long index = EntryLayout.index(source, offset);
            Invariant.check(index <= state.lastIndex, "restored record beyond the log", index, state.lastIndex);
            Invariant.check(EntryLayout.group(source, offset) == group.value(), "record of another group",
                    EntryLayout.group(source, offset), group.value());
            entries.place(index, writer.append(source, offset, length), length);
            offset += length;
        }
        return through;
    }

    @Override
    public void truncateFrom(final long index) {
        Invariant.check(index > state.baseIndex, "truncation of discarded history", index, state.baseIndex);
        if (index > state.lastIndex) {
            return;
        }
        store.checkHealth();
        writer.control(RecordType.TRUNCATE, group.value(), index, 0);
        entries.releaseAll(index, state.lastIndex);
        state.lastIndex = index - 1;
        terms.truncateFrom(index);
    }

    @Override
    public void discardHistory(final long throughIndex) {
        Invariant.check(throughIndex <= state.lastIndex, "discard beyond the log", throughIndex, state.lastIndex);
        if (throughIndex <= state.baseIndex) {
            return;
        }
        store.checkHealth();
        final long term = terms.termAt(throughIndex);
        writer.control(RecordType.DISCARD, group.value(), throughIndex, term);
        entries.releaseFreed(state.baseIndex + 1, throughIndex);
        state.baseIndex = throughIndex;
        state.baseTerm = term;
        terms.discardBefore(throughIndex);
    }

    @Override
    public void free(final long fromIndex, final long throughIndex) {
        entries.free(fromIndex, Math.min(throughIndex, state.lastIndex), state.baseIndex);
    }

    @Override
    public void reset(final long throughIndex, final long throughTerm) {
        store.checkHealth();
        state.epoch = writer.control(RecordType.RESET, group.value(), throughIndex, throughTerm);
        entries.releaseAll(0, Long.MAX_VALUE);
        state.baseIndex = throughIndex;
        state.baseTerm = throughTerm;
        state.lastIndex = throughIndex;
        terms.reset(throughIndex, throughTerm);
    }

    @Override
    public long liveBytes() {
        return entries.liveBytes();
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        Invariant.check(fromIndex > state.baseIndex && fromIndex <= state.lastIndex + 1, "read outside the history",
                fromIndex,
                state.lastIndex);
        into.clear();
        for (long index = fromIndex; index <= state.lastIndex; index++) {
            if (!into.isEmpty() && !isReadable(index)) {
                break;
            }
            place(index);
            if (!into.isEmpty() && into.length() + entries.length() > limitBytes) {
                break;
            }
            copy(index, entries.position(), entries.length(), into);
        }
        return into.count();
    }

    @Override
    public boolean record(final long index, final EntryView into) {
        if (!locateLive(index)) {
            if (index > state.baseIndex && index <= state.lastIndex) {
                place(index);
            }
            return false;
        }
        final long position = entries.position();
        final ByteBuffer unwritten = writer.unwritten(position);
        if (unwritten != null) {
            into.wrap(unwritten, Position.offset(position) - writer.blockStart());
        } else {
            final int offset = Position.offset(position);
            final Window window = store.segment(position).check(group.value(), index, offset, entries.length());
            into.wrap(window.bytes(), window.at(offset));
        }
        return true;
    }

    /** False if it is not held, or freed: then it does not matter that its place can not be read. */
    private boolean locateLive(final long index) {
        try {
            return entries.locate(index) && entries.isLive();
        } catch (final StoreException.Corrupt e) {
            if (entries.isFreed(index)) {
                return false;
            }
            throw e;
        }
    }

    /** Locates an index of the history. */
    private void place(final long index) {
        if (!entries.locate(index)) {
            throw new StoreException.Corrupt(
                    "group " + group + ": index " + index + " of the history " + firstHistoryIndex()
                            + ".." + state.lastIndex + " was lost with a damaged part of the log");
        }
    }

    /** Whether an entry that is not the first of a read can follow: damage ends the batch before it. */
    private boolean isReadable(final long index) {
        try {
            if (!entries.locate(index)) {
                return false;
            }
        } catch (final StoreException.Corrupt e) {
            return false;
        }
        final long position = entries.position();
        return writer.unwritten(position) != null
                || store.segment(position).isIntact(group.value(), index, Position.offset(position),
                        entries.length());
    }

    private void copy(final long index, final long position, final int length, final EntryBatch into) {
        final ByteBuffer unwritten = writer.unwritten(position);
        if (unwritten != null) {
            into.append(unwritten, Position.offset(position) - writer.blockStart(), length);
            return;
        }
        final Segment segment = store.segment(position);
        if (into.isEmpty()) {
            segment.check(group.value(), index, Position.offset(position), length);
        }
        final Window window = segment.window(Position.offset(position));
        into.append(window.bytes(), window.at(Position.offset(position)), length);
    }
}
