package jetstream.server.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The few facts about its cluster that a node must remember before any log is opened: which incarnation it belongs to,
 * what it promised during bootstrap, and from which meta index on its logs are complete (DESIGN D7). One small file,
 * replaced atomically and forced.
 */
final class NodeMemory {
    private static final String INCARNATION = "incarnation";
    private static final String PROMISE = "promise";
    private static final String JOINED_AT = "joined-at";
    private static final String LIFE = "life";
    private static final String REMOVED = "removed";

    private final Path file;
    private final Map<String, String> facts = new HashMap<>();

    /** Reads the file if it is there. */
    NodeMemory(final Path directory) {
        file = directory.resolve("cluster.txt");
        try {
            Files.createDirectories(directory);
            if (Files.exists(file)) {
                for (final String line : Files.readAllLines(file)) {
                    final int at = line.indexOf('=');
                    if (at > 0) {
                        facts.put(line.substring(0, at), line.substring(at + 1));
                    }
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("can not read " + file, e);
        }
        if (life().isEmpty()) {
            facts.put(LIFE, UUID.randomUUID().toString());
            save();
        }
    }

    /** Random name of this store: another one says that the server came back with an empty store. */
    String life() {
        return facts.getOrDefault(LIFE, "");
    }

    /** Whether the cluster removed this server. */
    boolean isRemoved() {
        return facts.containsKey(REMOVED);
    }

    /** Remembers that the cluster removed this server. */
    void removed() {
        if (!isRemoved()) {
            facts.put(REMOVED, "true");
            save();
        }
    }

    /** The cluster incarnation this node belongs to; empty if it belongs to none yet. */
    String incarnation() {
        return facts.getOrDefault(INCARNATION, "");
    }

    /** The bootstrap proposal this node agreed to, {@code incarnation:node,node…}; empty if to none. */
    String promise() {
        return facts.getOrDefault(PROMISE, "");
    }

    /** Groups created at or before this meta index may have data elsewhere that this node does not have; 0 if none. */
    long joinedAt() {
        return Long.parseLong(facts.getOrDefault(JOINED_AT, "0"));
    }

    /** Remembers a promise. */
    void promise(final String promise) {
        facts.put(PROMISE, promise);
        save();
    }

    /** Remembers the incarnation, and whether this node was there from its beginning. */
    void incarnation(final String incarnation, final long joinedAt) {
        facts.put(INCARNATION, incarnation);
        facts.put(JOINED_AT, Long.toString(joinedAt));
        save();
    }

    /** Remembers what a server without a cluster decides by itself; one write, since a start waits for its forces. */
    void foundAlone(final String incarnation, final String promise) {
        facts.put(PROMISE, promise);
        incarnation(incarnation, 0);
    }

    private void save() {
        final StringBuilder text = new StringBuilder();
        facts.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        final Path fresh = file.resolveSibling("cluster.tmp");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("can not write " + file, e);
        }
    }
}
