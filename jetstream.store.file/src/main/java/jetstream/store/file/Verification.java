package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.entry.EntryLayout;
import jetstream.api.store.VerifyReport;

/** Reads all records of all segments and compares checksums, beside the running store. Any thread. */
final class Verification {
    private final SegmentTable segments;
    private final long tag;
    private final List<String> damages = new ArrayList<>();
    private long entriesRead;

    Verification(final SegmentTable segments, final long tag) {
        this.segments = segments;
        this.tag = tag;
    }

    VerifyReport run() {
        for (final Segment segment : segments.snapshot()) {
            final int known = damages.size();
            try {
                check(segment);
            } catch (final IOException | InternalError e) {
                damages.add("segment " + segment.name + " can not be read: " + e.getMessage());
            }
            if (!isInUse(segment)) {
                // Emptied and overwritten meanwhile: what was seen says nothing.
                damages.subList(known, damages.size()).clear();
            }
        }
        return new VerifyReport(entriesRead, List.copyOf(damages));
    }

    private boolean isInUse(final Segment segment) {
        for (final Segment other : segments.snapshot()) {
            if (other == segment) {
                return true;
            }
        }
        return false;
    }

    private void check(final Segment segment) throws IOException {
        final int end = segment.end;
        final ByteBuffer bytes = segment.file.map();
        final Checksums checksums = new Checksums(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        final BlockLayout.BlockHeader header = new BlockLayout.BlockHeader(tag, segment.seq);
        int offset = 0;
        while (offset < end) {
            if (!BlockLayout.read(bytes, checksums, offset, header)) {
                damages.add("segment " + segment.name + ": no block at offset " + offset);
                offset += BlockLayout.ALIGNMENT;
            } else {
                checkRecords(segment, bytes, checksums, header);
                offset += BlockLayout.aligned(header.length);
            }
        }
    }

    private void checkRecords(final Segment segment, final ByteBuffer bytes, final Checksums checksums,
            final BlockLayout.BlockHeader header) {
        final int limit = header.offset + header.length;
        int offset = header.offset + BlockLayout.HEADER_LENGTH;
        while (offset < limit) {
            if (!checksums.isHeaderIntact(offset, limit)) {
                damages.add("segment " + segment.name + ": damaged from offset " + offset + " to " + limit);
                return;
            }
            if (!checksums.isBodyIntact(offset)) {
                damages.add("segment " + segment.name + ": body at offset " + offset + " is damaged, group "
                        + EntryLayout.group(bytes, offset) + " index " + EntryLayout.index(bytes, offset));
            }
            entriesRead += RecordType.isEntry(EntryLayout.type(bytes, offset)) ? 1 : 0;
            offset += EntryLayout.entryLength(bytes, offset);
        }
    }
}
