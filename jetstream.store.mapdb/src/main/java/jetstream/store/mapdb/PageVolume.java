package jetstream.store.mapdb;

import java.io.File;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/**
 * What MapDB takes for its file. MapDB's own write-ahead log is not used: version 3.1.0 neither logs index values nor
 * reads the log when it opens (decision 0038). Owner: the shard thread.
 */
final class PageVolume extends Volume {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int SHIFT = 12;
    private static final int MASK = PageFile.PAGE_LENGTH - 1;

    private final Pages pages;

    PageVolume(final Pages pages) {
        this.pages = pages;
    }

    @Override
    public void ensureAvailable(final long offset) {
        pages.grow(Math.toIntExact(offset + MASK >> SHIFT));
    }

    @Override
    public void truncate(final long size) {
        throw new UnsupportedOperationException("a volume of pages does not shrink");
    }

    @Override
    public void putLong(final long offset, final long value) {
        if (isWithinPage(offset, Long.BYTES)) {
            LONG.set(pages.write(page(offset)), (int) offset & MASK, value);
        } else {
            putData(offset, ByteBuffer.allocate(Long.BYTES).putLong(0, value));
        }
    }

    @Override
    public void putInt(final long offset, final int value) {
        if (isWithinPage(offset, Integer.BYTES)) {
            INT.set(pages.write(page(offset)), (int) offset & MASK, value);
        } else {
            putData(offset, ByteBuffer.allocate(Integer.BYTES).putInt(0, value));
        }
    }

    @Override
    public void putByte(final long offset, final byte value) {
        pages.write(page(offset))[(int) offset & MASK] = value;
    }

    @Override
    public void putData(final long offset, final byte[] src, final int srcPos, final int srcSize) {
        putData(offset, ByteBuffer.wrap(src, srcPos, srcSize));
    }

    @Override
    public void putData(final long offset, final ByteBuffer buf) {
        long at = offset;
        while (buf.hasRemaining()) {
            final int start = (int) at & MASK;
            final int length = Math.min(buf.remaining(), PageFile.PAGE_LENGTH - start);
            buf.get(pages.write(page(at)), start, length);
            at += length;
        }
    }

    @Override
    public long getLong(final long offset) {
        return isWithinPage(offset, Long.BYTES) ? (long) LONG.get(pages.read(page(offset)), (int) offset & MASK)
                : ByteBuffer.wrap(bytes(offset, Long.BYTES)).getLong();
    }

    @Override
    public int getInt(final long offset) {
        return isWithinPage(offset, Integer.BYTES) ? (int) INT.get(pages.read(page(offset)), (int) offset & MASK)
                : ByteBuffer.wrap(bytes(offset, Integer.BYTES)).getInt();
    }

    @Override
    public byte getByte(final long offset) {
        return pages.read(page(offset))[(int) offset & MASK];
    }

    @Override
    public DataInput2 getDataInput(final long offset, final int size) {
        return new DataInput2.ByteArray(bytes(offset, size));
    }

    @Override
    public void getData(final long offset, final byte[] bytes, final int bytesPos, final int size) {
        long at = offset;
        int filled = 0;
        while (filled < size) {
            final int start = (int) at & MASK;
            final int length = Math.min(size - filled, PageFile.PAGE_LENGTH - start);
            System.arraycopy(pages.read(page(at)), start, bytes, bytesPos + filled, length);
            at += length;
            filled += length;
        }
    }

    @Override
    public void clear(final long startOffset, final long endOffset) {
        long at = startOffset;
        while (at < endOffset) {
            final int start = (int) at & MASK;
            final int length = (int) Math.min(endOffset - at, PageFile.PAGE_LENGTH - start);
            Arrays.fill(pages.write(page(at)), start, start + length, (byte) 0);
            at += length;
        }
    }

    /** A commit ends here; what it made whole is frozen by the next ticket and durable with its force. */
    @Override
    public void sync() {
        // Nothing to do.
    }

    /** The pages outlive MapDB's view of them. */
    @Override
    public void close() {
        closed.set(true);
    }

    @Override
    public int sliceSize() {
        return -1;
    }

    @Override
    public boolean isSliced() {
        return false;
    }

    @Override
    public long length() {
        return (long) pages.pageCount() << SHIFT;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public File getFile() {
        return null;
    }

    @Override
    public boolean getFileLocked() {
        return false;
    }

    private byte[] bytes(final long offset, final int length) {
        final byte[] bytes = new byte[length];
        getData(offset, bytes, 0, length);
        return bytes;
    }

    /** A broken pointer of a damaged file must not look like an empty page far away. */
    private int page(final long offset) {
        final long page = offset >> SHIFT;
        if (page < 0 || page >= pages.pageCount()) {
            throw new PageDamaged("pointer to offset " + offset + " beyond the end of " + PageFile.NAME);
        }
        return (int) page;
    }

    private static boolean isWithinPage(final long offset, final int length) {
        return ((int) offset & MASK) <= PageFile.PAGE_LENGTH - length;
    }
}
