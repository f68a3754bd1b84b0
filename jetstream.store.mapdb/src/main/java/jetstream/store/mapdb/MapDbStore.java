package jetstream.store.mapdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.BallotStore;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreUsage;
import jetstream.api.store.VerifyReport;
import org.mapdb.DBException;

/**
 * All groups of a node in one MapDB file. The shard thread alone changes MapDB, page by page in the heap; a ticket
 * commits and freezes what was changed, and the force thread makes that durable ({@link Pages}). So a force never waits
 * for MapDB, nor MapDB for a force, and what is recovered is the state at a ticket.
 *
 * <p>Owner: the shard thread; {@link #force} the force thread. The monitor of this object keeps {@link #verify}, on
 * any thread, out of a change; nobody waits for the medium while holding it, except to read a page.
 */
final class MapDbStore implements Store, BallotStore {
    static final String NAME = "mapdb";
    static final int FORMAT = 1;
    /** Row of {@link Database#groups} that is there if damage took groups of which nothing is known. */
    static final long LOSSES = 0;

    private static final long ROOM_STEP_BYTES = 8 << 20;
    private static final long RESERVE_MAX_BYTES = 4 << 20;
    private static final int RESERVE_SHARE = 8;

    private record Group(GroupState state, EntryTable entries, MapDbGroupLog log) {
    }

    private final MapDbConfig config;
    private final Disk disk;
    private final StoreHealth health;
    private final Runnable claim;
    private final Pages pages;
    private final Database database;
    private final MapDbCheckpoints checkpoints = new MapDbCheckpoints(this);
    private final Map<GroupId, Group> groups = new TreeMap<>();
    private final Set<GroupState> dirty = new LinkedHashSet<>();
    private final boolean hasLosses;
    private boolean isChanged;
    private boolean isClosed;
    private long ticket;
    private long roomBytes;
    private volatile long heldBytes;
    private volatile long liveBytes;

    /** A store on pages that were recovered and are whole; gives up the claim with itself. */
    MapDbStore(final MapDbConfig config, final Disk disk, final StoreHealth health, final Pages pages,
            final Runnable claim) {
        this.config = config;
        this.disk = disk;
        this.health = health;
        this.pages = pages;
        this.claim = claim;
        final boolean exists = pages.pageCount() > 0;
        database = new Database(pages, exists);
        hasLosses = database.groups().containsKey(LOSSES);
        isChanged = !exists;
        load();
    }

    /** Reads all rows. */
    private void load() {
        database.groups().forEach((number, row) -> {
            if (number != LOSSES) {
                add(GroupState.of(number, row));
            }
        });
        database.chunks().forEach((key, row) -> {
            final Chunk chunk = Chunk.of(key[0], key[1], row);
            groups.get(new GroupId(key[0])).entries.recovered(chunk);
        });
        for (final Group group : groups.values()) {
            check(group);
            liveBytes += group.entries.liveBytes();
            heldBytes += group.entries.heldBytes();
        }
    }

    /** Rows of one group are written by one ticket: they are of one time, or the medium has mixed times up. */
    private static void check(final Group group) {
        final GroupState state = group.state;
        boolean isWhole = group.entries.heldEntries() == state.heldEntries;
        for (long index = state.baseIndex + 1; isWhole && index <= state.lastIndex; index++) {
            final Chunk chunk = group.entries.find(index);
            isWhole = chunk != null && chunk.isHeld(Chunk.slotOf(index));
        }
        if (!isWhole) {
            throw new PageDamaged("group " + state.id + " should have " + state.heldEntries + " entries, and has "
                    + group.entries.heldEntries() + " with its history from " + (state.baseIndex + 1) + " to "
                    + state.lastIndex);
        }
    }

    private Group add(final GroupState state) {
        final EntryTable entries = new EntryTable();
        final Group group = new Group(state, entries, new MapDbGroupLog(this, state, entries));
        groups.put(state.id, group);
        return group;
    }

    @Override
    public GroupLog open(final GroupId group) {
        final GroupState state = group(group);
        if (!state.hasLog) {
            health.check();
            state.hasLog = true;
            changed(state);
        }
        return groups.get(group).log;
    }

