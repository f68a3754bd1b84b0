package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
        byte[] bytes = new byte[0];
        byte[] forced = new byte[0];
        int length;
        int forcedLength;
        final BitSet dirty = new BitSet();
    }

    private final Map<String, Node> names = new TreeMap<>();
    private final Map<String, Node> forcedNames = new TreeMap<>();
    private final Random random;
    private final long crashAt;
    private long calls;
    private boolean isDead;
    private boolean refusesForce;
    private boolean isFull;

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

    /** The disk that a restart finds; it dies at that call again. */
    SimulatedDisk restart(final Loss loss, final long nextCrashAt) {
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

    /** Changes a bit, on the medium. */
    void flip(final String name, final int at) {
        names.get(name).bytes[at] ^= 16;
        names.get(name).forced[at] ^= 16;
    }

    /** The bytes of a file, to be damaged. */
    byte[] bytes(final String name) {
        return names.get(name).bytes;
    }

    int length(final String name) {
        return names.get(name).length;
    }

    /** Cuts a file. */
    void cut(final String name, final int length) {
        names.get(name).length = length;
    }

    List<String> files() {
        return List.copyOf(names.keySet());
    }

    @Override
    public DiskFile open(final String name) throws IOException {
        if (!names.containsKey(name)) {
            call();
            names.put(name, new Node());
        }
        return new File(names.get(name));
    }

    @Override
    public boolean exists(final String name) {
        return names.containsKey(name);
    }

    @Override
    public void move(final String source, final String target) {
        call();
        names.put(target, names.remove(source));
    }

    @Override
    public void delete(final String name) {
        if (names.containsKey(name)) {
            call();
            names.remove(name);
        }
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
        return isFull ? 0 : Long.MAX_VALUE / 2;
    }

    private static boolean isIn(final String folder, final String name) {
        return name.substring(0, name.lastIndexOf('/') + 1).equals(folder);
    }

    private Node survivor(final Node node, final Loss loss) {
        final Node survivor = new Node();
        final boolean isNewLength = loss == Loss.NONE || loss == Loss.SOME && random.nextBoolean();
        survivor.length = isNewLength ? node.length : node.forcedLength;
        survivor.bytes = Arrays.copyOf(node.forced, Math.max(node.bytes.length, node.forced.length));
        for (int sector = node.dirty.nextSetBit(0); sector >= 0; sector = node.dirty.nextSetBit(sector + 1)) {
            if (loss == Loss.NONE || loss == Loss.SOME && random.nextBoolean()) {
                final int from = sector * SECTOR;
                System.arraycopy(node.bytes, from, survivor.bytes, from, Math.min(SECTOR, node.bytes.length - from));
            }
        }
        survivor.forced = survivor.bytes.clone();
        survivor.forcedLength = survivor.length;
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

    private final class File implements DiskFile {
        private final Node node;

        File(final Node node) {
            this.node = node;
        }

        @Override
        public boolean read(final ByteBuffer into, final long position) {
            final int length = (int) Math.max(0, Math.min(into.remaining(), node.length - position));
            into.put(node.bytes, (int) Math.min(position, node.bytes.length), length);
            return !into.hasRemaining();
        }

        @Override
        public void write(final ByteBuffer source, final long position) throws IOException {
            if (isFull) {
                throw new IOException("No space left on device");
            }
            if (!isDead && calls + 1 == crashAt) {
                put(source.slice(source.position(), random.nextInt(source.remaining() + 1)), (int) position);
            }
            call();
            put(source, (int) position);
            source.position(source.limit());
        }

        @Override
        public void force() throws IOException {
            call();
            checkForce();
            node.forced = Arrays.copyOf(node.bytes, node.bytes.length);
            node.forcedLength = node.length;
            node.dirty.clear();
        }

        @Override
        public long length() {
            return node.length;
        }

        @Override
        public void truncate(final long length) {
            if (length < node.length) {
                call();
                node.length = (int) length;
                Arrays.fill(node.bytes, node.length, node.bytes.length, (byte) 0);
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }

        private void put(final ByteBuffer source, final int offset) {
            final int length = source.remaining();
            if (offset + length > node.bytes.length) {
                node.bytes = Arrays.copyOf(node.bytes, Math.max(offset + length, node.bytes.length * 2));
            }
            source.get(source.position(), node.bytes, offset, length);
            if (length > 0) {
                node.dirty.set(offset / SECTOR, (offset + length - 1) / SECTOR + 1);
                node.length = Math.max(node.length, offset + length);
            }
        }
    }
}
