package jetstream.testkit.tutorial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;
import jetstream.api.store.BallotStore;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreDirectory;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreUsage;
import jetstream.api.store.VerifyReport;

/**
 * A store in one file: every change is a record at its end, opening it does all changes again. It is right, small, and
 * never gives space back: read docs/tutorial-store.md beside it. Owner: the shard thread; {@link #force} the force
 * thread.
 */
final class OneFileStore implements Store, BallotStore, CheckpointStore {
    static final int OPEN = 1;
    static final int ENTRY = 2;
    static final int RESTORED = 3;
    static final int TRUNCATE = 4;
    static final int DISCARD = 5;
    static final int RESET = 6;
    static final int BALLOT = 7;
    static final int CHECKPOINT = 8;
    static final int DELETE = 9;

    /** What is known of a group, apart from its log. */
    private static final class Group {
        Ballot ballot = Ballot.NONE;
        OneFileLog log;
        long checkpointIndex;
        long checkpointTerm;
        long checkpointPosition;
    }

    private final StoreContext context;
    private final StoreDirectory claim;
    private final RecordFile file;
    private final Map<GroupId, Group> groups = new TreeMap<>();
    private final boolean hasLosses;
    private volatile StoreException.Failed failure;
    private volatile long liveBytes;
    private boolean isClosed;

    OneFileStore(final StoreContext context, final StoreDirectory claim) throws IOException {
        this.context = context;
        this.claim = claim;
        file = new RecordFile(context.directory().resolve("records"));
        final long cut = file.recover(this::replay);
        file.force();
        hasLosses = cut > 0;
        if (hasLosses) {
            context.log().line(true, context.directory() + ": the last " + cut + " bytes are no whole record; cut");
        }
    }

    // ---- records

    private void replay(final int type, final long number, final long index, final long term, final long position,
            final ByteBuffer body) {
        final GroupId id = new GroupId(number);
        switch (type) {
            case OPEN -> log(id);
            case ENTRY -> log(id).appended(index, term, position, body.remaining());
            case RESTORED -> log(id).restored(index, term, position, body.remaining());
            case TRUNCATE -> log(id).truncated(index);
            case DISCARD -> log(id).discarded(index);
            case RESET -> log(id).wasReset(index, term);
            case BALLOT -> group(id).ballot = new Ballot(term, index);
            case CHECKPOINT -> checkpoint(id, index, term, position);
            case DELETE -> forget(id);
            default -> throw new StoreException.Refused("record of unknown type " + type + " in "
                    + context.directory(), null);
        }
    }

    /** Writes a record; the caller then does what {@link #replay} would. */
    long write(final int type, final GroupId group, final long index, final long term, final ByteBuffer body) {
        check();
        try {
            return file.add(type, group.value(), index, term, body);
        } catch (final IOException e) {
            throw fail("write", e);
        }
    }

    long write(final int type, final GroupId group, final long index, final long term) {
        return write(type, group, index, term, ByteBuffer.allocate(0));
    }

    /** Reads a body, checked. */
    ByteBuffer read(final GroupId group, final long index, final long position) {
        try {
            final ByteBuffer body = file.bodyAt(position);
            if (body == null) {
                throw new StoreException.Corrupt("group " + group + ": index " + index + ": the record at position "
                        + position + " is damaged");
            }
            return body;
        } catch (final IOException e) {
            throw fail("read", e);
        }
    }

    void lives(final long bytes) {
        liveBytes += bytes;
    }

    private void check() {
        if (failure != null) {
            throw new StoreException.Failed(failure.getMessage(), failure);
        }
    }

    private StoreException.Failed fail(final String what, final IOException cause) {
        if (failure == null) {
            failure = new StoreException.Failed(what + " of " + context.directory() + " failed: " + cause, cause);
        }
        return failure;
    }

    // ---- groups

    private Group group(final GroupId id) {
        return groups.computeIfAbsent(id, any -> new Group());
    }

    private OneFileLog log(final GroupId id) {
        final Group group = group(id);
        if (group.log == null) {
            group.log = new OneFileLog(this, id);
        }
        return group.log;
    }

    @Override
    public GroupLog open(final GroupId id) {
        if (group(id).log == null) {
            write(OPEN, id, 0, 0);
        }
        return log(id);
    }

    @Override
    public Collection<GroupId> groups() {
        return List.copyOf(groups.keySet());
    }

    @Override
    public void delete(final GroupId id) {
        if (groups.containsKey(id)) {
            write(DELETE, id, 0, 0);
            forget(id);
        }
    }

    private void forget(final GroupId id) {
        final Group group = groups.remove(id);
        if (group != null && group.log != null) {
            group.log.wasReset(0, 0);
        }
    }

    // ---- ballots and checkpoints

    @Override
    public BallotStore ballots() {
        return this;
    }

    @Override
    public Ballot load(final GroupId id) {
        return groups.containsKey(id) ? groups.get(id).ballot : Ballot.NONE;
    }

    @Override
    public void save(final GroupId id, final Ballot ballot) {
        write(BALLOT, id, ballot.votedFor(), ballot.term());
        group(id).ballot = ballot;
    }

    @Override
    public CheckpointStore checkpoints() {
        return this;
    }

    @Override
    public Optional<Checkpoint> latest(final GroupId id) {
        final Group group = groups.get(id);
        if (group == null || group.checkpointPosition == 0) {
            return Optional.empty();
        }
        final ByteBuffer image = read(id, group.checkpointIndex, group.checkpointPosition);
        return Optional.of(new Checkpoint(group.checkpointIndex, group.checkpointTerm,
                image.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)));
    }

    @Override
    public CheckpointWriter begin(final GroupId id, final long index, final long term) {
        final ByteArrayOutputStream image = new ByteArrayOutputStream();
        return new CheckpointWriter() {
            @Override
            public void write(final ByteBuffer bytes) {
                while (bytes.hasRemaining()) {
                    image.write(bytes.get());
                }
            }

            @Override
            public void commit() {
                checkpoint(id, index, term, OneFileStore.this.write(CHECKPOINT, id, index, term,
                        ByteBuffer.wrap(image.toByteArray())));
            }

            @Override
            public void abort() {
                image.reset();
            }
        };
    }

    private void checkpoint(final GroupId id, final long index, final long term, final long position) {
        final Group group = group(id);
        group.checkpointIndex = index;
        group.checkpointTerm = term;
        group.checkpointPosition = position;
    }

    // ---- durability

    @Override
    public long ticket() {
        return file.end();
    }

    @Override
    public void force(final long ticket) {
        check();
        try {
            file.force();
        } catch (final IOException e) {
            throw fail("force", e);
        }
    }

    @Override
    public boolean mayHaveForgotten(final GroupId group) {
        return hasLosses;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (failure == null) {
                file.force();
            }
            file.close();
        } catch (final IOException e) {
            throw fail("close", e);
        } finally {
            claim.close();
        }
    }

    // ---- care

    @Override
    public StoreUsage usage() {
        final long live = liveBytes;
        return new StoreUsage(live, Math.max(live, file.end()));
    }

    /** Everything is read when the store is opened; a tutorial does not look again. */
    @Override
    public VerifyReport verify() {
        final List<String> damages = new ArrayList<>();
        if (hasLosses) {
            damages.add("the end of " + context.directory() + " was cut");
        }
        return new VerifyReport(0, damages);
    }

    @Override
    public boolean doWork(final long nowNs) {
        return false;
    }
}
