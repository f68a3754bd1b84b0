package jetstream.server.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import jetstream.api.store.TwinFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few facts about its cluster that a node must remember before any log is opened: which incarnation it belongs to,
 * what it promised during bootstrap, and from which meta index on its logs are complete (DESIGN D7). One small file and
 * its copy, with a checksum, replaced atomically and forced.
 */
final class NodeMemory {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);
    private static final String NAME = "cluster.txt";
    /** No key of theirs or value has other characters, and a number is one. */
    private static final Pattern OF_OLDER_VERSIONS =
            Pattern.compile("((incarnation|promise|life)=[0-9a-f:,-]*\\n|joined-at=[0-9]{1,19}\\n|removed=true\\n)*");
    private static final String INCARNATION = "incarnation";
    private static final String PROMISE = "promise";
    private static final String JOINED_AT = "joined-at";
    private static final String LIFE = "life";
    private static final String REMOVED = "removed";
    private static final String CHECK = "check=";

    private final TwinFile file;
    private final Path directory;
    private final Map<String, String> facts = new TreeMap<>();

    /** Reads the file if it is there. If nothing of it can be read, this node comes as one that has lost its store. */
    NodeMemory(final Path directory) {
        this.directory = directory;
        file = new TwinFile(directory, NAME, NodeMemory::isIntact);
        try {
            Files.createDirectories(directory);
            final Optional<String> checked = file.read();
            final String text = checked.isPresent() ? checked.get() : unchecked();
            for (final String line : text.split("\n")) {
                final int at = line.indexOf('=');
                if (at > 0 && !line.startsWith(CHECK)) {
                    facts.put(line.substring(0, at), line.substring(at + 1));
                }
            }
            if (life().isEmpty()) {
                facts.put(LIFE, UUID.randomUUID().toString());
                save();
            } else if (!file.isWhole(text)) {
                save();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("can not read " + directory.resolve(NAME), e);
        }
    }

    /** What an older version wrote, without a checksum and without a copy; empty if it is not that. */
    private String unchecked() throws IOException {
        if (!file.exists()) {
            return "";
        }
        if (!file.hasCopy()) {
            final String text = new String(Files.readAllBytes(directory.resolve(NAME)), StandardCharsets.UTF_8);
            if (OF_OLDER_VERSIONS.matcher(text).matches()) {
                return text;
            }
        }
        LOG.warn("{} and its copy are damaged: this server has forgotten which cluster it belongs to, and joins the"
                + " one that it finds", directory.resolve(NAME));
        return "";
    }

    private static boolean isIntact(final String text) {
        final int at = text.lastIndexOf(CHECK);
        return at >= 0 && text.substring(at).equals(checkLine(text.substring(0, at)));
    }

    private static String checkLine(final String text) {
        final CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return CHECK + Long.toHexString(crc.getValue()) + '\n';
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
        text.append(checkLine(text.toString()));
        try {
            file.write(text.toString());
        } catch (final IOException e) {
            throw new UncheckedIOException("can not write " + directory.resolve(NAME), e);
        }
    }
}
