package jetstream.api.store;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a store is opened with.
 *
 * @param directory where the store keeps its files; a memory store ignores it
 * @param nodeName server name of the owner: a directory that another server wrote is refused, naming both
 * @param settings the plug-in's own settings by dotted name below {@code jetstream.store.<name>}, all as text
 * @param log where the store reports what an operator should know (recovery, cut tails, quarantine); any thread
 */
public record StoreContext(Path directory, String nodeName, Map<String, String> settings, StoreLog log) {
    /** Receives one line per event; called on the thread on which it happened. */
    @FunctionalInterface
    public interface StoreLog {
        /** Takes a line. */
        void line(boolean warning, String text);
    }
}