    @Override
    public Collection<GroupId> groups() {
        final List<GroupId> known = new ArrayList<>();
        groups.forEach((id, group) -> {
            if (group.state.isKnown()) {
                known.add(id);
            }
        });
        return known;
    }

    @Override
    public synchronized void delete(final GroupId group) {
        final Group known = groups.get(group);
        if (known == null) {
            return;
        }
        health.check();
        known.log.releaseAll();
        removeRows(known);
        change(on -> {
            if (known.state.checkpointRecord != 0) {
                on.delete(known.state.checkpointRecord);
            }
            on.groups().remove(group.value());
            return 0L;
        });
        dirty.remove(known.state);
        groups.remove(group);
        isChanged = true;
    }

    @Override
    public BallotStore ballots() {
        return this;
    }

    @Override
    public CheckpointStore checkpoints() {
        return checkpoints;
    }

    @Override
    public Ballot load(final GroupId group) {
        final GroupState state = stateOf(group);
        return state == null ? Ballot.NONE : state.ballot;
    }

    @Override
    public void save(final GroupId group, final Ballot ballot) {
        health.check();
        final GroupState state = group(group);
        state.ballot = ballot;
        // Whoever votes has been told of the loss, and has made it part of the ballot if it matters.
        state.hasForgotten = false;
        changed(state);
    }

    @Override
    public synchronized long ticket() {
        if (!isChanged || health.isFailed()) {
            return ticket;
        }
        for (final GroupState state : dirty) {
            final Group group = groups.get(state.id);
            state.heldEntries = group.entries.heldEntries();
            state.isDirty = false;
            writeRows(group);
            change(on -> {
                on.groups().put(state.id.value(), state.row());
                return 0L;
            });
        }
        dirty.clear();
        change(on -> {
            on.commit();
            return 0L;
        });
        isChanged = false;
        pages.freeze(++ticket);
        return ticket;
    }

    private void writeRows(final Group group) {
        final long id = group.state.id.value();
        for (final Chunk chunk : group.entries.takeDirty()) {
            change(on -> {
                final long[] key = {id, chunk.number};
                if (chunk.isEmpty()) {
                    on.chunks().remove(key);
                } else {
                    on.chunks().put(key, chunk.row(id));
                }
                return 0L;
            });
        }
    }

    private void removeRows(final Group group) {
        for (final Chunk chunk : group.entries.takeDirty()) {
            change(on -> {
                on.chunks().remove(new long[] {group.state.id.value(), chunk.number});
                return 0L;
            });
        }
    }

    @Override
    public void force(final long upTo) {
        pages.force(upTo);
    }

    @Override
    public StoreUsage usage() {
        final long live = liveBytes;
        return new StoreUsage(live, Math.max(live, pages.occupiedBytes()), publishRoom());
    }

    @Override
    public VerifyReport verify() {
        return new Verification(this, pages).run();
    }

    /** MapDB has no background work, and a file does not shrink while it is open. */
    @Override
    public boolean doWork(final long nowNs) {
        return false;
    }

