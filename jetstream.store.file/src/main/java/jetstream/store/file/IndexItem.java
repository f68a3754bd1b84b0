package jetstream.store.file;

import java.nio.ByteBuffer;
import jetstream.api.entry.EntryLayout;

/**
 * What a segment does to one group, in log order: a run of entries with ascending indexes of one term, or a record of
 * the store's own.
 *
 * @param type {@link #RUN}, {@link #RUN_OF_COPIES}, or the type of the record
 * @param offset of the record in the segment; of a run, that of its last entry
 * @param first index of the run's first entry, or what the record's index field says
 * @param last index of the run's last entry
 * @param term of the entries, or what the record's term field says
 * @param count of entries
 * @param bytes of the entries, headers included
 * @param table where the run's rows start in the index file
 * @param tableChecksum CRC32C of the rows
 * @param body of a STATE record, else null
 */
record IndexItem(byte type, int offset, long first, long last, long term, int count, long bytes, int table,
        int tableChecksum, byte[] body) {
    static final byte RUN = 1;
    static final byte RUN_OF_COPIES = 2;

    private static final int RUN_LENGTH = 1 + Integer.BYTES * 4 + Long.BYTES * 4;
    private static final int CONTROL_LENGTH = 1 + Integer.BYTES + Long.BYTES * 2;

    /** A record of the store's own, which stands at that place of the bytes. */
    static IndexItem control(final ByteBuffer bytes, final int at, final int offset) {
        final byte type = EntryLayout.type(bytes, at);
        byte[] body = null;
        if (type == RecordType.STATE) {
            body = new byte[GroupState.BODY_LENGTH];
            bytes.get(at + EntryLayout.HEADER_LENGTH, body);
        }
        return new IndexItem(type, offset, EntryLayout.index(bytes, at), 0, EntryLayout.term(bytes, at), 0,
                0, 0, 0, body);
    }

    boolean isRun() {
        return type == RUN || type == RUN_OF_COPIES;
    }

    /** Whether no index between the first and the last is left out. */
    boolean isDense() {
        return last - first + 1 == count;
    }

    /** Bytes of one row of the table. */
    int rowLength() {
        return isDense() ? SealedIndex.DENSE_ROW_LENGTH : SealedIndex.SPARSE_ROW_LENGTH;
    }

    int tableLength() {
        return count * rowLength();
    }

    int encodedLength() {
        return isRun() ? RUN_LENGTH : CONTROL_LENGTH + (body == null ? 0 : body.length);
    }

    void write(final ByteBuffer into) {
        into.put(type).putInt(offset).putLong(first).putLong(term);
        if (isRun()) {
            into.putLong(last).putLong(bytes).putInt(count).putInt(table).putInt(tableChecksum);
        } else if (body != null) {
            into.put(body);
        }
    }

    static IndexItem read(final ByteBuffer from) {
        final byte type = from.get();
        final int offset = from.getInt();
        final long first = from.getLong();
        final long term = from.getLong();
        if (type == RUN || type == RUN_OF_COPIES) {
            final long last = from.getLong();
            final long bytes = from.getLong();
            return new IndexItem(type, offset, first, last, term, from.getInt(), bytes, from.getInt(), from.getInt(),
                    null);
        }
        byte[] body = null;
        if (type == RecordType.STATE) {
            body = new byte[GroupState.BODY_LENGTH];
            from.get(body);
        }
        return new IndexItem(type, offset, first, 0, term, 0, 0, 0, 0, body);
    }
}
