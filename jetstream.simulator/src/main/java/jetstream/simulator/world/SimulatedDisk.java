package jetstream.simulator.world;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import jetstream.store.file.Disk;
import jetstream.store.file.SegmentFile;

/**
 * A node's disk: files in memory that know which sectors and names were forced. Outlives the node's processes. Refuses,
 * fills up and loses what was not forced, as told; what damages forced bytes is {@link DiskDamage}.
 */
public final class SimulatedDisk implements Disk {
    static final int SECTOR = 512;

    /** A file's bytes as a process sees them, as they are on the device, and as they were there before. */
    static final class Content {
        byte[] bytes;
        byte[] forced;
        byte[] older;
        final BitSet dirty = new BitSet();
        final BitSet rewritten = new BitSet();
        /** Written, refused by the device, and not tried again: there as long as the machine runs. */
        final BitSet refused = new BitSet();

        Content(final int length) {
            bytes = new byte[length];
            forced = new byte[length];
            older = new byte[length];
        }

        void grow(final int length) {
            bytes = Arrays.copyOf(bytes, length);
        }

        void written(final int from, final int length) {
            final int first = from / SECTOR;
            final int behind = (from + length - 1) / SECTOR + 1;
            dirty.set(first, behind);
            refused.clear(first, behind);
        }

        void refuse() {
            refused.or(dirty);
            dirty.clear();
        }

