package jetstream.api.store;

import java.nio.file.Path;
import java.util.Map;
import jetstream.api.GroupId;

/**
 * What a store is opened with.
 *
 * @param directory where the store keeps its files; a memory store ignores it
 * @param nodeName server name of the owner: a directory that another server wrote is refused, naming both
 * @param settings the plug-in's own settings by dotted name below {@code jetstream.store.<name>}, all as text
 * @param log where the store reports what an operator should know (recovery, cut tails, quarantine); any thread
 * @param damage where it reports entries that it finds damaged while nobody reads them
 */
public record StoreContext(Path directory, String nodeName, Map<String, String> settings, StoreLog log,
        DamageListener damage) {
    /** For an owner that does not want to hear of damage before it reads what is damaged. */
    public StoreContext(final Path directory, final String nodeName, final Map<String, String> settings,
            final StoreLog log) {
        this(directory, nodeName, settings, log, (group, index) -> {
        });
    }

    /** Receives one line per event; called on the thread on which it happened. */
    @FunctionalInterface
    public interface StoreLog {
        /** Takes a line. */
        void line(boolean warning, String text);
    }

    /** Hears of damage that the store finds by itself. */
    @FunctionalInterface
    public interface DamageListener {
        /**
         * The entry at that index, which the store holds, is damaged: {@link LogReader#read} or
         * {@link LogReader#record} would say {@link StoreException.Corrupt}. A store that reads what nobody asked for,
         * to check, move or index it, tells each such entry at least once in the life of the process; it may tell it
         * again. {@link GroupLog#restore} puts an intact one in its place.
         *
         * <p>Thread: shard, within {@link Store#doWork}. Blocks: no. The listener may read the store, and changes
         * nothing before {@link Store#doWork} has returned.
         */
        void damaged(GroupId group, long index);
    }
}
