package jetstream.testkit.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.BallotStore;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreUsage;
import jetstream.api.store.VerifyReport;

/** A store over a {@link SimulatedDisk}: every change is applied at once and durable only when forced. */
public final class SimulatedStore implements Store {
    private final SimulatedDisk disk;
    private final Map<GroupId, SimulatedLog> logs = new TreeMap<>();
    private final Map<GroupId, Ballot> ballots = new HashMap<>();
    private final Map<GroupId, Checkpoint> checkpoints = new HashMap<>();

    SimulatedStore(final SimulatedDisk disk) {
        this.disk = disk;
    }

    /** Applies a change that is on the disk already. */
    void redo(final StoreChange change) {
        switch (change) {
            case StoreChange.Appended c -> log(c.group()).doAppend(c.entries());
            case StoreChange.Truncated c -> log(c.group()).doTruncate(c.index());
            case StoreChange.HistoryDiscarded c -> log(c.group()).doDiscard(c.throughIndex());
            case StoreChange.Reset c -> log(c.group()).doReset(c.index(), c.term());
            case StoreChange.Restored c -> log(c.group()).doRestore(c.entries());
            case StoreChange.Damaged c -> log(c.group()).doDamage(c.index());
            case StoreChange.BallotSaved c -> ballots.put(c.group(), c.ballot());
            case StoreChange.CheckpointTaken c -> checkpoints.put(c.group(), c.checkpoint());
            case StoreChange.Deleted c -> forget(c.group());
        }
    }

    void change(final StoreChange change) {
        disk.add(change);
        redo(change);
    }

    /** The medium flips a bit in the entry at that index: reading it fails until it is written again. */
    public void damage(final GroupId group, final long index) {
        change(new StoreChange.Damaged(group, index));
    }

    @Override
    public GroupLog open(final GroupId group) {
        return log(group);
    }

    @Override
    public Collection<GroupId> groups() {
        final TreeSet<GroupId> all = new TreeSet<>(logs.keySet());
        all.addAll(ballots.keySet());
        all.addAll(checkpoints.keySet());
        return all;
    }

    @Override
    public void delete(final GroupId group) {
        change(new StoreChange.Deleted(group));
    }

    @Override
    public BallotStore ballots() {
        return new BallotStore() {
            @Override
            public Ballot load(final GroupId group) {
                return ballots.getOrDefault(group, Ballot.NONE);
            }

            @Override
            public void save(final GroupId group, final Ballot ballot) {
                change(new StoreChange.BallotSaved(group, ballot));
            }
        };
    }

    @Override
    public CheckpointStore checkpoints() {
        return new CheckpointStore() {
            @Override
            public Optional<Checkpoint> latest(final GroupId group) {
                return Optional.ofNullable(checkpoints.get(group));
            }

            @Override
            public CheckpointWriter begin(final GroupId group, final long index, final long term) {
                return new Image(group, index, term);
            }
        };
    }

    @Override
    public long ticket() {
        return disk.size();
    }

    @Override
    public void force(final long ticket) {
        disk.force((int) ticket);
    }

    @Override
    public StoreUsage usage() {
        final long live = logs.values().stream().mapToLong(GroupLog::liveBytes).sum();
        return new StoreUsage(live, live);
    }

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
        disk.force(disk.size());
    }

    private SimulatedLog log(final GroupId group) {
        return logs.computeIfAbsent(group, id -> new SimulatedLog(this, id));
    }

    private void forget(final GroupId group) {
        logs.remove(group);
        ballots.remove(group);
        checkpoints.remove(group);
    }

    /** An image being written. */
    private final class Image implements CheckpointWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final GroupId group;
        private final long index;
        private final long term;

        Image(final GroupId group, final long index, final long term) {
            this.group = group;
            this.index = index;
            this.term = term;
        }

        @Override
        public void write(final ByteBuffer source) {
            while (source.hasRemaining()) {
                bytes.write(source.get());
            }
        }

        @Override
        public void commit() {
            final ByteBuffer image =
                    ByteBuffer.wrap(bytes.toByteArray()).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
            change(new StoreChange.CheckpointTaken(group, new Checkpoint(index, term, image)));
        }

        @Override
        public void abort() {
            bytes.reset();
        }
    }
}
