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
    final SegmentFile file;
    final int capacity;
    /** Groups that have records in here which are not entries. */
    final Set<Long> controlGroups = new HashSet<>();
    /** Offset behind the last block. Read by any thread. */
    volatile int end;
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
    /** The housekeeper is reading it: it must not be overwritten. */
    boolean isBeingIndexed;
    /** Its headers can not all be read: it gets no index. */
    boolean isDamaged;
    /** Tail of the log when the last held entry went. */
    long emptiedAt;
    /** Position of the RETIRE record, 0 if there is none yet. */
    long retiredAt;

    /** The store's keys; null if it has none. */
    DataKeys keys;
    /** Where blocks start, in a store that has keys, while there is no index. */
    BlockStarts starts;

    private volatile ByteBuffer bytes;
    private Checksums checksums;
    private Window plain;

    Segment(final long seq, final String name, final SegmentFile file, final int capacity) {
        this.seq = seq;
        this.name = name;
        this.file = file;
        this.capacity = capacity;
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
                checksums = new Checksums(mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN));
                plain = new Window(mapped, checksums, 0);
                bytes = mapped;
            } catch (final IOException e) {
                throw new StoreException.Failed("segment " + name + " can not be mapped: " + e.getMessage(), e);
            }
        }
        return bytes;
    }

    /** Shard thread. */
    Checksums checksums() {
        bytes();
        return checksums;
    }

    /**
     * Where the record at that offset can be read. Shard thread.
     *
     * @throws StoreException.Corrupt if its block can not be decrypted
     */
    Window window(final int offset) {
        bytes();
        final int start = keys == null ? -1 : blockStart(offset);
        if (start < 0) {
            return plain;
        }
        final BlockLayout.BlockHeader header = new BlockLayout.BlockHeader(0, seq);
        BlockLayout.readTrusted(bytes, start, header);
        if (!header.isEncrypted()) {
            return plain;
        }
        final Window found = keys.window(bytes, header);
        if (found == null) {
            throw new StoreException.Corrupt("block at offset " + start + " of " + name
                    + " can not be decrypted: it is not what was written; not served, kept as it is");
        }
        return found;
    }

    /** Where a whole and intact record at that offset can be read; null if there is none. Shard thread. */
    Window intact(final int offset) {
        try {
            final Window window = window(offset);
            return window.isHeaderIntact(offset, end) && window.isBodyIntact(offset) ? window : null;
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
        if (keys == null) {
            throw new StoreException.Refused("segment " + name + " is encrypted and the file with its keys is missing;"
                    + " nothing was touched", null);
        }
        return keys.decryptBlock(mapped.bytes(), header);
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
