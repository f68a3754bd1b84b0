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

    private volatile ByteBuffer bytes;
    private Checksums checksums;

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
     * Checks the record at that offset against its checksums and against what the index says it is.
     *
     * @throws StoreException.Corrupt saying where and what
     */
    void check(final long group, final long index, final int offset, final int length) {
        final ByteBuffer at = bytes();
        try {
            if (!checksums.isHeaderIntact(offset, offset + length)) {
                throw corrupt(group, index, offset, "header", at.getInt(offset), checksums.headerChecksum(offset));
            }
            if (EntryLayout.group(at, offset) != group || EntryLayout.index(at, offset) != index) {
                throw corrupt(group, index, offset, "place", EntryLayout.group(at, offset),
                        EntryLayout.index(at, offset));
            }
            if (!checksums.isBodyIntact(offset)) {
                throw corrupt(group, index, offset, "body", checksums.storedBodyChecksum(offset),
                        checksums.bodyChecksum(offset));
            }
        } catch (final InternalError e) {
            // What the JVM makes of a mapped page that the medium could not read.
            throw new StoreException.Corrupt("group " + new GroupId(group) + ": index " + index + " at offset "
                    + offset + " of " + name + " can not be read from the medium: " + e.getMessage());
        }
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
