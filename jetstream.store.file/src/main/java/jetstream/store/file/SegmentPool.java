package jetstream.store.file;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Files for the segments to come. One file is made ready ahead of need by the housekeeper; emptied files are kept and
 * used again, which costs no metadata and no zeros. All methods: any thread.
 *
 * <p>A new file has its length but no room: filling it with zeros beforehand would double the bytes written. The writer
 * reserves room in small steps instead, where it pays ({@link LogWriter}, ADR 0031).
 */
final class SegmentPool {
    /** A file that no segment uses. */
    record Spare(String name, SegmentFile file, int length, int reserved) {
    }

    private final Disk disk;
    private final FileStoreConfig config;
    private final StoreHealth health;
    private final Executor housekeeper;
    private final Deque<Spare> spares = new ArrayDeque<>();
    private Spare prepared;
    private long preparedSeq;
    private long takenSeq;
    private volatile int folderChanges;
    private volatile int folderForced;

    SegmentPool(final Disk disk, final FileStoreConfig config, final StoreHealth health, final Executor housekeeper) {
        this.disk = disk;
        this.config = config;
        this.health = health;
        this.housekeeper = housekeeper;
    }

    /** Bytes of a segment file, unless a single entry needs more. */
    int segmentLength() {
        return config.segmentLength();
    }

    /** A file for that segment, with at least that length; asks the housekeeper for the one after it. */
    synchronized Spare take(final long seq, final int neededLength) throws IOException {
        Spare taken = prepared;
        prepared = null;
        takenSeq = seq;
        if (taken == null || preparedSeq != seq || taken.length < neededLength) {
            if (taken != null) {
                // It has the name that the larger file needs.
                taken.file.close();
                disk.delete(taken.name);
            }
            taken = make(seq, Math.max(neededLength, config.segmentLength()));
        }
        housekeeper.execute(() -> prepare(seq + 1));
        return taken;
    }

    /** Keeps an emptied file, or deletes it if there are enough. */
    synchronized void recycle(final Spare spare) {
        if (spare.length == config.segmentLength() && spares.size() < config.spareSegments()) {
            spares.add(spare);
        } else {
            housekeeper.execute(() -> delete(spare));
        }
    }

    /** Has a file deleted that nobody needs any more. */
    void deleteLater(final String name) {
        housekeeper.execute(() -> {
            try {
                disk.delete(name);
            } catch (final IOException e) {
                health.log.line(true, name + " could not be deleted: " + e.getMessage());
            }
        });
    }

    /** Bytes in files that no segment uses. */
    synchronized long spareBytes() {
        long bytes = prepared == null ? 0 : prepared.reserved;
        for (final Spare spare : spares) {
            bytes += spare.reserved;
        }
        return bytes;
    }

    /** Makes the names of new files durable, if there are any since the last time. */
    void forceFolder() throws IOException {
        final int changes = folderChanges;
        if (changes != folderForced) {
            disk.forceFolder("");
            folderForced = changes;
        }
    }

    /** Closes the files; they stay for the next start. */
    synchronized void close() throws IOException {
        if (prepared != null) {
            prepared.file.close();
        }
        for (final Spare spare : spares) {
            spare.file.close();
        }
        prepared = null;
        spares.clear();
    }

    private void prepare(final long seq) {
        try {
            synchronized (this) {
                // Late: the writer was faster and has made this one itself.
                if (seq <= takenSeq || prepared != null || health.isFailed() || health.isClosed()) {
                    return;
                }
                prepared = make(seq, config.segmentLength());
                preparedSeq = seq;
            }
            forceFolder();
        } catch (final IOException e) {
            // Not fatal here: the writer makes its own file when it needs one, and reports what it gets.
            health.log.line(true, "no segment could be made ready ahead: " + e.getMessage());
        }
    }

    private Spare make(final long seq, final int length) throws IOException {
        final String name = Segment.nameOf(seq);
        folderChanges++;
        final Spare spare = length == config.segmentLength() ? spares.poll() : null;
        if (spare != null) {
            disk.rename(spare.name, name);
            return new Spare(name, spare.file, spare.length, spare.reserved);
        }
        return new Spare(name, disk.create(name, length), length, 0);
    }

    private void delete(final Spare spare) {
        try {
            spare.file.close();
            disk.delete(spare.name);
        } catch (final IOException e) {
            health.log.line(true, "emptied segment " + spare.name + " could not be deleted: " + e.getMessage());
        }
    }
}
