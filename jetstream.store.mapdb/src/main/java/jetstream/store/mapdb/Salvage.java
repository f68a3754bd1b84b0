package jetstream.store.mapdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mapdb.DBException;

/**
 * Carries over what is whole of a damaged main file into a new one. MapDB's own structures may be hit anywhere, so the
 * damaged file is only read, and set apart afterwards; what could not be read of a group decides whether the group is
 * kept. Owner: the opening thread.
 *
 * <p>Order on the disk: the new files grow in {@value #FOLDER}; a mark in that folder says that they are complete; then
 * the old ones go to quarantine and the new ones take their place, one by one, which the next start ends if this one
 * can not.
 */
final class Salvage {
    private static final String FOLDER = "salvage/";
    private static final String MARK = FOLDER + "COMPLETE";
    private static final String QUARANTINE = "quarantine/";
    private static final String[] FILES = {PageFile.NAME, Journal.nameOf(0), Journal.nameOf(1)};

    private final Disk disk;
    private final MapDbConfig config;
    private final StoreHealth health;
    private final long tag;
    private final Map<Long, GroupState> states = new TreeMap<>();
    private final Map<Long, TreeMap<Long, Chunk>> chunks = new HashMap<>();
    private final Set<Long> hit = new HashSet<>();
    private boolean hasLosses;
    private long lostEntries;

    Salvage(final Disk disk, final MapDbConfig config, final StoreHealth health, final long tag) {
        this.disk = disk;
        this.config = config;
        this.health = health;
        this.tag = tag;
    }

    /** Ends what an earlier start had begun, or drops what is not complete. */
    void finish() throws IOException {
        if (!disk.exists(MARK)) {
            for (final String name : FILES) {
                disk.delete(FOLDER + name);
            }
            return;
        }
        final String quarantine = readMark();
        for (final String name : FILES) {
            if (disk.exists(FOLDER + name)) {
                if (disk.exists(name)) {
                    disk.move(name, quarantine + name);
                    disk.forceFolder(quarantine);
                    disk.forceFolder(QUARANTINE);
                }
                disk.move(FOLDER + name, name);
                disk.forceFolder("");
            }
        }
        disk.delete(MARK);
        disk.forceFolder(FOLDER);
        health.log.line(true, "the damaged files are in " + quarantine);
    }

    /** Makes new files from those pages, of which some are damaged, and puts them in place. */
    void run(final Pages damaged, final Recovery found) throws IOException {
        health.log.line(true, "the store is damaged: " + found.summary() + "; what is whole is carried over");
        hasLosses = found.mayMissRecords();
        try {
            read(damaged);
        } finally {
            damaged.close();
        }
        writeMark();
        finish();
    }

    private void read(final Pages damaged) throws IOException {
        final Database[] source = new Database[1];
        attempt("anything", () -> source[0] = new Database(damaged, true));
        if (source[0] != null) {
            readRows(source[0]);
            states.keySet().forEach(this::settle);
        }
        write(source[0]);
    }

    /** MapDB gives rows as long as it finds them; damage of its structures ends that at any point. */
    private void readRows(final Database source) {
        attempt("all rows of groups", () -> source.groups().forEach((number, row) -> {
            if (number == MapDbStore.LOSSES) {
                hasLosses = true;
            } else {
                attempt("a row of a group", () -> states.put(number, GroupState.of(number, row)));
            }
        }));
        attempt("all rows of entries", () -> source.chunks().forEach(this::readChunk));
    }

    /** MapDB's code, run on what is no longer consistent, may stop with any of these. */
    private void attempt(final String what, final Runnable step) {
        try {
            step.run();
        } catch (final PageDamaged | DBException | IndexOutOfBoundsException | NullPointerException
                | ClassCastException | NegativeArraySizeException | IllegalArgumentException | AssertionError e) {
            hasLosses = true;
            health.log.line(true, "not " + what + " of the store could be read: " + e);
        }
    }

    private void readChunk(final long[] key, final byte[] row) {
        try {
            chunks.computeIfAbsent(key[0], any -> new TreeMap<>()).put(key[1], Chunk.of(key[0], key[1], row));
        } catch (final PageDamaged e) {
            hit.add(key[0]);
        }
    }

    /** Whether all rows of the group's entries were found. */
    private void settle(final long group) {
        long held = 0;
        for (final Chunk chunk : chunks.getOrDefault(group, new TreeMap<>()).values()) {
            held += chunk.held();
        }
        if (held != states.get(group).heldEntries) {
            hit.add(group);
        }
    }

