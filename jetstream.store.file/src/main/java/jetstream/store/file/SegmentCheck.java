package jetstream.store.file;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.entry.EntryLayout;

/** Reads all records of a segment, piece by piece, and compares checksums, beside the running store. One thread. */
final class SegmentCheck {
    /** Bytes that are not what was written, and a sentence about it. */
    record Damage(int from, int through, String text) {
    }

    private final Segment segment;
    private final int end;
    private final SegmentReader reader;
    private final BlockLayout.BlockHeader header;
    private final List<Damage> damages = new ArrayList<>();
    private int offset;
    private int unreadableFrom = -1;
    private long entriesRead;

    SegmentCheck(final Segment segment, final long tag) {
        this.segment = segment;
        end = segment.end;
        reader = new SegmentReader(segment);
        header = new BlockLayout.BlockHeader(tag, segment.seq);
    }

    /** Reads blocks until about that many bytes were read; returns how many were. */
    int run(final int limitBytes) {
        final int from = offset;
        try {
            while (offset < end && offset - from < limitBytes) {
                checkBlock();
            }
        } catch (final InternalError e) {
            // What the JVM makes of a mapped page that the medium could not read.
            found(offset, offset + BlockLayout.ALIGNMENT,
                    "segment " + segment.name + " can not be read at offset " + offset + ": " + e.getMessage());
            offset += BlockLayout.ALIGNMENT;
        }
        if (isDone()) {
            endUnreadable();
        }
        return offset - from;
    }

    boolean isDone() {
        return offset >= end;
    }

    long entriesRead() {
        return entriesRead;
    }

    List<Damage> damages() {
        return damages;
    }

    private void found(final int from, final int through, final String text) {
        damages.add(new Damage(from, through, text));
    }

    private void checkBlock() {
        if (!reader.read(offset, header)) {
            unreadableFrom = unreadableFrom < 0 ? offset : unreadableFrom;
            offset += BlockLayout.ALIGNMENT;
            return;
        }
        endUnreadable();
        checkRecords();
        offset += BlockLayout.aligned(header.length);
    }

    private void endUnreadable() {
        if (unreadableFrom >= 0) {
            found(unreadableFrom, Math.min(offset, end), "segment " + segment.name + ": no block from offset "
                    + unreadableFrom + " to " + Math.min(offset, end));
            unreadableFrom = -1;
        }
    }

    private void checkRecords() {
        final Window window = reader.open(header);
        final int limit = header.recordsEnd();
        int next = header.offset + BlockLayout.HEADER_LENGTH;
        while (next < limit) {
            if (window == null || !window.isHeaderIntact(next, limit)) {
                found(next, limit, "segment " + segment.name + ": damaged from offset " + next + " to " + limit);
                return;
            }
            final int at = window.at(next);
            if (!window.isBodyIntact(next)) {
                found(next, next + EntryLayout.entryLength(window.bytes(), at), "segment " + segment.name
                        + ": body at offset " + next + " is damaged, group " + EntryLayout.group(window.bytes(), at)
                        + " index " + EntryLayout.index(window.bytes(), at));
            }
            entriesRead += RecordType.isEntry(EntryLayout.type(window.bytes(), at)) ? 1 : 0;
            next += EntryLayout.entryLength(window.bytes(), at);
        }
    }
}
