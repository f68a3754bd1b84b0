package jetstream.server.conf;

import java.nio.file.Path;

/**
 * Where JetStream data is kept.
 *
 * @param storeDir       directory as configured; the server keeps its data below {@code storeDir/jetstream}
 * @param maxMemoryBytes of memory streams on this server; -1 means to be derived from the heap
 * @param maxFileBytes   of file streams on this server; -1 means to be derived from the disk
 * @param syncIntervalNs 0 if every acknowledgement is forced to disk first (our default, and {@code always});
 *                       otherwise data is forced at least so often
 * @param store          name of the store plug-in, {@code file} by default
 */
public record JetStreamStorage(
        Path storeDir, long maxMemoryBytes, long maxFileBytes, long syncIntervalNs, String store) {

    /** Whether an acknowledgement means forced to disk. */
    public boolean syncAlways() {
        return syncIntervalNs == 0;
    }
}
