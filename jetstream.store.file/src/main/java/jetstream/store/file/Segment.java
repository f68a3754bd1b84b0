package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryLayout;
import jetstream.api.store.StoreException;

/**
 * One use of a segment file. An entry in it is held while it is live or history; a sealed segment without held entries
 * goes back to the pool. Owner: the shard thread, unless a field says otherwise.
 */
final class Segment {
    final long seq;
    final String name;
    /** Changes when the segment is compressed; nothing is written to it any more then. */
    volatile SegmentFile file;
    final int capacity;
    /** Groups that have records in here which are not entries. */
    final Set<Long> controlGroups = new HashSet<>();
    /** Offset behind the last block. Read by any thread. */
    volatile int end;
    /** Bytes in the file, if it is compressed. */
    int storedEnd;
    /** Offset up to which the medium has room for the file already. Read by any thread, roughly. */
    int reserved;
    int heldEntries;
    /** Bytes of the held entries. */
    long heldBytes;
    boolean isSealed;
    /** What stands in it; null while it is written, or damaged, or nobody had the time. */
    SealedIndex index;
    /** What groups hold in it, once it has an index. */
    final List<SealedRun> runs = new ArrayList<>();
    /** The housekeeper is reading it, to index or compress it: it must not be overwritten. */
    boolean isBeingRead;
    /** It is compressed, or it was not worth it. */
    boolean isCompressionTried;
    /** Its headers can not all be read: it gets no index. */
    boolean isDamaged;
    /** Tail of the log when the last held entry went. */
    long emptiedAt;
    /** Position of the RETIRE record, 0 if there is none yet. */
    long retiredAt;

    /** Where blocks start, in a store that has keys, while there is no index. */
    BlockStarts starts;

    private final SegmentSetup setup;
    /** Where compressed units start; null if there is none. */
    private BlockStarts units;
    private volatile ByteBuffer bytes;
    private Window plain;

    Segment(final long seq, final String name, final SegmentFile file, final int capacity, final SegmentSetup setup) {
        this.seq = seq;
        this.name = name;
        this.file = file;
        this.capacity = capacity;
        this.setup = setup;
        starts = setup.keys() == null ? null : new BlockStarts();
    }

    static String nameOf(final long seq) {
        return String.format("%016x.seg", seq);
    }

    /**
     * The whole file, mapped on first use and kept: reading costs no system call. Absolute access only. Any thread.
     */
    ByteBuffer bytes() {
        final ByteBuffer mapped = bytes;
        return mapped != null ? mapped : map();
    }

