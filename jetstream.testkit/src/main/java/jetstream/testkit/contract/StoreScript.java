package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Ballot;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.Store;

/**
 * A random run of everything that a store can do, the same for the same seed, beside a model of what must be there.
 * After a crash at any point {@link #checkRecovered} tells whether what is there is the state after some step that is
 * not older than the last force. Owner: one thread.
 */
public final class StoreScript {
    private static final long STEP_NS = 1_100_000_000;
    private static final int GROUPS = 4;

    private final Random random;
    /** The model after each single change since the last force, and the one that was forced first. */
    private final List<StoreModel> states = new ArrayList<>();
    private StoreModel model = new StoreModel();
    private long nextGroup = 1;
    private long nowNs = 1;
    private long term = 1;
    private boolean mayForce = true;

    /** A run that has not begun. */
    public StoreScript(final long seed) {
        random = new Random(seed);
        states.add(model.copy());
    }

    /**
     * Does that many steps. What the store throws passes through; the script may then be asked to check what is left.
     */
    public void run(final Store store, final int steps) {
        for (int step = 0; step < steps; step++) {
            nowNs += STEP_NS;
            step(store);
            if (random.nextInt(3) == 0) {
                store.doWork(nowNs);
            }
        }
    }

    /** The store holds exactly what the model holds. */
    public void checkNow(final Store store) {
        assertNull(model.difference(store));
        model.adoptCheckpoints(store, List.of(model));
    }

    /**
     * The store holds a state that is not older than the last force; the script goes on from there. Frees what that
     * state does not have live, as an engine does after a restart.
     */
    public void checkRecovered(final Store store) {
        final List<String> differences = new ArrayList<>();
        for (int i = states.size() - 1; i >= 0; i--) {
            final String difference = states.get(i).difference(store);
            if (difference == null) {
                model = states.get(i).copy();
                model.adoptCheckpoints(store, states.subList(0, i + 1));
                freeAgain(store);
                force(store);
                return;
            }
            differences.add((i - states.size() + 1) + ": " + difference);
        }
        fail("what was recovered is no state since the last force: " + differences);
    }

    /** Does that many steps, none of which is a force. */
    void runUnforced(final Store store, final int steps) {
        mayForce = false;
        run(store, steps);
        mayForce = true;
    }

    /** A script that is where this one is, to go on with another store. */
    StoreScript fork() {
        final StoreScript fork = new StoreScript(random.nextLong());
        fork.states.clear();
        states.forEach(state -> fork.states.add(state.copy()));
        fork.model = model.copy();
        fork.nextGroup = nextGroup;
        fork.nowNs = nowNs;
        fork.term = term;
        return fork;
    }

    /**
     * Looks at everything that the model has and counts what is not there any more; fails if anything is there with
     * other bytes. Groups that may have forgotten count for one.
     */
    public long countDamages(final Store store) {
        long damages = 0;
        for (final GroupId id : model.groups.keySet()) {
            damages += model.countDamages(store, id);
        }
        return damages;
    }

    private void step(final Store store) {
        final int dice = random.nextInt(100);
        if (dice < 40) {
            append(store);
        } else if (dice < 55 && mayForce) {
            force(store);
        } else if (dice < 60) {
            store.ticket();
        } else if (dice < 76) {
            free(store);
        } else if (dice < 82) {
            discard(store);
        } else if (dice < 86) {
            truncate(store);
        } else if (dice < 92) {
            vote(store);
        } else if (dice < 97) {
            checkpoint(store);
        } else if (dice < 99) {
            reset(store);
        } else {
            delete(store);
        }
    }

    private GroupId pick() {
        return GroupId.ofAssignment(nextGroup + random.nextInt(GROUPS), false);
    }

    private GroupLog open(final Store store, final GroupId id) {
        final StoreModel.Group group = known(id);
        if (!group.hasLog) {
            group.hasLog = true;
            remember();
        }
        return store.open(id);
    }

    private StoreModel.Group known(final GroupId id) {
        return model.groups.computeIfAbsent(id, any -> new StoreModel.Group());
    }

