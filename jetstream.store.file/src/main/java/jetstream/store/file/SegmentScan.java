package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jetstream.api.entry.EntryLayout;

/**
 * What recovery finds in one segment file: intact blocks, and gaps where none can be read. Owner: the opening thread.
 */
final class SegmentScan {
    /** Bytes between intact blocks, or between the last one and the known end. */
    record Gap(int from, int through) {
    }

    private static final int BLANK_LENGTH = 1 << 20;

    final Segment segment;
    final List<Gap> gaps = new ArrayList<>();
    /** Behind the last intact block, or where the segment is known to end. */
    int end;
    long forcedThrough;
    boolean mayRetire;
    int blockCount;
    /** Stands for all blocks but the first, if there is one. */
    SealedIndex index;

    private final BlockLayout.BlockHeader header;
    private final SegmentReader reader;
    private int[] offsets = new int[64];

    SegmentScan(final Segment segment, final long tag) {
        this.segment = segment;
        reader = new SegmentReader(segment);
        header = new BlockLayout.BlockHeader(tag, segment.seq);
    }

    /**
     * Finds the blocks.
     *
     * @param knownEnd where the segment ends, -1 if nothing says so
     */
    void run(final int knownEnd) throws IOException {
        final ByteBuffer bytes = segment.bytes();
        final int limit = knownEnd >= 0 ? Math.min(knownEnd, bytes.capacity()) : bytes.capacity();
        int offset = 0;
        boolean isClosed = false;
        while (offset < limit) {
            if (!reader.read(offset, header)) {
                // A whole file need not be searched for blocks behind a damaged one where the store was closed in
                // order.
                final int next = isClosed && knownEnd < 0 && isBlank(offset)
                        ? -1
                        : findNext(offset + BlockLayout.ALIGNMENT, limit);
                if (next < 0) {
                    break;
                }
                gaps.add(new Gap(offset, next));
                offset = next;
            } else {
                add(offset);
                isClosed = (header.flags & BlockLayout.FLAG_CLOSED) != 0;
                offset += BlockLayout.aligned(header.length);
            }
        }
        end = offset;
        extendTo(knownEnd);
    }

    /** Takes an index file's word instead of looking at every block; false if the segment does not begin as it says. */
    boolean run(final SealedIndex sealed) {
        if (!reader.read(0, header)) {
            return false;
        }
        segment.starts = null;
        add(0);
        index = sealed;
        end = sealed.end;
        forcedThrough = Math.max(forcedThrough, Position.of(segment.seq, end));
        return true;
    }

    /** The segment ends there at the earliest. */
    void extendTo(final int knownEnd) {
        if (knownEnd > end) {
            gaps.add(new Gap(end, knownEnd));
            end = knownEnd;
        }
    }

    int offset(final int block) {
        return offsets[block];
    }

    /** Offset behind the last record of a block. */
    int limit(final int block) {
        readHeader(block);
        return header.recordsEnd();
    }

    boolean hasRetireRecord(final int block) {
        readHeader(block);
        return (header.flags & BlockLayout.FLAG_RETIRE) != 0;
    }

    /** Where the records of a block can be read; null if they can not be decrypted. */
    Window window(final int block) {
        readHeader(block);
        return reader.open(header);
    }

    /** Whether every record of a block is whole and intact. */
    boolean isWhole(final int block) {
        final Window window = window(block);
        final int limit = header.recordsEnd();
        int offset = offsets[block] + BlockLayout.HEADER_LENGTH;
        while (window != null && offset < limit) {
            if (!window.isHeaderIntact(offset, limit) || !window.isBodyIntact(offset)) {
                return false;
            }
            offset += EntryLayout.entryLength(window.bytes(), window.at(offset));
        }
        return window != null;
    }

    /** Offset of the body of the SEGMENT record, -1 if it can not be read. */
    int manifest() {
        final int record = BlockLayout.HEADER_LENGTH;
        if (blockCount == 0 || offsets[0] != 0) {
            return -1;
        }
        final Window window = window(0);
        if (window == null || !window.isHeaderIntact(record, header.recordsEnd())
                || EntryLayout.type(window.bytes(), record) != RecordType.SEGMENT || !window.isBodyIntact(record)) {
            return -1;
        }
        return record + EntryLayout.HEADER_LENGTH;
    }

    private void readHeader(final int block) {
        reader.read(offsets[block], header);
    }

    private void add(final int offset) {
        if (blockCount == offsets.length) {
            offsets = Arrays.copyOf(offsets, blockCount * 2);
        }
        offsets[blockCount++] = offset;
        if (segment.starts != null) {
            segment.starts.add(offset);
        }
        forcedThrough = Math.max(forcedThrough, header.forcedThrough);
        mayRetire |= (header.flags & BlockLayout.FLAG_RETIRE) != 0;
    }

    private boolean isBlank(final int from) {
        final int limit = Math.min(from + BLANK_LENGTH, segment.capacity);
        for (int offset = from; offset + Long.BYTES <= limit; offset += Long.BYTES) {
            if (segment.bytes().getLong(offset) != 0) {
                return false;
            }
        }
        return true;
    }

    private int findNext(final int from, final int limit) {
        for (int offset = from; offset < limit; offset += BlockLayout.ALIGNMENT) {
            if (reader.read(offset, header)) {
                return offset;
            }
        }
        return -1;
    }
}