        void force() {
            if (forced.length < bytes.length) {
                forced = Arrays.copyOf(forced, bytes.length);
                older = Arrays.copyOf(older, bytes.length);
            }
            for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
                final int from = sector * SECTOR;
                final int length = Math.min(SECTOR, bytes.length - from);
                System.arraycopy(forced, from, older, from, length);
                System.arraycopy(bytes, from, forced, from, length);
                rewritten.set(sector);
            }
            dirty.clear();
        }
    }

    private final SplittableRandom random;
    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> forcedNames = new TreeMap<>();
    private final Set<String> changedNames = new TreeSet<>();
    private boolean isFull;
    private boolean isLow;
    private boolean refusesWrites;
    private int forcesToRefuse;
    private boolean hasRefused;

    /** An empty disk. */
    public SimulatedDisk(final SplittableRandom random) {
        this.random = random;
    }

    /** Whether no file is on it. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether it refused anything since {@link #replug}. */
    public boolean hasRefused() {
        return hasRefused;
    }

    /** No room any more, or room again. */
    public void full(final boolean isFullNow) {
        isFull = isFullNow;
    }

    /** It says that it has no room; what is written nevertheless finds some. Or it has room again. */
    public void low(final boolean isLowNow) {
        isLow = isLowNow;
    }

    /** The next so many forces fail; later ones succeed as if nothing had happened. */
    public void refuseForces(final int count) {
        forcesToRefuse = count;
    }

    /** Writes fail with an input/output error until told otherwise. */
    public void refuseWrites(final boolean isRefusing) {
        refusesWrites = isRefusing;
    }

    /** A new process opens it: what it refused the last one is forgotten. */
    public void replug() {
        hasRefused = false;
        forcesToRefuse = 0;
        refusesWrites = false;
    }

    /** Everything is gone. */
    public void wipe() {
        names.clear();
        forcedNames.clear();
        changedNames.clear();
    }

    /**
     * The power goes: of what was not forced all is lost, or any sector may be there, or all of it; of names that were
     * not forced likewise.
     */
    public void losePower() {
        final int survival = random.nextInt(3);
        final Map<String, Content> kept = new TreeMap<>(survival > 0 && random.nextBoolean() ? names : forcedNames);
        final Map<Content, Content> seen = new IdentityHashMap<>();
        kept.values().forEach(content -> seen.computeIfAbsent(content, any -> {
            loseSectors(content, survival);
            return content;
        }));
        names.clear();
        names.putAll(kept);
        forcedNames.clear();
        forcedNames.putAll(kept);
        changedNames.clear();
    }

    private void loseSectors(final Content content, final int survival) {
        for (int sector = content.dirty.nextSetBit(0); sector >= 0; sector = content.dirty.nextSetBit(sector + 1)) {
            if (survival == 0 || survival == 1 && random.nextBoolean()) {
                loseSector(content, sector);
            }
        }
        content.force();
        content.refused.stream().forEach(sector -> loseSector(content, sector));
        content.refused.clear();
    }

    private static void loseSector(final Content content, final int sector) {
        final int from = sector * SECTOR;
        final int onDevice = Math.max(0, Math.min(SECTOR, content.forced.length - from));
        final int length = Math.min(SECTOR, content.bytes.length - from);
        Arrays.fill(content.bytes, from, from + length, (byte) 0);
        if (onDevice > 0) { // else the file grew since it was forced last
            System.arraycopy(content.forced, from, content.bytes, from, Math.min(onDevice, length));
        }
    }

    Map<String, Content> contents() {
        return names;
    }

    Map<String, Content> forcedContents() {
        return forcedNames;
    }

    // ---- Disk

    @Override
    public SegmentFile open(final String name) throws IOException {
        final Content content = names.get(name);
        if (content == null) {
            throw new IOException("no file " + name);
        }
        return new OpenFile(content);
    }

    @Override
    public SegmentFile create(final String name, final long lengthBytes) throws IOException {
        checkRoom();
        if (names.containsKey(name)) {
            throw new IOException("there is a file " + name);
        }
        final Content content = new Content((int) lengthBytes);
        names.put(name, content);
        changedNames.add(name);
        return new OpenFile(content);
    }

    @Override
    public List<String> list(final String folder) {
        final List<String> found = new ArrayList<>();
        for (final String name : names.keySet()) {
            if (folderOf(name).equals(folder)) {
                found.add(name.substring(name.lastIndexOf('/') + 1));
            }
        }
        return found;
    }

    @Override
    public void rename(final String source, final String target) throws IOException {
        if (!names.containsKey(source)) {
            throw new IOException("no file " + source);
        }
        names.put(target, names.remove(source));
        changedNames.add(source);
        changedNames.add(target);
    }

    @Override
    public void delete(final String name) {
        names.remove(name);
        changedNames.add(name);
    }

    @Override
    public void forceFolder(final String folder) throws IOException {
        checkForce();
        for (final String name : List.copyOf(changedNames)) {
            if (folderOf(name).equals(folder)) {
                changedNames.remove(name);
                if (names.containsKey(name)) {
                    forcedNames.put(name, names.get(name));
                } else {
                    forcedNames.remove(name);
                }
            }
        }
    }

    @Override
    public long usableBytes() {
        return isFull || isLow ? 0 : Long.MAX_VALUE / 2;
    }

    private static String folderOf(final String name) {
        return name.substring(0, Math.max(name.lastIndexOf('/'), 0));
    }

    private void checkRoom() throws IOException {
        if (isFull) {
            hasRefused = true;
            throw new IOException("No space left on device");
        }
    }

    private void checkForce() throws IOException {
        if (forcesToRefuse > 0) {
            forcesToRefuse--;
            hasRefused = true;
            throw new IOException("Input/output error");
        }
    }

    private final class OpenFile implements SegmentFile {
        private final Content content;

        OpenFile(final Content content) {
            this.content = content;
        }

        @Override
        public void write(final ByteBuffer source, final long offset) throws IOException {
            checkRoom();
            if (refusesWrites) {
                hasRefused = true;
                throw new IOException("Input/output error");
            }
            final int length = source.remaining();
            final int from = (int) offset;
            if (from + length > content.bytes.length) {
                content.grow(from + length);
            }
            source.get(content.bytes, from, length);
            if (length > 0) {
                content.written(from, length);
            }
        }

        /** Fails like a kernel does: the error is told once, and what was refused counts as clean afterwards. */
        @Override
        public void force() throws IOException {
            if (forcesToRefuse > 0) {
                content.refuse();
            }
            checkForce();
            content.force();
        }

        @Override
        public ByteBuffer map() {
            return ByteBuffer.wrap(content.bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public long length() {
            return content.bytes.length;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