    @Override
    public boolean mayHaveForgotten(final GroupId group) {
        final GroupState state = stateOf(group);
        return state == null ? hasLosses : state.mayHaveForgotten;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (!health.isFailed()) {
                force(ticket());
                pages.settle();
                database.close();
            }
        } catch (final IOException e) {
            throw health.fail("force of the main file", e);
        } finally {
            closeFiles();
        }
    }

    private void closeFiles() {
        health.close();
        try {
            pages.close();
        } catch (final IOException e) {
            health.log.line(true, "closing the store: " + e.getMessage());
        }
        claim.run();
    }

    // ---- for log, checkpoints and verification

    StoreHealth health() {
        return health;
    }

    MapDbCheckpoints images() {
        return checkpoints;
    }

    void checkHealth() {
        health.check();
    }

    /** The group's state; null if nothing is known of it. */
    GroupState stateOf(final GroupId group) {
        final Group known = groups.get(group);
        return known == null ? null : known.state;
    }

    /** The group's state, made if it is not known. */
    synchronized GroupState group(final GroupId group) {
        final Group known = groups.get(group);
        if (known != null) {
            return known.state;
        }
        final GroupState state = new GroupState(group);
        state.hasForgotten = hasLosses;
        state.mayHaveForgotten = hasLosses;
        return add(state).state;
    }

    /** Held entries of a group, null if it is gone. */
    EntryTable entriesOf(final GroupId group) {
        final Group known = groups.get(group);
        return known == null ? null : known.entries;
    }

    MapDbGroupLog logOf(final GroupId group) {
        return groups.get(group).log;
    }

    /** The row of the group is to be written with the next ticket. */
    synchronized void changed(final GroupState state) {
        isChanged = true;
        if (!state.isDirty) {
            state.isDirty = true;
            dirty.add(state);
        }
    }

    /** Changes MapDB. If that ends half-way its structures are not to be trusted: nothing is committed any more. */
    long change(final ToLongFunction<Database> what) {
        health.check();
        boolean isDone = false;
        try {
            final long result = what.applyAsLong(database);
            isDone = true;
            return result;
        } catch (final PageDamaged | DBException | IndexOutOfBoundsException e) {
            throw health.fail("change of " + PageFile.NAME, e);
        } finally {
            if (!isDone && !health.isFailed()) {
                health.fail("change of " + PageFile.NAME, new IOException("MapDB stopped half-way"));
            }
        }
    }

    /**
     * Reads a record of MapDB.
     *
     * @throws PageDamaged if it can not be read
     */
    byte[] read(final long record) {
        try {
            final byte[] bytes = database.get(record);
            if (bytes != null) {
                return bytes;
            }
        } catch (final DBException | IndexOutOfBoundsException | NegativeArraySizeException | AssertionError e) {
            throw new PageDamaged("record " + record + " of " + PageFile.NAME + " can not be read: " + e);
        }
        throw new PageDamaged("record " + record + " of " + PageFile.NAME + " is not there");
    }

    void holds(final long bytes) {
        heldBytes += bytes;
    }

    void lives(final long bytes) {
        liveBytes += bytes;
    }

    /** Refuses before anything is changed. Asks the medium once in a while, keeping a reserve. */
    void checkRoom(final long bytes, final GroupId group) {
        health.check();
        if (heldBytes + bytes > config.maxBytes()) {
            throw new StoreException.Full("no room for " + bytes + " bytes of group " + group + ": " + heldBytes
                    + " of " + config.maxBytes() + " bytes are taken; nothing was appended", null);
        }
        if (bytes > roomBytes) {
            roomBytes = Math.min(roomNow(), ROOM_STEP_BYTES + bytes);
        }
        if (bytes > roomBytes) {
            roomBytes = 0;
            throw new StoreException.Full("no room for " + bytes + " bytes of group " + group + ": the medium has less"
                    + " than that besides the " + config.minFreeBytes() + " bytes that are left alone; nothing was"
                    + " appended", null);
        }
        roomBytes -= bytes;
    }

    /** Asked for once in a while only; what appends leave alone is what votes, acks and deletes still find. */
    private long publishRoom() {
        final long byBound = config.maxBytes() == Long.MAX_VALUE ? Long.MAX_VALUE
                : config.maxBytes() - Math.min(config.maxBytes() / RESERVE_SHARE, RESERVE_MAX_BYTES) - heldBytes;
        try {
            final long byMedium = (disk.usableBytes() - config.minFreeBytes()) / 2 - ROOM_STEP_BYTES;
            return Math.max(0, Math.min(byBound, byMedium));
        } catch (final IOException e) {
            return 0; // the next append meets it, and says so
        }
    }

    /** Every byte may be written twice, to the journal and to the main file. */
    private long roomNow() {
        try {
            return (disk.usableBytes() - config.minFreeBytes()) / 2 - pages.waitingBytes();
        } catch (final IOException e) {
            throw health.fail("asking the medium for its room", e);
        }
    }
}
