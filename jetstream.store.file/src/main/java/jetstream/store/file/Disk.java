package jetstream.store.file;

import java.io.IOException;
import java.util.List;

/**
 * The files of one store, by name relative to its directory. The only door to the file system, so that tests can put a
 * medium behind it that loses, tears and refuses. Any thread.
 */
public interface Disk {
    /** Opens a file that is there. */
    SegmentFile open(String name) throws IOException;

    /** Makes a file of that length, which reads as zeros and takes no room yet. Fails if there is one of that name. */
    SegmentFile create(String name, long lengthBytes) throws IOException;

    /** Names of the files in a folder ("" for the directory itself); folders are left out. */
    List<String> list(String folder) throws IOException;

    /** Atomic; replaces the target. Durable after {@link #forceFolder}. */
    void rename(String source, String target) throws IOException;

    /** Durable after {@link #forceFolder}. */
    void delete(String name) throws IOException;

    /** Makes the names in a folder durable. */
    void forceFolder(String folder) throws IOException;

    /** Bytes that this process may still take. */
    long usableBytes() throws IOException;
}
