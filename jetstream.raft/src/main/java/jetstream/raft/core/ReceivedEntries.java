package jetstream.raft.core;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryType;
import jetstream.api.frame.RaftFrame;

/** The entries of one append on their way into a follower's log: checked, compared, and only the new ones stored. */
final class ReceivedEntries {
    private final RaftCore core;
    private final RaftFrame.Append append;
    private final ByteBuffer payload;
    private final int end;
    private int at;
    private int newCount;
    private long index;

    ReceivedEntries(final RaftCore core, final RaftFrame.Append append, final ByteBuffer payload, final int offset,
            final int length) {
        this.core = core;
        this.append = append;
        this.payload = payload;
        this.at = offset;
        this.end = offset + length;
        this.newCount = append.count();
        this.index = append.prevIndex() + 1;
    }

    /** Stores what is new; returns the last index that is now known to equal the leader's log. */
    long store() {
        final long lastIndex = append.prevIndex() + append.count();
        if (newCount == 0 || !isIntact()) {
            return append.prevIndex();
        }
        skipKnown();
        if (newCount > 0) {
            if (index <= core.log.lastIndex()) {
                core.truncateFrom(index);
            }
            final EntryBatch batch = core.controlBatch().wrap(payload, at, end - at, newCount);
            core.append(batch);
            adoptMembers();
        }
        Invariant.check(core.log.lastIndex() >= lastIndex, "entries not stored", core.log.lastIndex(), lastIndex);
        return lastIndex;
    }

    /** Whether every entry is whole, of this group and in its place: a frame damaged on its way is as good as lost. */
    private boolean isIntact() {
        int position = at;
        for (int i = 0; i < append.count(); i++) {
            if (!EntryLayout.isHeaderIntact(payload, position, end)
                    || EntryLayout.entryLength(payload, position) > end - position
                    || !EntryLayout.isBodyIntact(payload, position)
                    || EntryLayout.group(payload, position) != core.config.group()
                    || EntryLayout.index(payload, position) != index + i) {
                return false;
            }
            position += EntryLayout.entryLength(payload, position);
        }
        return position == end;
    }

    private void skipKnown() {
        while (newCount > 0 && index <= core.log.lastIndex()
                && (index <= core.commitIndex() || core.log.termAt(index) == EntryLayout.term(payload, at))) {
            at += EntryLayout.entryLength(payload, at);
            index++;
            newCount--;
        }
    }

    private void adoptMembers() {
        int position = at;
        for (int i = 0; i < newCount; i++) {
            if (EntryLayout.type(payload, position) == EntryType.MEMBERSHIP) {
                core.setMembers(index + i, Membership.decode(payload, position + EntryLayout.HEADER_LENGTH));
            }
            position += EntryLayout.entryLength(payload, position);
        }
    }
}
