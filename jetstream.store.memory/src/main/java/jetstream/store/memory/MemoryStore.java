package jetstream.store.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.store.Ballot;
import jetstream.api.store.BallotStore;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreUsage;
import jetstream.api.store.VerifyReport;

/**
 * All groups of a node in the heap. A ticket counts changes; a force has nothing to do. Owner: the shard thread.
 */
final class MemoryStore implements Store, BallotStore {
    /** What is left to votes, acks and deletes when publishes are refused: a share of the bound, up to so much. */
    private static final long RESERVE_MAX_BYTES = 4 << 20;
    private static final int RESERVE_SHARE = 8;

    private final long maxBytes;
    private final long reserveBytes;
    private final Map<GroupId, MemoryGroupLog> logs = new HashMap<>();
    private final Map<GroupId, Ballot> ballots = new HashMap<>();
    private final MemoryCheckpoints checkpoints = new MemoryCheckpoints(this);
    private long changes;
    private volatile long occupiedBytes;
    private volatile long liveBytes;
    private boolean isClosed;

    MemoryStore(final long maxBytes) {
        this.maxBytes = maxBytes;
        reserveBytes = Math.min(maxBytes / RESERVE_SHARE, RESERVE_MAX_BYTES);
    }

    @Override
    public GroupLog open(final GroupId group) {
        checkOpen();
        MemoryGroupLog log = logs.get(group);
        if (log == null) {
            log = new MemoryGroupLog(this, group);
            logs.put(group, log);
            changed();
        }
        return log;
    }

    @Override
    public Collection<GroupId> groups() {
        final TreeSet<GroupId> all = new TreeSet<>(logs.keySet());
        all.addAll(ballots.keySet());
        all.addAll(checkpoints.groups());
        return all;
    }

    @Override
    public void delete(final GroupId group) {
        checkOpen();
        final MemoryGroupLog log = logs.remove(group);
        if (log != null) {
            log.drop();
        }
        ballots.remove(group);
        checkpoints.remove(group);
        changed();
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
        return ballots.getOrDefault(group, Ballot.NONE);
    }

    @Override
    public void save(final GroupId group, final Ballot ballot) {
        checkOpen();
        ballots.put(group, ballot);
        changed();
    }

    @Override
    public long ticket() {
        checkOpen();
        return changes;
    }

    @Override
    public void force(final long ticket) {
        // Memory is as durable as it gets: nothing to wait for.
    }

    @Override
    public StoreUsage usage() {
        final long occupied = occupiedBytes;
        return new StoreUsage(liveBytes, occupied,
                maxBytes == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, maxBytes - reserveBytes - occupied));
    }

    /** Memory is trusted: there is no medium that could have changed the bytes behind our back. */
    @Override
    public VerifyReport verify() {
        return new VerifyReport(0, List.of());
    }

    @Override
    public boolean doWork(final long nowNs) {
        return false;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            for (final MemoryGroupLog log : new ArrayList<>(logs.values())) {
                log.drop();
            }
        }
    }

    void changed() {
        changes++;
    }

    void checkOpen() {
        Invariant.check(!isClosed, "memory store used after close");
    }

    /** Refuses before anything is changed. {@code slabBytes} is what would have to be taken at the most. */
    void checkRoom(final long slabBytes, final GroupId group) {
        if (occupiedBytes + slabBytes > maxBytes) {
            throw new StoreException.Full("memory store is full: " + occupiedBytes + " of " + maxBytes
                    + " bytes are taken, group " + group + " wanted " + slabBytes + " more; nothing was appended",
                    null);
        }
    }

    void took(final long bytes) {
        occupiedBytes += bytes;
    }

    void lives(final long bytes) {
        liveBytes += bytes;
    }
}
