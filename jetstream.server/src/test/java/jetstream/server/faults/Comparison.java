package jetstream.server.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import jetstream.server.acceptance.ServerNode;

/**
 * What was acknowledged against what each replica holds, and the replicas against each other, message by message.
 *
 * @param lost acknowledged, but on some replica missing or at another sequence; the worst replica counts
 * @param doubled message ids stored at two sequences; the worst replica counts
 * @param diverged sequences at which the replicas differ
 */
record Comparison(int lost, int doubled, int diverged, Set<Long> sequences) {
    private static final int TOLD = 5;

    static Comparison of(final List<ServerNode> nodes, final StreamLoad load, final Consumer<String> complain)
            throws InterruptedException {
        final List<TreeMap<Long, ReplicaReader.Stored>> replicas = new ArrayList<>();
        int lost = 0;
        int doubled = 0;
        for (final ServerNode node : nodes) {
            final TreeMap<Long, ReplicaReader.Stored> replica = new ReplicaReader(node, load.name()).read();
            replicas.add(replica);
            final Map<String, Long> byId = new HashMap<>();
            int twice = 0;
            for (final Map.Entry<Long, ReplicaReader.Stored> entry : replica.entrySet()) {
                twice += byId.put(entry.getValue().id(), entry.getKey()) == null ? 0 : 1;
            }
            doubled = Math.max(doubled, twice);
            lost = Math.max(lost, lost(node.name() + " " + load.name(), load.acked(), byId, complain));
        }
        return new Comparison(lost, doubled, diverged(load.name(), nodes, replicas, complain),
                replicas.getFirst().keySet());
    }

    private static int lost(final String where, final Map<String, Long> acked, final Map<String, Long> stored,
            final Consumer<String> complain) {
        int count = 0;
        for (final Map.Entry<String, Long> ack : acked.entrySet()) {
            final Long sequence = stored.get(ack.getKey());
            if (!ack.getValue().equals(sequence) && ++count <= TOLD) {
                complain.accept(where + ": " + ack.getKey() + " acknowledged at " + ack.getValue() + ", stored at "
                        + sequence);
            }
        }
        return count;
    }

    private static int diverged(final String stream, final List<ServerNode> nodes,
            final List<TreeMap<Long, ReplicaReader.Stored>> replicas, final Consumer<String> complain) {
        final Set<Long> all = new TreeSet<>();
        replicas.forEach(replica -> all.addAll(replica.keySet()));
        int count = 0;
        for (final long sequence : all) {
            final ReplicaReader.Stored first = replicas.getFirst().get(sequence);
            for (int i = 1; i < replicas.size(); i++) {
                final ReplicaReader.Stored other = replicas.get(i).get(sequence);
                if (first == null || !first.equals(other)) {
                    count++;
                    if (count <= TOLD) {
                        complain.accept(
                                stream + " " + sequence + ": " + nodes.getFirst().name() + " has " + first + ", "
                                        + nodes.get(i).name() + " has " + other);
                    }
                    break;
                }
            }
        }
        return count;
    }
}
