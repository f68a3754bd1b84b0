package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Executor;

/**
 * Compresses sealed segments: the housekeeper writes a second file in which some blocks together are one compressed
 * unit, at the offset at which the first of them stood, with a hole behind it; when it is forced it takes the name of
 * the first. So no position changes, and a crash finds one or the other. One segment at a time, at the cleaner's rate.
 * Owner: the shard thread.
 */
final class Compressor {
    static final String DRAFT_SUFFIX = ".tmp";

    private static final long SECOND_NS = 1_000_000_000;
    private static final int UNIT_BYTES = 128 << 10;
    private static final int PAGE_BYTES = 4 << 10;

    /** What the housekeeper made; the file is null if it was not worth it, or could not be. */
    private record Made(Segment segment, SegmentFile file, BlockStarts units, long storedBytes, boolean isDamaged) {
    }

    private final FileStore store;
    private final FileStoreConfig config;
    private final Disk disk;
    private final SegmentSetup setup;
    private final Executor housekeeper;
    private volatile Made made;
    private volatile int compressed;
    private Segment inWork;
    private long nextNs;

    Compressor(final FileStore store, final FileStoreConfig config, final Disk disk, final SegmentSetup setup,
            final Executor housekeeper) {
        this.store = store;
        this.config = config;
        this.disk = disk;
        this.setup = setup;
        this.housekeeper = housekeeper;
    }

    /** Segments that were compressed since the store was opened. Any thread. */
    int compressed() {
        return compressed;
    }

    /** Begins with a segment, or ends with one; true if it did. */
    boolean doWork(final long nowNs) {
        final Made finished = made;
        if (finished != null) {
            made = null;
            inWork = null;
            take(finished);
            return true;
        }
        if (config.codec() == SegmentCodec.NONE || inWork != null || nowNs - nextNs < 0 || config.cleanRate() == 0) {
            return false;
        }
        for (final Segment segment : store.segments().snapshot()) {
            if (mayCompress(segment)) {
                nextNs = nowNs + (long) (segment.end * (double) SECOND_NS / config.cleanRate());
                inWork = segment;
                segment.isBeingRead = true;
                housekeeper.execute(() -> made = make(segment));
                return true;
            }
        }
        return false;
    }

    /** Not what will soon be moved or given back, and nothing that the force thread may still have in hand. */
    private boolean mayCompress(final Segment segment) {
        return segment.isSealed && segment.index != null && !segment.isBeingRead && !segment.isDamaged
                && !segment.isCompressionTried && segment.heldBytes > segment.end / 2
                && store.forcer().forcedThrough() > Position.of(segment.seq + 1, 0);
    }

    private void take(final Made finished) {
        final Segment segment = finished.segment;
        segment.isBeingRead = false;
        segment.isCompressionTried = true;
        if (finished.isDamaged) {
            store.scrubber().soon(segment);
        }
        if (finished.file == null) {
            return;
        }
        try {
            disk.rename(segment.name + DRAFT_SUFFIX, segment.name);
            segment.replace(finished.file, finished.units, finished.storedBytes);
            compressed = compressed + 1;
        } catch (final IOException e) {
            throw store.health().fail("replacing segment " + segment.name + " by its compressed form", e);
        }
    }

    /** Housekeeper. */
    private Made make(final Segment segment) {
        boolean isDamaged = false;
        SegmentFile file = null;
        try {
            disk.delete(segment.name + DRAFT_SUFFIX);
            file = disk.create(segment.name + DRAFT_SUFFIX, segment.capacity);
            final Draft draft = new Draft(segment, file);
            if (draft.write() && draft.storedBytes <= segment.end / 10L * 9) {
                file.force();
                return new Made(segment, file, draft.units, draft.storedBytes, false);
            }
            isDamaged = draft.isDamaged;
            discard(segment, file);
        } catch (final IOException | InternalError e) {
            store.health().log.line(true, "segment " + segment.name + " could not be compressed and stays as it is: "
                    + e.getMessage());
            discard(segment, file);
        }
        return new Made(segment, null, null, 0, isDamaged);
    }

    private void discard(final Segment segment, final SegmentFile file) {
        try {
            if (file != null) {
                file.close();
            }
            disk.delete(segment.name + DRAFT_SUFFIX);
        } catch (final IOException e) {
            store.health().log.line(true, "draft of " + segment.name + " could not be deleted: " + e.getMessage());
        }
    }

