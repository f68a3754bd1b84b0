package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.store.StoreException;

/**
 * The end of the log. What a duty cycle appends, of all groups, is collected in one block, which one write hands over
 * at the ticket; until then readers find it in the buffer. Owner: the shard thread.
 *
 * <p>Room: a write into room that the file does not have yet makes the force commit metadata as well (measured p50 265
 * against 168 µs). While little is waiting for a force, {@value #RESERVE_BYTES} bytes of zeros are reserved ahead, once
 * per some hundred forces (193 µs); otherwise not, because the zeros would double what is written, and group commit
 * hides the metadata (ADR 0031).
 */
final class LogWriter {
    private static final int BLOCK_BYTES_MAX = 1 << 20;
    private static final int RESERVE_BYTES = 256 << 10;
    private static final int SMALL_BACKLOG_BYTES = 8 << 10;
    private static final int PAGE_BYTES = 4 << 10;

    private final SegmentTable segments;
    private final SegmentPool pool;
    private final Forcer forcer;
    private final StoreHealth health;
    private final BlockLayout.BlockHeader header;
    private final EntryBatch scratch = new EntryBatch(4 << 10);
    private final EntryBatch rollScratch = new EntryBatch(4 << 10);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE_BYTES);
    /** Null if the log is not encrypted. */
    private final DataKeys keys;
    private final SegmentSetup setup;
    private final int blockBytes;
    private ByteBuffer encrypted;
    private Block block;
    private Block otherBlock;
    private int blockTail = BlockLayout.HEADER_LENGTH;
    private int recordCount;
    private int flags;
    private Segment current;
    private long nextSeq;
    private long contentEnd;
    private long markedThrough;

    LogWriter(final SegmentTable segments, final SegmentPool pool, final Forcer forcer, final StoreHealth health,
            final SegmentSetup setup) {
        this.segments = segments;
        this.pool = pool;
        this.forcer = forcer;
        this.health = health;
        this.setup = setup;
        keys = setup.keys();
        header = new BlockLayout.BlockHeader(setup.tag(), 0);
        // A block never spans segments: with short ones less will do, and a store that is opened often stays cheap.
        blockBytes = Math.min(pool.segmentLength(), BLOCK_BYTES_MAX);
        block = new Block(blockBytes);
        otherBlock = new Block(blockBytes);
    }

    /** Goes on in a segment that ends cleanly. */
    void resume(final Segment segment, final long next) {
        current = segment;
        nextSeq = next;
        contentEnd = Position.of(segment.seq, segment.end);
    }

    /** Begins with a new segment. */
    void start(final long next) {
        nextSeq = next;
        try {
            roll(0);
        } catch (final IOException e) {
            throw health.fail("making segment " + Segment.nameOf(nextSeq), e);
        }
    }

    /** Adds a record behind the last one; returns its position. */
    long append(final ByteBuffer source, final int offset, final int length) {
        makeRoom(length);
        block.bytes.put(blockTail, source, offset, length);
        final long position = Position.of(current.seq, current.end + blockTail);
        blockTail += length;
        recordCount++;
        return position;
    }

    /** So many entries of that length in all, which follow at once, stood elsewhere before. */
    void beginCopies(final int count, final int length) {
        makeRoom(length + EntryLayout.HEADER_LENGTH);
        control(RecordType.COPIES, 0, count, 0);
    }

    /** Adds a record of the store's own without a body; returns its position. */
    long control(final byte type, final long group, final long index, final long term) {
        return control(type, group, index, term, null);
    }

    /** Adds a record of the store's own; the body is what remains in the buffer. Returns the record's position. */
    long control(final byte type, final long group, final long index, final long term, final ByteBuffer body) {
        encode(scratch, type, body).seal(group, index, term);
        final long position = append(scratch.buffer(), 0, scratch.limit());
        if (type == RecordType.RETIRE) {
            flags |= BlockLayout.FLAG_RETIRE;
        }
        if (group != 0) {
            current.controlGroups.add(group);
        }
        return position;
    }

    private static EntryBatch encode(final EntryBatch into, final byte type, final ByteBuffer body) {
        final int length = body == null ? 0 : body.remaining();
        final int at = into.clear().begin(type, (byte) 0, 0, length);
        if (length > 0) {
            into.buffer().put(at, body, body.position(), length);
        }
        into.end(length);
        return into;
    }

    /** The buffer that holds the record at that position if it was not written yet, else null. */
    ByteBuffer unwritten(final long position) {
        return Position.segmentSeq(position) == current.seq && Position.offset(position) >= current.end ? block.bytes
                : null;
    }

    /** Where the block that {@link #unwritten} gives starts in its segment. */
    int blockStart() {
        return current.end;
    }

    /** Bytes that fit without a new segment. */
    long roomInSegment() {
        return (long) current.capacity - current.end - blockTail - tagLength();
    }

    /** Bytes of the current segment that need no more room on the medium. */
    long roomReserved() {
        return (long) current.reserved - current.end - blockTail;
    }

    /** Copies a record of the store's own that stands elsewhere in the log; returns its new position. */
    long copyControl(final Segment from, final int offset, final long group) {
        final Window window = from.window(offset);
        final int at = window.at(offset);
        final long position = append(window.bytes(), at, EntryLayout.entryLength(window.bytes(), at));
        current.controlGroups.add(group);
        return position;
    }

    /** Behind everything that was appended: durable means forced through here. */
    long appendedThrough() {
        return blockTail > BlockLayout.HEADER_LENGTH ? Position.of(current.seq, current.end + blockTail) : contentEnd;
    }

    Segment current() {
        return current;
    }

    /**
     * Hands the block over.
     *
     * @throws StoreException.Full if there is no room; the block stays, and the next call tries again
     */
    long ticket() {
        if (blockTail > BlockLayout.HEADER_LENGTH) {
            health.check();
            try {
                write();
            } catch (final IOException e) {
                if (StoreHealth.saysFull(e)) {
                    throw new StoreException.Full("no room to write " + blockTail + " bytes to " + current.name
                            + "; they are kept in memory and tried again", e);
                }
                throw health.fail("write to " + current.name, e);
            }
        }
        return contentEnd;
    }

    /**
     * Writes a block without records that says how far the log was forced, if none said so yet: from then on a damaged
     * end is told from a torn one. Needs no force, unless the store is closing.
     */
    boolean mark(final boolean isClosing) {
        final long forced = forcer.forcedThrough();
        flags |= isClosing ? BlockLayout.FLAG_CLOSED : 0;
        if (!isClosing && forced <= markedThrough || forced < contentEnd || blockTail > BlockLayout.HEADER_LENGTH
                || roomInSegment() <= 0) {
            return false;
        }
        try {
            write();
        } catch (final IOException e) {
            if (!StoreHealth.saysFull(e)) {
                throw health.fail("write to " + current.name, e);
            }
            return false;
        }
        markedThrough = forced;
        return true;
    }

    /**
     * Makes sure that so many bytes can be appended without asking the medium, unless they are more than a block.
     *
     * @throws StoreException.Full if there is no room; nothing changed then, and what waits is tried again
     */
    void prepare(final long length) {
        if (length > blockBytes) {
            return;
        }
        try {
            tryMakeRoom((int) length);
        } catch (final IOException e) {
            if (StoreHealth.saysFull(e)) {
                throw new StoreException.Full("no room to go on behind " + current.name + "; nothing was appended", e);
            }
            throw health.fail("write to " + current.name, e);
        }
    }

    private void makeRoom(final int length) {
        try {
            tryMakeRoom(length);
        } catch (final IOException e) {
            if (!StoreHealth.saysFull(e) || roomInSegment() < length) {
                throw health.fail("write to " + current.name, e);
            }
            // It waits in memory; the ticket says that there is no room.
            growBlock(length);
        }
    }

    private void tryMakeRoom(final int length) throws IOException {
        if (blockTail + length > block.room) {
            writeBlock();
        }
        if (roomInSegment() < length) {
            writeBlock();
            roll(length);
        }
        if (blockTail + length > block.room) {
            growBlock(length);
        }
    }

    private void growBlock(final int length) {
        final Block grown = new Block(BlockLayout.aligned(blockTail + length));
        grown.bytes.put(0, block.bytes, 0, blockTail);
        block = grown;
    }

    private void writeBlock() throws IOException {
        if (blockTail > BlockLayout.HEADER_LENGTH) {
            write();
        }
    }

    private void write() throws IOException {
        final int padded = BlockLayout.aligned(blockTail + tagLength());
        header.segmentSeq = current.seq;
        header.offset = current.end;
        header.length = blockTail + tagLength();
        header.recordCount = recordCount;
        header.flags = flags;
        header.forcedThrough = forcer.forcedThrough();
        writePages(keys == null ? seal() : sealEncrypted(), padded);
        if (current.starts != null) {
            current.starts.add(current.end);
        }
        if (recordCount > 0) {
            reserve(current.end + padded);
        }
        current.end += padded;
        if (recordCount > 0) {
            contentEnd = Position.of(current.seq, current.end);
        }
        markedThrough = Math.max(markedThrough, header.forcedThrough);
        swapBlocks();
    }

    /**
     * Page by page: the page cache keeps what came with one write as one unit, and a later write into it, in this use
     * of the file or the next, counts as a rewrite of the whole unit. A page that this block begins is written whole,
     * with zeros behind the block, so that a used file's old page need not be read first.
     */
    private void writePages(final ByteBuffer bytes, final int padded) throws IOException {
        final int end = current.end + padded;
        final int pageStart = end & -PAGE_BYTES;
        final int last = pageStart >= current.end ? Math.min(pageStart + PAGE_BYTES, current.capacity)
                : end;
        final int length = end == pageStart ? padded : last - current.end;
        if (header.length < length) {
            bytes.put(header.length, zeros.clear(), 0, length - header.length);
        }
        try {
            int written = 0;
            while (written < length) {
                final int at = current.end + written;
                final int piece = Math.min(PAGE_BYTES - at % PAGE_BYTES, length - written);
                current.file.write(bytes.limit(written + piece).position(written), at);
                written += piece;
            }
        } finally {
            bytes.clear();
        }
    }

    private int tagLength() {
        return keys == null ? 0 : DataKeys.TAG_LENGTH;
    }

    private ByteBuffer seal() {
        BlockLayout.write(block.bytes, block.checksums, header);
        return block.bytes;
    }

    /** A new nonce each time, also if the block is tried again. */
    private ByteBuffer sealEncrypted() {
        header.flags |= BlockLayout.FLAG_ENCRYPTED;
        header.keyId = keys.currentId();
        header.nonce = keys.newNonce();
        BlockLayout.write(block.bytes, block.checksums, header);
        final int needed = BlockLayout.aligned(header.length);
        if (encrypted == null || encrypted.capacity() < needed + PAGE_BYTES) {
            encrypted = ByteBuffer.allocateDirect(Math.max(needed, blockBytes) + PAGE_BYTES);
        }
        keys.encryptBlock(block.bytes, header, encrypted);
        return encrypted.clear();
    }

    private void reserve(final int newEnd) throws IOException {
        if (newEnd <= current.reserved) {
            return;
        }
        current.reserved = newEnd;
        if (Position.of(current.seq, newEnd) - header.forcedThrough > SMALL_BACKLOG_BYTES) {
            return;
        }
        final int target = Math.min(newEnd + RESERVE_BYTES & -PAGE_BYTES, current.capacity);
        try {
            // Page by page: the page cache keeps what came with one write as one unit, and a later write into it
            // counts as a rewrite of the unit.
            while (current.reserved < target) {
                final int piece = Math.min(PAGE_BYTES - current.reserved % PAGE_BYTES, target - current.reserved);
                current.file.write(zeros.limit(piece).position(0), current.reserved);
                current.reserved += piece;
            }
        } catch (final IOException e) {
            if (!StoreHealth.saysFull(e)) {
                throw e;
            }
        }
    }

    private void swapBlocks() {
        final Block written = block;
        block = otherBlock;
        otherBlock = written.room == blockBytes ? written : new Block(blockBytes);
        blockTail = BlockLayout.HEADER_LENGTH;
        recordCount = 0;
        flags = 0;
    }

    private void roll(final int length) throws IOException {
        final Segment sealed = current;
        final Segment[] live = segments.snapshot();
        final ByteBuffer manifest = SegmentRoll.manifest(live);
        final int needed = BlockLayout.aligned(SegmentRoll.firstBlockLength(manifest) + length + tagLength());
        final SegmentPool.Spare file = pool.take(nextSeq, needed);
        current = new Segment(nextSeq, file.name(), file.file(), file.length(), setup);
        current.reserved = file.reserved();
        nextSeq++;
        segments.add(current);
        forcer.began(current);
        if (sealed != null) {
            sealed.isSealed = true;
        }
        Invariant.check(blockTail == BlockLayout.HEADER_LENGTH, "segment begun inside a block", blockTail);
        // A scratch of its own: a record of the store's may be waiting in the other one for this segment.
        encode(rollScratch, RecordType.SEGMENT, manifest).seal(0, current.seq, 0);
        append(rollScratch.buffer(), 0, rollScratch.limit());
    }

    /** A buffer for one block, and what computes checksums over it. */
    private static final class Block {
        final ByteBuffer bytes;
        final Checksums checksums;
        /** Bytes that the block may have; the buffer has a page more, for zeros behind it. */
        final int room;

        Block(final int length) {
            room = length;
            bytes = ByteBuffer.allocateDirect(length + PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            checksums = new Checksums(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
    }
}