    private void append(final Store store) {
        final GroupId id = pick();
        final StoreModel.Group group = known(id);
        final int count = 1 + random.nextInt(8);
        term += random.nextInt(10) == 0 ? 1 : 0;
        final GroupLog log = open(store, id);
        final EntryBatch batch = TestEntries.batch(id, group.last + 1, count, term);
        for (int i = 0; i < count; i++) {
            group.last++;
            group.terms.put(group.last, term);
            group.live.add(group.last);
            remember();
        }
        log.append(batch);
    }

    private void truncate(final Store store) {
        final GroupId id = pick();
        final StoreModel.Group group = known(id);
        final GroupLog log = open(store, id);
        if (group.last > group.base) {
            final long from = group.base + 1 + random.nextInt((int) (group.last - group.base));
            group.terms.tailMap(from, true).clear();
            group.live.tailSet(from, true).clear();
            group.last = from - 1;
            term++;
            remember();
            log.truncateFrom(from);
        }
    }

    private void discard(final Store store) {
        final GroupId id = pick();
        final StoreModel.Group group = known(id);
        final GroupLog log = open(store, id);
        if (group.last > group.base) {
            final long through = group.base + 1 + random.nextInt((int) (group.last - group.base));
            group.baseTerm = group.terms.get(through);
            group.base = through;
            remember();
            log.discardHistory(through);
        }
    }

    private void free(final Store store) {
        final GroupId id = pick();
        final StoreModel.Group group = known(id);
        final GroupLog log = open(store, id);
        final long from = random.nextInt(5) == 0 ? 0 : random.nextLong(group.last + 2);
        final long through = from + random.nextInt(60);
        group.live.subSet(from, true, through, true).clear();
        remember();
        log.free(from, through);
    }

    private void vote(final Store store) {
        final GroupId id = pick();
        final Ballot ballot = new Ballot(++term, random.nextLong());
        known(id).ballot = ballot;
        remember();
        store.ballots().save(id, ballot);
    }

    private void checkpoint(final Store store) {
        final GroupId id = pick();
        final StoreModel.Group group = known(id);
        final long index = Math.max(group.last, group.checkpointIndex) + 1;
        final int length = random.nextInt(random.nextBoolean() ? 500 : 40_000);
        final CheckpointWriter writer = store.checkpoints().begin(id, index, term);
        writer.write(ByteBuffer.allocate(length));
        if (random.nextInt(5) == 0) {
            writer.abort();
            if (!group.hasLog && group.ballot.equals(Ballot.NONE) && group.checkpointIndex == 0) {
                model.groups.remove(id);
            }
            return;
        }
        group.checkpointIndex = index;
        group.checkpointLength = length;
        remember();
        writer.commit();
    }

    private void reset(final Store store) {
        final GroupId id = pick();
        final StoreModel.Group group = known(id);
        final GroupLog log = open(store, id);
        group.terms.clear();
        group.live.clear();
        group.last += 10 + random.nextInt(10);
        group.base = group.last;
        group.baseTerm = term;
        remember();
        log.reset(group.base, term);
        final long[] indexes = {group.base - 8, group.base - 3, group.base};
        for (final long index : indexes) {
            group.terms.put(index, term);
            group.live.add(index);
            remember();
        }
        log.restore(TestEntries.sparse(id, term, indexes));
    }

    private void delete(final Store store) {
        final GroupId id = GroupId.ofAssignment(nextGroup++, false);
        model.groups.remove(id);
        remember();
        store.delete(id);
    }

    /** Makes everything so far durable. */
    void force(final Store store) {
        store.force(store.ticket());
        states.clear();
        remember();
    }

    private void remember() {
        states.add(model.copy());
    }

    private void freeAgain(final Store store) {
        final EntryView view = new EntryView();
        model.groups.forEach((id, group) -> {
            for (long index = 1; group.hasLog && index <= group.last; index++) {
                if (!group.live.contains(index)) {
                    final GroupLog log = store.open(id);
                    log.free(index, index);
                    assertFalse(log.record(index, view));
                }
            }
        });
    }
}
