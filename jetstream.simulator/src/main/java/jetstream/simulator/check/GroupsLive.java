package jetstream.simulator.check;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import jetstream.simulator.world.WholeNode;

/** No member stops for an error of ours; one whose disk is not intact may, for a reason of its store. */
public final class GroupsLive implements Checker {
    private final Consumer<String> fail;
    private final Set<WholeNode> excused = new HashSet<>();

    /** Watches; reports to that. */
    public GroupsLive(final Consumer<String> fail) {
        this.fail = fail;
    }

    /** That node's disk is not intact. */
    public void excuse(final WholeNode node) {
        excused.add(node);
    }

    @Override
    public void onGroupStopped(final WholeNode node, final String line) {
        if (!excused.contains(node) || !line.contains("StoreException")) {
            fail.accept(node + ": a group stopped: " + line);
        }
    }
}
