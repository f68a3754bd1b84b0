package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Files in memory that know what was forced. Stops the world at the n-th call that changes anything, having done a part
 * of it, and then tells what a restart may find. Owner: one thread.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR = 512;

    /** What happens to bytes and names that were not forced. */
    enum Loss {
        /** The process was killed: everything written is there. */
        NONE,
        /** Power was lost, and with it all that was not forced. */
        ALL,
        /** Power was lost, and any sector may be there or not. */
        SOME
    }

    /** The process is dead from here on. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class Node {
        byte[] bytes;
        byte[] forced;
        final BitSet dirty = new BitSet();

        Node(final int length) {
            bytes = new byte[length];
            forced = new byte[length];
        }
    }

    private final Map<String, Node> names = new TreeMap<>();
    private final Map<String, Node> forcedNames = new TreeMap<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Random random;
    private final long crashAt;
    private long calls;
    private boolean isDead;
    private boolean refusesForce;
    private boolean isFull;
    private long usableBytes = Long.MAX_VALUE / 2;

    /** An empty disk that dies at that call, counted from 1. */
    SimulatedDisk(final Random random, final long crashAt) {
        this.random = random;
        this.crashAt = crashAt;
    }

    long calls() {
        return calls;
    }

    void refuseForce(final boolean isRefusing) {
        refusesForce = isRefusing;
    }

    void full(final boolean isFullNow) {
        isFull = isFullNow;
    }

    /** How much room the medium says there is. */
    void usable(final long bytes) {
        usableBytes = bytes;
    }

    /** The disk that a restart finds; it dies at that call again. */
    SimulatedDisk restart(final Loss most, final long nextCrashAt) {
        // A power loss after a mere kill finds what the restart in between forgot to force.
        final Loss loss = most == Loss.SOME ? Loss.values()[random.nextInt(Loss.values().length)] : most;
        final SimulatedDisk found = new SimulatedDisk(random, nextCrashAt);
        final Map<String, Node> kept = new TreeMap<>(loss == Loss.NONE ? names : forcedNames);
        if (loss == Loss.SOME && random.nextBoolean()) {
            kept.clear();
            kept.putAll(names);
        }
        final Map<Node, Node> copies = new IdentityHashMap<>();
        kept.forEach((name, node) -> found.names.put(name, copies.computeIfAbsent(node, any -> survivor(node, loss))));
        found.forcedNames.putAll(found.names);
        return found;
    }

    /** Flips a bit of some file that matches; returns where. */
    String flipBit(final String pattern, final int offset, final int bit) {
        for (final Map.Entry<String, Node> file : names.entrySet()) {
            if (file.getKey().matches(pattern)) {
                file.getValue().bytes[offset] ^= (byte) (1 << bit);
                file.getValue().forced[offset] ^= (byte) (1 << bit);
                return file.getKey() + " offset " + offset + " bit " + bit;
            }
        }
        throw new IllegalArgumentException("no file matches " + pattern + " in " + names.keySet());
    }

    /** That file can not be opened until it is made anew. */
    void unreadable(final String name) {
        unreadable.add(name);
    }

    /** The file ends there now, or is gone if that is 0. */
    void cut(final String name, final int length) {
        final Node node = names.get(name);
        if (length == 0) {
            names.remove(name);
            forcedNames.remove(name);
            return;
        }
        node.bytes = Arrays.copyOf(node.bytes, length);
        node.forced = node.bytes.clone();
        node.dirty.clear();
    }

    byte[] bytes(final String name) {
        return names.get(name).bytes;
    }

    List<String> files() {
        return List.copyOf(names.keySet());
    }

    @Override
    public SegmentFile open(final String name) throws IOException {
        final Node node = names.get(name);
        if (node == null || unreadable.contains(name)) {
            throw new IOException(node == null ? "no file " + name : "Input/output error");
        }
        return new File(node);
    }

    @Override
    public SegmentFile create(final String name, final long lengthBytes) throws IOException {
        call();
        if (isFull) {
            throw new IOException("No space left on device");
        }
        if (names.containsKey(name)) {
            throw new IOException("there is a file " + name);
        }
        final Node node = new Node((int) lengthBytes);
        names.put(name, node);
        return new File(node);
    }

    @Override
    public List<String> list(final String folder) {
        final List<String> found = new ArrayList<>();
        for (final String name : names.keySet()) {
            final int slash = name.lastIndexOf('/');
            if (name.substring(0, Math.max(slash, 0)).equals(folder)) {
                found.add(name.substring(slash + 1));
            }
        }
        return found;
    }

    @Override
    public void rename(final String source, final String target) {
        call();
        names.put(target, names.remove(source));
    }

    @Override
    public void delete(final String name) {
        call();
        unreadable.remove(name);
        names.remove(name);
    }

    @Override
    public void forceFolder(final String folder) throws IOException {
        call();
        checkForce();
        forcedNames.keySet().removeIf(name -> isIn(folder, name));
        names.forEach((name, node) -> {
            if (isIn(folder, name)) {
                forcedNames.put(name, node);
            }
        });
    }

    @Override
    public long usableBytes() {
        return isFull ? 0 : usableBytes;
    }

    private static boolean isIn(final String folder, final String name) {
        final int slash = name.lastIndexOf('/');
        return name.substring(0, Math.max(slash, 0)).equals(folder);
    }

    private Node survivor(final Node node, final Loss loss) {
        final Node survivor = new Node(node.bytes.length);
        System.arraycopy(node.forced, 0, survivor.bytes, 0, Math.min(node.forced.length, node.bytes.length));
        for (int sector = node.dirty.nextSetBit(0); sector >= 0; sector = node.dirty.nextSetBit(sector + 1)) {
            if (loss == Loss.NONE || loss == Loss.SOME && random.nextBoolean()) {
                final int from = sector * SECTOR;
                System.arraycopy(node.bytes, from, survivor.bytes, from, Math.min(SECTOR, node.bytes.length - from));
            }
        }
        survivor.forced = survivor.bytes.clone();
        return survivor;
    }

    private void call() {
        if (isDead || ++calls == crashAt) {
            isDead = true;
            throw new Crash();
        }
    }

    private void checkForce() throws IOException {
        if (refusesForce) {
            throw new IOException("Input/output error");
        }
    }

    private final class File implements SegmentFile {
        private final Node node;

        File(final Node node) {
            this.node = node;
        }

        @Override
        public void write(final ByteBuffer source, final long offset) throws IOException {
            if (isFull) {
                throw new IOException("No space left on device");
            }
            final int whole = source.remaining();
            if (!isDead && calls + 1 == crashAt) {
                put(source.slice(source.position(), random.nextInt(whole + 1)), (int) offset);
            }
            call();
            put(source, (int) offset);
            source.position(source.limit());
        }

        @Override
        public void force() throws IOException {
            call();
            checkForce();
            node.forced = node.bytes.clone();
            node.dirty.clear();
        }

        @Override
        public ByteBuffer map() {
            return ByteBuffer.wrap(node.bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public long length() {
            return node.bytes.length;
        }

        @Override
        public void close() {
            // Nothing is held.
        }

        private void put(final ByteBuffer source, final int offset) {
            final int length = source.remaining();
            if (offset + length > node.bytes.length) {
                node.bytes = Arrays.copyOf(node.bytes, offset + length);
            }
            source.get(source.position(), node.bytes, offset, length);
            if (length > 0) {
                node.dirty.set(offset / SECTOR, (offset + length - 1) / SECTOR + 1);
            }
        }
    }
}
