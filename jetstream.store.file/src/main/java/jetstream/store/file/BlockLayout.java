package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The bytes of a block: what one write hands over. Little endian, starts at a multiple of {@value #ALIGNMENT}, so that
 * a later write never touches a sector that was forced before.
 *
 * <pre>
 *   0  int   header checksum: CRC32C of bytes 4..63
 *   4  int   magic
 *   8  int   length in bytes, header included, padding to the next block not
 *  12  int   number of records; of a unit, the bytes that it stands for
 *  16  long  tag of the store, from its id: a client that knows the format can not forge a block
 *  24  long  sequence number of the segment: tells the bytes of an earlier use of the file
 *  32  int   offset of this block in the segment: tells a misdirected write
 *  36  int   flags: 1 = holds a RETIRE record, 2 = the store was closed behind this block, 4 = encrypted,
 *            8 = a unit of blocks, compressed with the codec in bits 8..11, 16 = was encrypted, in a unit now
 *  40  long  position up to which the log was forced when the block was written
 *  48  int   number of the key, 0 if not encrypted
 *  52  12 B  nonce, 0 if not encrypted
 *  64  records, back to back, each with header and checksums as EntryLayout has them; if encrypted, 16 bytes of tag
 *      behind them, which the length counts
 * </pre>
 *
 * What lies before the highest forced position that any intact block names was durable: if it can not be read, that is
 * damage. What lies behind it may be the torn end of the log.
 */
final class BlockLayout {
    static final int HEADER_LENGTH = 64;
    static final int ALIGNMENT = 512;
    static final int FLAG_RETIRE = 1;
    static final int FLAG_CLOSED = 2;
    static final int FLAG_ENCRYPTED = 4;
    private static final int FLAG_UNIT = 8;
    private static final int FLAG_DECRYPTED = 16;
    private static final int CODEC_SHIFT = 8;
    private static final int CODEC_MASK = 15;

    private static final int MAGIC = 0x3142534a;
    private static final int MAGIC_OFFSET = 4;
    private static final int LENGTH_OFFSET = 8;
    private static final int COUNT_OFFSET = 12;
    private static final int TAG_OFFSET = 16;
    private static final int SEGMENT_OFFSET = 24;
    private static final int OFFSET_OFFSET = 32;
    private static final int FLAGS_OFFSET = 36;
    private static final int FORCED_OFFSET = 40;
    private static final int KEY_OFFSET = 48;
    private static final int NONCE_OFFSET = 52;
    private static final byte[] NO_NONCE = new byte[CipherKind.NONCE_LENGTH];

    private BlockLayout() {
    }

    static long tagOf(final UUID storeId) {
        return storeId.getMostSignificantBits() * 31 + storeId.getLeastSignificantBits();
    }

    static int aligned(final int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Writes the header at the start of the buffer; {@code checksums} works on a duplicate of it. */
    static void write(final ByteBuffer block, final Checksums checksums, final BlockHeader header) {
        block.putInt(MAGIC_OFFSET, MAGIC);
        block.putInt(LENGTH_OFFSET, header.length);
        block.putInt(COUNT_OFFSET, header.recordCount);
        block.putLong(TAG_OFFSET, header.tag);
        block.putLong(SEGMENT_OFFSET, header.segmentSeq);
        block.putInt(OFFSET_OFFSET, header.offset);
        block.putInt(FLAGS_OFFSET, header.flags);
        block.putLong(FORCED_OFFSET, header.forcedThrough);
        block.putInt(KEY_OFFSET, header.keyId);
        block.put(NONCE_OFFSET, header.nonce);
        block.putInt(0, checksums.of(MAGIC_OFFSET, HEADER_LENGTH - MAGIC_OFFSET));
    }

    /** Reads the header at that offset of a segment; false if none of this store and segment stands there. */
    static boolean read(final Window window, final int offset, final BlockHeader into) {
        final ByteBuffer bytes = window.bytes();
        final int at = window.at(offset);
        if (bytes.capacity() - at < HEADER_LENGTH || bytes.getInt(at + MAGIC_OFFSET) != MAGIC) {
            return false;
        }
        final int length = bytes.getInt(at + LENGTH_OFFSET);
        if (bytes.getLong(at + TAG_OFFSET) != into.tag || bytes.getLong(at + SEGMENT_OFFSET) != into.segmentSeq
                || bytes.getInt(at + OFFSET_OFFSET) != offset || length < HEADER_LENGTH
                || length > bytes.capacity() - at
                || bytes.getInt(at) != window.checksums().of(at + MAGIC_OFFSET, HEADER_LENGTH - MAGIC_OFFSET)) {
            return false;
        }
        readTrusted(bytes, at, into);
        into.offset = offset;
        return true;
    }

    /** Says of a block in a unit that it was encrypted, and is no more. */
    static void markDecrypted(final ByteBuffer block) {
        final int flags = block.getInt(FLAGS_OFFSET) & ~FLAG_ENCRYPTED | FLAG_DECRYPTED;
        block.putInt(FLAGS_OFFSET, flags).putInt(KEY_OFFSET, 0).put(NONCE_OFFSET, NO_NONCE);
        block.putInt(0, new Checksums(block.duplicate().order(ByteOrder.LITTLE_ENDIAN)).of(MAGIC_OFFSET,
                HEADER_LENGTH - MAGIC_OFFSET));
    }

    static int unitFlags(final SegmentCodec codec) {
        return FLAG_UNIT | codec.ordinal() << CODEC_SHIFT;
    }

    /** Reads a header that was checked before. */
    static void readTrusted(final ByteBuffer bytes, final int at, final BlockHeader into) {
        into.offset = at;
        into.length = bytes.getInt(at + LENGTH_OFFSET);
        into.recordCount = bytes.getInt(at + COUNT_OFFSET);
        into.flags = bytes.getInt(at + FLAGS_OFFSET);
        into.forcedThrough = bytes.getLong(at + FORCED_OFFSET);
        into.keyId = bytes.getInt(at + KEY_OFFSET);
        if (into.isEncrypted()) {
            into.nonce = new byte[CipherKind.NONCE_LENGTH];
            bytes.get(at + NONCE_OFFSET, into.nonce);
        }
    }

    /** Fields of a header. {@code tag} and {@code segmentSeq} are what a reader expects. */
    static final class BlockHeader {
        final long tag;
        long segmentSeq;
        int offset;
        int length;
        int recordCount;
        int flags;
        long forcedThrough;
        int keyId;
        byte[] nonce = NO_NONCE;

        BlockHeader(final long tag, final long segmentSeq) {
            this.tag = tag;
            this.segmentSeq = segmentSeq;
        }

        boolean isEncrypted() {
            return (flags & FLAG_ENCRYPTED) != 0;
        }

        /** Whether it stands for several blocks, compressed. */
        boolean isUnit() {
            return (flags & FLAG_UNIT) != 0;
        }

        /** Of a unit; null if this version does not know it. */
        SegmentCodec codec() {
            final int number = flags >> CODEC_SHIFT & CODEC_MASK;
            return number < SegmentCodec.values().length ? SegmentCodec.values()[number] : null;
        }

        /** Offset in the segment behind the last record. */
        int recordsEnd() {
            return offset + length - ((flags & (FLAG_ENCRYPTED | FLAG_DECRYPTED)) != 0 ? CipherKind.TAG_LENGTH : 0);
        }
    }
}
