package jetstream.testkit.tutorial;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * One file of records, only ever written at its end. A record: length, checksum, type, group, index, term, and a body;
 * little endian. Owner: the shard thread; {@link #force} the force thread.
 */
final class RecordFile implements AutoCloseable {
    /** Bytes of a record before its body. */
    static final int HEAD_LENGTH = 4 + 4 + 4 + 8 + 8 + 8;

    /** Takes a record that was found. */
    @FunctionalInterface
    interface Visitor {
        void record(int type, long group, long index, long term, long bodyPosition, ByteBuffer body);
    }

    private final RandomAccessFile file;
    private long end;

    RecordFile(final Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
    }

    /** Visits all whole records from the start, and cuts what follows the last of them; returns how much that was. */
    long recover(final Visitor visitor) throws IOException {
        for (ByteBuffer next = readAt(end); next != null; next = readAt(end)) {
            visitor.record(next.getInt(8), next.getLong(12), next.getLong(20), next.getLong(28), end + HEAD_LENGTH,
                    next.slice(HEAD_LENGTH, next.capacity() - HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN));
            end += next.capacity();
        }
        final long cut = file.length() - end;
        file.setLength(end);
        return cut;
    }

    /** Adds a record; returns where its body starts. */
    long add(final int type, final long group, final long index, final long term, final ByteBuffer body)
            throws IOException {
        final ByteBuffer record =
                ByteBuffer.allocate(HEAD_LENGTH + body.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(record.capacity()).putInt(0).putInt(type).putLong(group).putLong(index).putLong(term);
        record.put(body).putInt(4, checksum(record));
        file.seek(end);
        file.write(record.array());
        final long bodyPosition = end + HEAD_LENGTH;
        end += record.capacity();
        return bodyPosition;
    }

    /** The body of a record, null if it is not what was written. */
    ByteBuffer bodyAt(final long bodyPosition) throws IOException {
        final ByteBuffer record = readAt(bodyPosition - HEAD_LENGTH);
        return record == null ? null
                : record.slice(HEAD_LENGTH, record.capacity() - HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    }

    long end() {
        return end;
    }

    void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private ByteBuffer readAt(final long position) throws IOException {
        final byte[] length = new byte[4];
        if (file.length() - position < HEAD_LENGTH) {
            return null;
        }
        file.seek(position);
        file.readFully(length);
        final int bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (bytes < HEAD_LENGTH || bytes > file.length() - position) {
            return null;
        }
        final ByteBuffer record = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.seek(position);
        file.readFully(record.array());
        return record.getInt(4) == checksum(record) ? record : null;
    }

    private static int checksum(final ByteBuffer record) {
        final CRC32C crc = new CRC32C();
        crc.update(record.array(), 0, 4);
        crc.update(record.array(), 8, record.capacity() - 8);
        return (int) crc.getValue();
    }
}