    private synchronized ByteBuffer map() {
        if (bytes == null) {
            try {
                final ByteBuffer mapped = file.map();
                plain = new Window(mapped, new Checksums(mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN)), 0);
                bytes = mapped;
            } catch (final IOException e) {
                throw new StoreException.Failed("segment " + name + " can not be mapped: " + e.getMessage(), e);
            }
        }
        return bytes;
    }

    /** The compressed form takes the place of what was written. */
    synchronized void replace(final SegmentFile compressed, final BlockStarts compressedUnits, final long stored)
            throws IOException {
        final SegmentFile old = file;
        file = compressed;
        bytes = null;
        units = compressedUnits;
        reserved = 0;
        storedEnd = (int) stored;
        old.close();
    }

    /** Looks for compressed units, which begin behind the first block. Opening thread. */
    void findUnits() {
        final BlockLayout.BlockHeader header = new BlockLayout.BlockHeader(setup.tag(), seq);
        bytes();
        final BlockStarts found = new BlockStarts();
        int offset = 0;
        int stored = 0;
        while (offset < end) {
            if (!BlockLayout.read(plain, offset, header)) {
                offset += BlockLayout.ALIGNMENT;
                continue;
            }
            if (header.isUnit()) {
                found.add(offset);
            } else if (found.count() == 0 && offset > 0) {
                // Most segments have none: one block more tells.
                return;
            }
            offset += BlockLayout.aligned(header.isUnit() ? header.recordCount : header.length);
            stored += header.length;
        }
        storedEnd = stored;
        units = found;
        isCompressionTried = true;
    }

    /**
     * Where the record at that offset can be read. Shard thread.
     *
     * @throws StoreException.Corrupt if its block can not be decrypted or decompressed
     */
    Window window(final int offset) {
        bytes();
        final Window unit = units == null ? null : unit(offset);
        if (unit != null) {
            return unit;
        }
        final int start = setup.keys() == null ? -1 : blockStart(offset);
        if (start < 0) {
            return plain;
        }
        final BlockLayout.BlockHeader header = headerAt(start);
        return header.isEncrypted() ? cached(header) : plain;
    }

    private Window unit(final int offset) {
        final int start = units.floor(offset);
        if (start < 0) {
            return null;
        }
        final BlockLayout.BlockHeader header = headerAt(start);
        return offset < start + header.recordCount ? cached(header) : null;
    }

    private BlockLayout.BlockHeader headerAt(final int start) {
        final BlockLayout.BlockHeader header = new BlockLayout.BlockHeader(setup.tag(), seq);
        BlockLayout.readTrusted(bytes, start, header);
        return header;
    }

    private Window cached(final BlockLayout.BlockHeader header) {
        final long position = Position.of(seq, header.offset);
        final Window known = setup.cache().get(position);
        if (known != null) {
            return known;
        }
        // The header was intact once; what is there now may be anything.
        final boolean isIntact = BlockLayout.read(plain, header.offset, header);
        final Window found = !isIntact ? null : header.isUnit() ? unpack(header, plain) : open(header, plain);
        if (found == null) {
            throw new StoreException.Corrupt("block at offset " + header.offset + " of " + name
                    + " can not be decrypted or decompressed: it is not what was written; not served, kept as it is");
        }
        setup.cache().put(position, found);
        return found;
    }

    /**
     * The blocks of a unit, at their places; null if it is not what was written. Any thread.
     *
     * @param mapped this segment as that thread sees it
     */
    Window unpack(final BlockLayout.BlockHeader header, final Window mapped) {
        final Window payload = open(header, mapped);
        final int length = header.recordsEnd() - header.offset - BlockLayout.HEADER_LENGTH;
        if (payload == null || header.codec() == null || length < 0 || header.recordCount < 0
                || header.recordCount > capacity - header.offset) {
            return null;
        }
        final byte[] source = new byte[length];
        payload.bytes().get(payload.at(header.offset + BlockLayout.HEADER_LENGTH), source);
        final byte[] raw = header.codec().decompress(source, header.recordCount);
        if (raw == null) {
            return null;
        }
        final ByteBuffer blocks = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        return new Window(blocks, new Checksums(blocks.duplicate().order(ByteOrder.LITTLE_ENDIAN)), header.offset);
    }

    /** Where a whole and intact record at that offset can be read; null if there is none. Shard thread. */
    Window intact(final int offset) {
        final Window window = intactHeader(offset);
        return window != null && window.isBodyIntact(offset) ? window : null;
    }

    /** Where a record with an intact header at that offset can be read; null if there is none. Shard thread. */
    Window intactHeader(final int offset) {
        try {
            final Window window = window(offset);
            return window.isHeaderIntact(offset, end) ? window : null;
        } catch (final StoreException.Corrupt e) {
            return null;
        }
    }

    /**
     * Where the records of a block can be read, for a thread of its own; null if they can not be decrypted.
     *
     * @param header of the block
     * @param mapped this segment as that thread sees it
     */
    Window open(final BlockLayout.BlockHeader header, final Window mapped) {
        if (!header.isEncrypted()) {
            return mapped;
        }
        if (setup.keys() == null) {
            throw new StoreException.Refused("segment " + name + " is encrypted and the file with its keys is missing;"
                    + " nothing was touched", null);
        }
        return setup.keys().decryptBlock(mapped.bytes(), header);
    }

    private int blockStart(final int offset) {
        if (starts != null) {
            return starts.floor(offset);
        }
        return index == null ? -1 : index.blockStart(offset);
    }

    /**
     * Checks the record at that offset against its checksums and against what the index says it is.
     *
     * @return where it can be read
     * @throws StoreException.Corrupt saying where and what
     */
    Window check(final long group, final long index, final int offset, final int length) {
        final Window window = window(offset);
        final ByteBuffer in = window.bytes();
        final int at = window.at(offset);
        try {
            if (!window.isHeaderIntact(offset, offset + length)) {
                throw corrupt(group, index, offset, "header", in.getInt(at), window.checksums().headerChecksum(at));
            }
            if (EntryLayout.group(in, at) != group || EntryLayout.index(in, at) != index) {
                throw corrupt(group, index, offset, "place", EntryLayout.group(in, at), EntryLayout.index(in, at));
            }
            if (!window.isBodyIntact(offset)) {
                throw corrupt(group, index, offset, "body", window.checksums().storedBodyChecksum(at),
                        window.checksums().bodyChecksum(at));
            }
        } catch (final InternalError e) {
            // What the JVM makes of a mapped page that the medium could not read.
            throw new StoreException.Corrupt("group " + new GroupId(group) + ": index " + index + " at offset "
                    + offset + " of " + name + " can not be read from the medium: " + e.getMessage());
        }
        return window;
    }

    /** As {@link #check}, as an answer. */
    boolean isIntact(final long group, final long index, final int offset, final int length) {
        try {
            check(group, index, offset, length);
            return true;
        } catch (final StoreException.Corrupt e) {
            return false;
        }
    }

    private StoreException.Corrupt corrupt(final long group, final long index, final int offset, final String part,
            final long stored, final long computed) {
        return new StoreException.Corrupt("group " + new GroupId(group) + ": " + part + " damaged at index " + index
                + ", offset " + offset + " of " + name + ": stored " + Long.toHexString(stored) + ", computed "
                + Long.toHexString(computed) + "; not served, kept as it is");
    }
}
