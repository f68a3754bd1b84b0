package jetstream.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jetstream.api.store.Checkpoint;

/**
 * What a simulated node has on its disk: every change ever made, in order, and how many of them are durable. A crash
 * keeps the durable ones and a random number of those after them.
 */
public final class SimulatedDisk {
    private final List<StoreChange> changes = new ArrayList<>();
    private final SplittableRandom random;
    private int durable;
    private int boots;
    private boolean losesBallots;

    /** An empty disk. */
    public SimulatedDisk(final SplittableRandom random) {
        this.random = random;
    }

    /** Opens what is there. The store of an earlier opening must not be used any more. */
    public SimulatedStore open() {
        boots++;
        final SimulatedStore store = new SimulatedStore(this);
        for (final StoreChange change : changes) {
            store.redo(change);
        }
        return store;
    }

    /** The power goes: of what was not forced a prefix is kept, of any length. */
    public void crash() {
        final int unforced = changes.size() - durable;
        final int kept = durable + (unforced == 0 ? 0 : random.nextInt(unforced + 1));
        changes.subList(kept, changes.size()).clear();
        durable = kept;
        if (losesBallots) {
            changes.removeIf(change -> change instanceof StoreChange.BallotSaved);
            durable = changes.size();
        }
    }

    /** Everything is gone. */
    public void wipe() {
        changes.clear();
        durable = 0;
    }

    /** Whether nothing is on it. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * Whether every group's history continues its checkpoint: no replacement by an image is under way or was broken
     * off.
     */
    public boolean isWhole() {
        final SimulatedStore store = new SimulatedStore(this);
        changes.forEach(store::redo);
        return store.groups().stream().allMatch(group -> store.checkpoints().latest(group).map(Checkpoint::index)
                .orElse(0L) >= store.open(group).firstHistoryIndex() - 1);
    }

    /** How often it was opened. */
    public int boots() {
        return boots;
    }

    /** For tests of the simulator: saved ballots do not outlive a crash, forced or not. */
    public void loseBallots() {
        losesBallots = true;
    }

    void add(final StoreChange change) {
        changes.add(change);
    }

    int size() {
        return changes.size();
    }

    void force(final int through) {
        durable = Math.max(durable, Math.min(through, changes.size()));
    }
}
