package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.entry.EntryLayout;

/**
 * Makes the {@link SealedIndex} of a segment from its records. Reads headers, and the bodies of the store's own
 * records. Any thread; the segment does not change any more.
 */
final class IndexBuilder {
    private static final int ROW_INTS = 3;

    /** Items of one group, and the rows of the run that is being collected. */
    private static final class GroupRows {
        final List<IndexItem> items = new ArrayList<>();
        /** Rows of the runs so far: index less the run's first, offset, length. */
        int[] rows = new int[ROW_INTS * 4];
        int rowCount;
        private int runStart;
        private long first;
        private long last;
        private long term;
        private boolean isCopy;
        private long bytes;

        void entry(final ByteBuffer in, final int at, final int offset, final boolean isCopied) {
            final long index = EntryLayout.index(in, at);
            final long itsTerm = EntryLayout.term(in, at);
            if (rowCount == runStart || itsTerm != term || isCopied != isCopy || index <= last
                    || index - first > Integer.MAX_VALUE) {
                endRun();
                first = index;
                term = itsTerm;
                isCopy = isCopied;
            }
            if ((rowCount + 1) * ROW_INTS > rows.length) {
                rows = Arrays.copyOf(rows, rows.length * 2);
            }
            last = index;
            final int length = EntryLayout.entryLength(in, at);
            rows[rowCount * ROW_INTS] = (int) (index - first);
            rows[rowCount * ROW_INTS + 1] = offset;
            rows[rowCount * ROW_INTS + 2] = length;
            rowCount++;
            bytes += length;
        }

        void control(final ByteBuffer in, final int at, final int offset) {
            endRun();
            items.add(IndexItem.control(in, at, offset));
        }

        void endRun() {
            if (rowCount > runStart) {
                items.add(new IndexItem(isCopy ? IndexItem.RUN_OF_COPIES : IndexItem.RUN,
                        rows[rowCount * ROW_INTS - 2], first, last, term, rowCount - runStart, bytes, 0, 0, null));
            }
            runStart = rowCount;
            bytes = 0;
        }
    }

    private final Segment segment;
    private final SegmentReader reader;
    private final TreeMap<Long, GroupRows> groups = new TreeMap<>();
    private final BlockStarts starts = new BlockStarts();
    private boolean hasEncrypted;
    private long copiesLeft;

    private IndexBuilder(final Segment segment) {
        this.segment = segment;
        reader = new SegmentReader(segment);
    }

    /** The image of the index file; null if anything in the segment that it needs is damaged. */
    static ByteBuffer build(final Segment segment, final long tag) {
        final IndexBuilder builder = new IndexBuilder(segment);
        return builder.collect(tag) ? builder.encode(tag) : null;
    }

    private boolean collect(final long tag) {
        final BlockLayout.BlockHeader header = new BlockLayout.BlockHeader(tag, segment.seq);
        int offset = 0;
        while (offset < segment.end) {
            if (!reader.read(offset, header) || !collectBlock(reader.open(header), header)) {
                return false;
            }
            starts.add(offset);
            hasEncrypted |= header.isEncrypted();
            offset += BlockLayout.aligned(header.length);
        }
        return offset == segment.end;
    }

    private boolean collectBlock(final Window window, final BlockLayout.BlockHeader header) {
        final int limit = header.recordsEnd();
        int offset = header.offset + BlockLayout.HEADER_LENGTH;
        while (window != null && offset < limit) {
            if (!window.isHeaderIntact(offset, limit) || !collectRecord(window, offset)) {
                return false;
            }
            offset += EntryLayout.entryLength(window.bytes(), window.at(offset));
        }
        return window != null;
    }

    private boolean collectRecord(final Window window, final int offset) {
        final ByteBuffer in = window.bytes();
        final int at = window.at(offset);
        final byte type = EntryLayout.type(in, at);
        if (RecordType.isEntry(type)) {
            rowsOf(EntryLayout.group(in, at)).entry(in, at, offset, copiesLeft > 0);
            copiesLeft = Math.max(0, copiesLeft - 1);
            return true;
        }
        if (!window.isBodyIntact(offset)) {
            return false;
        }
        if (type == RecordType.COPIES) {
            copiesLeft = EntryLayout.index(in, at);
        } else if (type != RecordType.SEGMENT) {
            rowsOf(EntryLayout.group(in, at)).control(in, at, offset);
        }
        return true;
    }

    private GroupRows rowsOf(final long group) {
        return groups.computeIfAbsent(group, any -> new GroupRows());
    }

    private ByteBuffer encode(final long tag) {
        int directory = 0;
        int tables = 0;
        for (final GroupRows group : groups.values()) {
            group.endRun();
            directory += Long.BYTES + Integer.BYTES;
            for (final IndexItem item : group.items) {
                directory += item.encodedLength();
                tables += item.isRun() ? item.tableLength() : 0;
            }
        }
        final int blocks = hasEncrypted ? starts.count() * Integer.BYTES : 0;
        final ByteBuffer image = ByteBuffer.allocate(SealedIndex.HEADER_LENGTH + directory + tables + blocks)
                .order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer into = image.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(SealedIndex.HEADER_LENGTH);
        final Checksums over = new Checksums(image.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        int table = SealedIndex.HEADER_LENGTH + directory;
        for (final Map.Entry<Long, GroupRows> group : groups.entrySet()) {
            into.putLong(group.getKey()).putInt(group.getValue().items.size());
            table = writeGroup(group.getValue(), image, over, table, into);
        }
        for (int block = 0; hasEncrypted && block < starts.count(); block++) {
            image.putInt(table + block * Integer.BYTES, starts.get(block));
        }
        SealedIndex.seal(image, segment, tag, new SealedIndex.Parts(directory, groups.size(), table, blocks));
        return image;
    }

    /** Writes items and tables of a group; returns where the next table starts. */
    private static int writeGroup(final GroupRows group, final ByteBuffer image, final Checksums over,
            final int firstTable, final ByteBuffer directory) {
        int table = firstTable;
        int row = 0;
        for (final IndexItem item : group.items) {
            IndexItem placed = item;
            if (item.isRun()) {
                writeRows(group, row, item, image, table);
                placed = new IndexItem(item.type(), item.offset(), item.first(), item.last(), item.term(),
                        item.count(), item.bytes(), table, over.of(table, item.tableLength()), null);
                row += item.count();
                table += item.tableLength();
            }
            placed.write(directory);
        }
        return table;
    }

    private static void writeRows(final GroupRows group, final int firstRow, final IndexItem run,
            final ByteBuffer image, final int table) {
        final boolean isDense = run.isDense();
        int at = table;
        for (int row = firstRow; row < firstRow + run.count(); row++) {
            if (!isDense) {
                image.putInt(at, group.rows[row * ROW_INTS]);
                at += Integer.BYTES;
            }
            image.putInt(at, group.rows[row * ROW_INTS + 1]);
            image.putInt(at + Integer.BYTES, group.rows[row * ROW_INTS + 2]);
            at += SealedIndex.DENSE_ROW_LENGTH;
        }
    }

}