    private void write(final Database source) throws IOException {
        final Pages pages = new Recovery(disk, config, health, tag).open(FOLDER);
        final Database target = new Database(pages, false);
        long ticket = 0;
        for (final GroupState state : states.values()) {
            copy(state, source, target);
            target.commit();
            pages.freeze(++ticket);
            pages.force(ticket);
        }
        if (hasLosses) {
            target.groups().put(MapDbStore.LOSSES, new byte[0]);
        }
        target.commit();
        pages.freeze(++ticket);
        pages.force(ticket);
        pages.settle();
        target.close();
        pages.close();
        if (hasLosses || !hit.isEmpty() || lostEntries > 0) {
            health.log.line(true, "carried over " + (states.size() - hit.size()) + " of " + states.size()
                    + " groups" + (hasLosses ? ", there may have been more" : "") + "; " + lostEntries
                    + " entries of them are lost");
        }
    }

    /** A group of which rows are missing keeps nothing but its ballot: what it had is fetched from its peers. */
    private void copy(final GroupState state, final Database source, final Database target) {
        state.hasForgotten |= hasLosses;
        final TreeMap<Long, Chunk> places = chunks.getOrDefault(state.id.value(), new TreeMap<>());
        if (!hit.contains(state.id.value()) && copyImage(state, source, target)) {
            copyEntries(state, places, source, target);
        } else {
            hit.add(state.id.value());
            state.hasForgotten = true;
            state.baseIndex = 0;
            state.baseTerm = 0;
            state.lastIndex = 0;
            state.checkpointRecord = 0;
            places.clear();
            health.log.line(true, "group " + state.id + " lost its log or its checkpoint; only its ballot is kept");
        }
        state.heldEntries = 0;
        for (final Chunk chunk : places.values()) {
            if (!chunk.isEmpty()) {
                state.heldEntries += chunk.held();
                target.chunks().put(new long[] {state.id.value(), chunk.number}, chunk.row(state.id.value()));
            }
        }
        target.groups().put(state.id.value(), state.row());
    }

    private boolean copyImage(final GroupState state, final Database source, final Database target) {
        if (state.checkpointRecord == 0) {
            return true;
        }
        final byte[] image = read(source, state.checkpointRecord);
        if (image == null || image.length < state.checkpointLength
                || GroupState.checksum(image, 0, state.checkpointLength) != state.checkpointChecksum) {
            return false;
        }
        state.checkpointRecord = target.put(image);
        return true;
    }

    /**
     * An entry that is lost from the history ends it there: the leader sends what follows. One that is only a record is
     * marked as lost, so that nobody takes it for freed.
     */
    private void copyEntries(final GroupState state, final TreeMap<Long, Chunk> places, final Database source,
            final Database target) {
        long end = Long.MAX_VALUE;
        for (final Chunk chunk : places.values()) {
            for (int slot = 0; slot < Chunk.LENGTH; slot++) {
                final long index = chunk.firstIndex() + slot;
                if (!chunk.isHeld(slot)) {
                    continue;
                }
                final byte[] bytes = index >= end || chunk.records[slot] == Chunk.LOST ? null
                        : read(source, chunk.records[slot]);
                final boolean isWhole = bytes != null && MapDbGroupLog.damageOf(ByteBuffer.wrap(bytes), state.id,
                        index, chunk.lengths[slot]) == null;
                if (isWhole) {
                    chunk.records[slot] = target.put(bytes);
                    continue;
                }
                lostEntries++;
                if (index > state.baseIndex) {
                    end = Math.min(end, index);
                    chunk.remove(slot);
                } else {
                    chunk.records[slot] = Chunk.LOST;
                }
            }
        }
        if (end <= state.lastIndex) {
            health.log.line(true, "group " + state.id + ": entries " + end + " to " + state.lastIndex
                    + " are lost with a damaged part of the store");
            state.lastIndex = end - 1;
            state.hasForgotten = true;
        }
    }

    private static byte[] read(final Database source, final long record) {
        try {
            return source.get(record);
        } catch (final PageDamaged | DBException | IndexOutOfBoundsException | NullPointerException
                | NegativeArraySizeException | AssertionError e) {
            return null; // counted and reported by whoever asked
        }
    }

    // ---- the mark

    private void writeMark() throws IOException {
        int number = 1;
        while (disk.exists(QUARANTINE + number + "/" + FILES[0]) || disk.exists(QUARANTINE + number + "/" + FILES[1])) {
            number++;
        }
        disk.forceFolder(FOLDER);
        try (DiskFile file = disk.open(MARK + ".tmp")) {
            file.write(ByteBuffer.wrap((QUARANTINE + number + "/\n").getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
        disk.move(MARK + ".tmp", MARK);
        disk.forceFolder(FOLDER);
        disk.forceFolder("");
    }

    private String readMark() throws IOException {
        try (DiskFile file = disk.open(MARK)) {
            final ByteBuffer text = ByteBuffer.allocate((int) Math.min(file.length(), 100));
            file.read(text, 0);
            final String line = new String(text.array(), StandardCharsets.UTF_8).trim();
            // A damaged mark must not send the files anywhere.
            return line.matches(QUARANTINE + "[0-9]{1,9}/") ? line : QUARANTINE + "unnamed/";
        }
    }
}
