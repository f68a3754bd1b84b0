package jetstream.store.mapdb;

import java.io.IOException;

/** The files of one store directory, by names relative to it; a test puts a simulated disk in its place. */
interface Disk {
    /** Opens for reading and writing, made if it is not there. */
    DiskFile open(String name) throws IOException;

    /** Whether there is such a file. */
    boolean exists(String name) throws IOException;

    /** Moves a file over another one, if need be into a folder that is made. */
    void move(String source, String target) throws IOException;

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException;

    /** Makes names of a folder durable; the empty name is the directory itself. */
    void forceFolder(String folder) throws IOException;

    /** Bytes that may still be written. */
    long usableBytes() throws IOException;
}
