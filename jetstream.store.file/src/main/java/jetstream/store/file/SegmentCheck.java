package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.entry.EntryLayout;

/** Reads all records of a segment, piece by piece, and compares checksums, beside the running store. One thread. */
final class SegmentCheck {
    private final Segment segment;
    private final int end;
    private final ByteBuffer bytes;
    private final Checksums checksums;
    private final BlockLayout.BlockHeader header;
    private final List<String> damages = new ArrayList<>();
    private int offset;
    private int unreadableFrom = -1;
    private long entriesRead;

    SegmentCheck(final Segment segment, final long tag) {
        this.segment = segment;
        end = segment.end;
        bytes = segment.bytes();
        checksums = new Checksums(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
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
            damages.add("segment " + segment.name + " can not be read at offset " + offset + ": " + e.getMessage());
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

    /** A sentence each. */
    List<String> damages() {
        return damages;
    }

    private void checkBlock() {
        if (!BlockLayout.read(bytes, checksums, offset, header)) {
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
            damages.add("segment " + segment.name + ": no block from offset " + unreadableFrom + " to "
                    + Math.min(offset, end));
            unreadableFrom = -1;
        }
    }

    private void checkRecords() {
        final int limit = header.offset + header.length;
        int at = header.offset + BlockLayout.HEADER_LENGTH;
        while (at < limit) {
            if (!checksums.isHeaderIntact(at, limit)) {
                damages.add("segment " + segment.name + ": damaged from offset " + at + " to " + limit);
                return;
            }
            if (!checksums.isBodyIntact(at)) {
                damages.add("segment " + segment.name + ": body at offset " + at + " is damaged, group "
                        + EntryLayout.group(bytes, at) + " index " + EntryLayout.index(bytes, at));
            }
            entriesRead += RecordType.isEntry(EntryLayout.type(bytes, at)) ? 1 : 0;
            at += EntryLayout.entryLength(bytes, at);
        }
    }
}
