package jetstream.simulator.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import jetstream.engine.shard.StreamReplica;
import jetstream.simulator.load.StreamHistory;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;

/**
 * What is there when a run has come to rest.
 *
 * @param world the nodes
 * @param streams all incarnations of streams
 * @param hasJumped whether a wall clock jumped by hours
 * @param fail takes what is wrong
 */
public record Rest(World world, List<StreamHistory> streams, boolean hasJumped, Consumer<String> fail) {
    /** Replicas of an incarnation on all nodes. */
    public List<Replica> replicas(final StreamHistory history) {
        final List<Replica> found = new ArrayList<>();
        for (final WholeNode node : world.nodes()) {
            final StreamReplica stream = node.isUp() ? node.process().stream(history.name()) : null;
            if (stream != null && history.isOf(stream)) {
                found.add(new Replica(node, stream));
            }
        }
        return found;
    }

    /** Streams that are there, and that nobody wanted to be deleted. */
    public List<StreamHistory> alive() {
        return streams.stream().filter(StreamHistory::isAlive).toList();
    }
}
