package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The main file: pages of MapDB's volume, each in a slot that says what it is. Little endian:
 *
 * <pre>
 *   0  int   CRC32C of bytes 4..4127
 *   4  int   number of the page, so that a write that went astray is seen
 *   8  long  tag of the store
 *  16  long  number of the journal record that wrote it
 *  24  0, reserved
 *  32  the page
 * </pre>
 *
 * Any thread; one slot is read and written by one thread at a time (see {@link Pages}).
 */
final class PageFile implements AutoCloseable {
    static final String NAME = "store.db";
    static final int PAGE_LENGTH = 4096;
    static final int SLOT_LENGTH = 32 + PAGE_LENGTH;

    private static final int HEADER_LENGTH = 32;

    final DiskFile file;
    private final long tag;

    PageFile(final DiskFile file, final long tag) {
        this.file = file;
        this.tag = tag;
    }

    /**
     * Reads a page.
     *
     * @throws PageDamaged if the slot is not whole
     */
    byte[] read(final int page) throws IOException {
        final byte[] slot = new byte[SLOT_LENGTH];
        final String damage = check(page, slot);
        if (damage != null) {
            throw new PageDamaged(damage);
        }
        final byte[] bytes = new byte[PAGE_LENGTH];
        System.arraycopy(slot, HEADER_LENGTH, bytes, 0, PAGE_LENGTH);
        return bytes;
    }

    /** Reads a slot; null if it is whole, else what is wrong with it. */
    String check(final int page, final byte[] slot) throws IOException {
        final ByteBuffer view = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN);
        if (!file.read(view, position(page))) {
            return "page " + page + " of " + NAME + " is missing: the file ends before";
        }
        final int computed = checksum(slot);
        if (view.getInt(0) != computed) {
            return "page " + page + " of " + NAME + ", position " + position(page) + ": stored checksum "
                    + Integer.toHexString(view.getInt(0)) + ", computed " + Integer.toHexString(computed);
        }
        if (view.getInt(4) != page || view.getLong(8) != tag) {
            return "page " + page + " of " + NAME + ", position " + position(page) + ": holds page " + view.getInt(4)
                    + (view.getLong(8) == tag ? "" : " of another store");
        }
        return null;
    }

    /** Number of the journal record that wrote a slot that was checked. */
    static long recordOf(final byte[] slot) {
        return ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    }

    /** Writes a page, on behalf of that journal record. */
    void write(final int page, final byte[] bytes, final long record) throws IOException {
        final byte[] slot = new byte[SLOT_LENGTH];
        final ByteBuffer view = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN);
        view.putInt(4, page).putLong(8, tag).putLong(16, record);
        System.arraycopy(bytes, 0, slot, HEADER_LENGTH, PAGE_LENGTH);
        view.putInt(0, checksum(slot));
        file.write(view, position(page));
    }

    static long position(final int page) {
        return (long) page * SLOT_LENGTH;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static int checksum(final byte[] slot) {
        final CRC32C crc = new CRC32C();
        crc.update(slot, 4, SLOT_LENGTH - 4);
        return (int) crc.getValue();
    }
}
