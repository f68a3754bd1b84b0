package jetstream.store.mapdb;

import java.util.Map;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.mapdb.Store;

/**
 * MapDB over pages: two maps of small rows, and records for the bytes of entries and images. Not thread safe; guarded
 * by the store.
 *
 * <p>Rows are found by hash, not in a tree: MapDB 3.1.0 never gives an emptied tree node back, which a log that grows
 * at one end and dies at the other would turn into a leak. Their hash index collapses.
 */
final class Database {
    /** Record lengths are rounded up to one of eight steps per power of two, so that freed room fits the next one. */
    private static final int CLASSES_SHIFT = 3;
    private static final int SMALLEST = 64;

    private final DB db;
    private final Store store;
    private final Map<Long, byte[]> groups;
    private final Map<long[], byte[]> chunks;

    /**
     * Opens what lies in the pages.
     *
     * @param exists whether anything does
     */
    Database(final Pages pages, final boolean exists) {
        db = DBMaker.volumeDB(new PageVolume(pages), exists).concurrencyDisable().make();
        store = db.getStore();
        groups = db.hashMap("groups", Serializer.LONG, Serializer.BYTE_ARRAY).layout(1, 128, 4).createOrOpen();
        chunks = db.hashMap("chunks", Serializer.LONG_ARRAY, Serializer.BYTE_ARRAY).layout(1, 128, 4).createOrOpen();
    }

    /** Rows of groups, see {@link GroupState}; row 0 is the store's own. */
    Map<Long, byte[]> groups() {
        return groups;
    }

    /** Rows of chunks of entries by group and number, see {@link Chunk}. */
    Map<long[], byte[]> chunks() {
        return chunks;
    }

    /** Stores bytes, of which the length is known elsewhere; returns the record's number, never 0. */
    long put(final byte[] bytes) {
        return store.put(bytes, Serializer.BYTE_ARRAY_NOSIZE);
    }

    /** An array for a record of that length, rounded up. */
    static byte[] arrayFor(final int length) {
        if (length <= SMALLEST) {
            return new byte[SMALLEST];
        }
        final int step = Integer.highestOneBit(length - 1) >> CLASSES_SHIFT;
        return new byte[(length + step - 1) / step * step];
    }

    /** The bytes of a record, at least as many as were meant. */
    byte[] get(final long record) {
        return store.get(record, Serializer.BYTE_ARRAY_NOSIZE);
    }

    void delete(final long record) {
        store.delete(record, Serializer.BYTE_ARRAY_NOSIZE);
    }

    /** What was changed is whole now. */
    void commit() {
        db.commit();
    }

    void close() {
        db.close();
    }
}