    /** One compressed file in the making. */
    private final class Draft {
        final BlockStarts units = new BlockStarts();
        long storedBytes;
        boolean isDamaged;
        private final Segment segment;
        private final SegmentFile file;
        private final SegmentReader reader;
        private final BlockLayout.BlockHeader header;
        private ByteBuffer raw = ByteBuffer.allocate(2 * UNIT_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        Draft(final Segment segment, final SegmentFile file) {
            this.segment = segment;
            this.file = file;
            reader = new SegmentReader(segment);
            header = new BlockLayout.BlockHeader(setup.tag(), segment.seq);
        }

        /** False if something in the segment is damaged: it stays as it is then. */
        boolean write() throws IOException {
            int offset = 0;
            while (offset < segment.end) {
                final int from = offset;
                raw.clear();
                while (offset < segment.end && offset - from < UNIT_BYTES) {
                    if (!reader.read(offset, header) || !addBlock(BlockLayout.aligned(header.length))) {
                        isDamaged = true;
                        return false;
                    }
                    offset += BlockLayout.aligned(header.length);
                    if (from == 0) {
                        // The first block stays: the file is known by it.
                        break;
                    }
                }
                final boolean isUnit = writeUnit(from, offset - from);
                if (from > 0 && units.count() == 0 && !isUnit) {
                    // The second piece says whether there are units; what does not shrink here hardly does later.
                    return false;
                }
            }
            return units.count() > 0;
        }

        /** Adds a block, decrypted, at its place. */
        private boolean addBlock(final int length) {
            final Window window = reader.open(header);
            if (window == null) {
                return false;
            }
            if (raw.remaining() < length) {
                final ByteBuffer grown =
                        ByteBuffer.allocate(raw.position() + length).order(ByteOrder.LITTLE_ENDIAN);
                raw = grown.put(raw.flip());
            }
            final int at = raw.position();
            final int records = header.recordsEnd() - header.offset;
            raw.put(at, window.bytes(), window.at(header.offset), records);
            for (int i = at + records; i < at + length; i++) {
                raw.put(i, (byte) 0);
            }
            if (header.isEncrypted()) {
                BlockLayout.markDecrypted(raw.slice(at, records).order(ByteOrder.LITTLE_ENDIAN));
            }
            raw.position(at + length);
            return true;
        }

        private boolean writeUnit(final int from, final int length) throws IOException {
            final byte[] payload = from == 0 ? null : config.codec().compress(raw.array(), length);
            if (payload == null || BlockLayout.HEADER_LENGTH + payload.length + leastGain() > length) {
                file.write(segment.bytes().slice(from, length), from);
                storedBytes += length;
                return false;
            }
            final BlockLayout.BlockHeader unit = new BlockLayout.BlockHeader(setup.tag(), segment.seq);
            unit.offset = from;
            unit.recordCount = length;
            unit.flags = BlockLayout.unitFlags(config.codec());
            unit.forcedThrough = Position.of(segment.seq, segment.end);
            unit.length = BlockLayout.HEADER_LENGTH + payload.length;
            final ByteBuffer sealed = seal(unit, payload);
            storedBytes += sealed.remaining();
            file.write(sealed, from);
            units.add(from);
            return true;
        }

        /** A page, unless segments are so short that nobody counts pages. */
        private int leastGain() {
            return Math.min(PAGE_BYTES, config.segmentLength() / 16);
        }

        private ByteBuffer seal(final BlockLayout.BlockHeader unit, final byte[] payload) {
            final DataKeys keys = setup.keys();
            final int tagLength = keys == null ? 0 : DataKeys.TAG_LENGTH;
            final ByteBuffer plain = ByteBuffer.allocate(unit.length + tagLength).order(ByteOrder.LITTLE_ENDIAN);
            plain.put(BlockLayout.HEADER_LENGTH, payload);
            if (keys != null) {
                unit.length += tagLength;
                unit.flags |= BlockLayout.FLAG_ENCRYPTED;
                unit.keyId = keys.currentId();
                unit.nonce = keys.newNonce();
            }
            BlockLayout.write(plain, new Checksums(plain.duplicate().order(ByteOrder.LITTLE_ENDIAN)), unit);
            if (keys == null) {
                return plain;
            }
            final ByteBuffer encrypted = ByteBuffer.allocate(unit.length).order(ByteOrder.LITTLE_ENDIAN);
            keys.encryptBlock(plain, unit, encrypted);
            return encrypted.clear();
        }
    }
}
