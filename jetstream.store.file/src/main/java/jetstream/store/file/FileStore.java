package jetstream.store.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.BallotStore;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreUsage;
import jetstream.api.store.VerifyReport;

/**
 * One log for all groups of a node, in segment files. Owner: the shard thread; {@link #force} the force thread.
 *
 * <p>Invariants:
 * <ol>
 * <li>I1: blocks are written in log order, each once; bytes before the end of the log never change.</li>
 * <li>I2: of two records about the same thing the one further on in the log is right. What moves moves to the end.</li>
 * <li>I3: a segment file is overwritten only after everything that made it dispensable was forced.</li>
 * <li>I4: what lies before the highest forced position that an intact block names was durable, and is never cut.</li>
 * </ol>
 */
final class FileStore implements Store, BallotStore {
    static final String NAME = "file";
    static final int FORMAT = SegmentRoll.FORMAT;

    private static final long CARE_INTERVAL_NS = 10_000_000;
    private static final long MARK_DELAY_NS = 1_000_000_000;

    private final FileStoreConfig config;
    private final Disk disk;
    private final long tag;
    private final StoreHealth health;
    private final Housekeeper housekeeper;
    private final SegmentTable segments = new SegmentTable();
    private final SegmentSetup setup;
    private final SegmentPool pool;
    private final FileCheckpoints checkpoints;
    private final ForcedMark mark;
    private final Forcer forcer;
    private final LogWriter writer;
    private final SegmentRecycler recycler;
    private final SegmentIndexer indexer;
    private final Cleaner cleaner;
    private final Compressor compressor;
    private final Scrubber scrubber;
    private final DamageFinder damageFinder;
    private final Room room;
    private final StoreCounts counts = new StoreCounts();
    private final Map<Long, FileGroup> groups = new HashMap<>();
    private long nextCareNs;
    private long nextMarkNs;
    private boolean hasLosses;
    private boolean isClosed;

    private FileStore(final FileStoreConfig config, final Disk disk, final long tag, final StoreHealth health,
            final Housekeeper housekeeper, final DataKeys keys) {
        this.config = config;
        this.disk = disk;
        this.tag = tag;
        this.health = health;
        this.housekeeper = housekeeper;
        setup = new SegmentSetup(tag, keys, new WindowCache());
        pool = new SegmentPool(disk, config, health, housekeeper);
        checkpoints = new FileCheckpoints(this, disk, health, tag, keys);
        mark = new ForcedMark(disk, tag);
        forcer = new Forcer(pool, checkpoints, mark, health);
        writer = new LogWriter(segments, pool, forcer, health, setup);
        recycler = new SegmentRecycler(this, segments, pool, forcer);
        indexer = new SegmentIndexer(this, disk, tag, housekeeper);
        cleaner = new Cleaner(this, config, writer);
        compressor = new Compressor(this, config, disk, setup, housekeeper);
        scrubber = new Scrubber(this, config, tag, housekeeper);
        damageFinder = new DamageFinder(this, health.damage);
        room = new Room(config, disk, segments, pool, health);
    }

    /**
     * Opens what is there. The housekeeper is closed with the store, and with it the claim on the directory; also if
     * this fails.
     */
    static FileStore open(final FileStoreConfig config, final Disk disk, final long tag, final StoreHealth health,
            final Housekeeper housekeeper) throws IOException {
        DataKeys keys = null;
        boolean hasKeys = false;
        try {
            keys = new KeyFile(disk, config.keys(), health).open();
            hasKeys = true;
        } finally {
            if (!hasKeys) {
                housekeeper.close();
            }
        }
        final FileStore store = new FileStore(config, disk, tag, health, housekeeper, keys);
        store.recover();
        return store;
    }

    private void recover() throws IOException {
        boolean isRecovered = false;
        try {
            final LogScan scan = new LogScan(disk, setup, health, mark.read());
            scan.run();
            new Recovery(this, scan, tag).run();
            isRecovered = true;
        } finally {
            if (!isRecovered) {
                isClosed = true;
                closeFiles();
            }
        }
    }

    @Override
    public GroupLog open(final GroupId group) {
        final FileGroup opened = group(group);
        if (opened.log == null) {
            health.check();
            if (!opened.state.hasLog) {
                opened.state.hasLog = true;
                opened.state.write(writer, group.value());
            }
            opened.log = new FileGroupLog(this, group, opened.state, opened.entries);
            opened.log.recoverTerms();
        }
        return opened.log;
    }

    @Override
    public Collection<GroupId> groups() {
        final List<GroupId> known = new ArrayList<>();
        for (final FileGroup group : groups.values()) {
            if (group.isKnown()) {
                known.add(group.id);
            }
        }
        return known;
    }

