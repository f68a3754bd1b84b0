package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the blocks of a segment, first in ascending order, those in compressed units as if they stood in the file. One
 * thread.
 */
final class SegmentReader {
    private final Segment segment;
    private final Window mapped;
    /** Units that were met so far. */
    private final BlockStarts units = new BlockStarts();
    private Window unit;

    SegmentReader(final Segment segment) {
        this.segment = segment;
        final ByteBuffer bytes = segment.bytes();
        mapped = new Window(bytes, new Checksums(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN)), 0);
    }

    /** Reads the header of the block at that offset; false if none can be read. */
    boolean read(final int offset, final BlockLayout.BlockHeader into) {
        if (isInUnit(offset)) {
            return BlockLayout.read(unit, offset, into);
        }
        if (BlockLayout.read(mapped, offset, into)) {
            return !into.isUnit() || isUnpacked(into) && BlockLayout.read(unit, offset, into);
        }
        final int start = units.floor(offset);
        return start >= 0 && BlockLayout.read(mapped, start, into) && offset < start + into.recordCount
                && isUnpacked(into) && BlockLayout.read(unit, offset, into);
    }

    private boolean isUnpacked(final BlockLayout.BlockHeader header) {
        if (units.floor(header.offset) < header.offset) {
            units.add(header.offset);
        }
        unit = segment.unpack(header, mapped);
        return unit != null;
    }

    /** Where the records of a block can be read whose header was read last; null if they can not be decrypted. */
    Window open(final BlockLayout.BlockHeader header) {
        return segment.open(header, isInUnit(header.offset) ? unit : mapped);
    }

    private boolean isInUnit(final int offset) {
        return unit != null && offset >= unit.base() && offset < unit.base() + unit.bytes().capacity();
    }
}