    @Override
    public void delete(final GroupId group) {
        final FileGroup known = groups.get(group.value());
        if (known == null) {
            return;
        }
        health.check();
        final long position = writer.control(RecordType.DELETE, group.value(), writer.current().seq, 0);
        recycler.deleted(group.value(), position, Position.segmentSeq(position));
        known.entries.releaseAll(0, Long.MAX_VALUE);
        checkpoints.drop(group, position);
        groups.remove(group.value());
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
        final FileGroup known = groups.get(group.value());
        return known == null ? Ballot.NONE : known.state.ballot;
    }

    @Override
    public void save(final GroupId group, final Ballot ballot) {
        health.check();
        writer.control(RecordType.BALLOT, group.value(), ballot.votedFor(), ballot.term());
        group(group).state.ballot = ballot;
    }

    @Override
    public long ticket() {
        return writer.ticket();
    }

    @Override
    public void force(final long ticket) {
        forcer.force(ticket);
    }

    @Override
    public StoreUsage usage() {
        long occupied = pool.spareBytes();
        for (final Segment segment : segments.snapshot()) {
            occupied += segment.storedEnd > 0 ? segment.storedEnd : Math.max(segment.end, segment.reserved);
        }
        return new StoreUsage(counts.liveBytes(), Math.max(occupied, counts.liveBytes()), room.forPublishes());
    }

    @Override
    public VerifyReport verify() {
        return new Verification(segments, checkpoints, tag).run();
    }

    @Override
    public boolean doWork(final long nowNs) {
        if (nowNs - nextCareNs < 0 || health.isFailed() || isClosed) {
            return false;
        }
        nextCareNs = nowNs + CARE_INTERVAL_NS;
        room.refresh(nowNs);
        final boolean hasWorked = recycler.doWork() | indexer.doWork(nowNs) | cleaner.doWork(nowNs)
                | compressor.doWork(nowNs) | scrubber.doWork(nowNs) | damageFinder.doWork();
        if (nowNs - nextMarkNs < 0) {
            return hasWorked;
        }
        nextMarkNs = nowNs + MARK_DELAY_NS;
        return writer.mark(false) | hasWorked;
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
                if (writer.mark(true)) {
                    writer.current().file.force();
                }
            }
        } catch (final IOException e) {
            throw health.fail("force of " + writer.current().name, e);
        } finally {
            closeFiles();
        }
    }

    @Override
    public boolean mayHaveForgotten(final GroupId group) {
        final FileGroup known = groups.get(group.value());
        return known == null ? hasLosses : known.state.mayHaveForgotten;
    }

    /** Recovery found that something is gone. */
    void foundLosses() {
        hasLosses = true;
    }

    FileStoreConfig config() {
        return config;
    }

    StoreHealth health() {
        return health;
    }

    LogWriter writer() {
        return writer;
    }

    SegmentTable segments() {
        return segments;
    }

    SegmentPool pool() {
        return pool;
    }

    Forcer forcer() {
        return forcer;
    }

    SegmentRecycler recycler() {
        return recycler;
    }

    FileCheckpoints checkpointFiles() {
        return checkpoints;
    }

    Collection<FileGroup> allGroups() {
        return groups.values();
    }

    void checkHealth() {
        health.check();
    }

    /** The segment of a position that something in use refers to. */
    Segment segment(final long position) {
        return segments.get(Position.segmentSeq(position));
    }

    /** The group, made if it is not known. */
    FileGroup group(final GroupId id) {
        FileGroup group = groups.get(id.value());
        if (group == null) {
            group = new FileGroup(id, new GroupEntries(id.value(), segments, counts));
            groups.put(id.value(), group);
        }
        return group;
    }

    FileGroup find(final GroupId id) {
        return groups.get(id.value());
    }

    FileGroup find(final long group) {
        return groups.get(group);
    }

    void forget(final long group) {
        groups.remove(group);
    }

    /**
     * Refuses an append before anything of it is done, if there is no room for it, and has the room ready.
     */
    void checkRoom(final long bytes, final GroupId group) {
        health.check();
        if (bytes > writer.roomReserved() || config.maxBytes() != Long.MAX_VALUE) {
            room.check(bytes, group);
        }
        writer.prepare(bytes);
    }

    /** Whether so many bytes of the store's own can be appended now; if not, its care waits. */
    boolean canAppend(final long bytes) {
        try {
            writer.prepare(bytes);
            return true;
        } catch (final StoreException.Full e) {
            return false;
        }
    }

    Cleaner cleaner() {
        return cleaner;
    }

    Compressor compressor() {
        return compressor;
    }

    Scrubber scrubber() {
        return scrubber;
    }

    DamageFinder damageFinder() {
        return damageFinder;
    }

    Room room() {
        return room;
    }

    private void closeFiles() {
        health.close();
        housekeeper.stop();
        try {
            for (final Segment segment : segments.snapshot()) {
                segment.file.close();
            }
            mark.close();
            pool.close();
            housekeeper.close();
        } catch (final IOException e) {
            health.log.line(true, "closing the store: " + e.getMessage());
        }
    }
}
