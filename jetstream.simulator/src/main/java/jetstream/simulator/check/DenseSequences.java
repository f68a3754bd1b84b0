package jetstream.simulator.check;

import java.util.List;
import java.util.TreeMap;
import jetstream.simulator.load.Stored;
import jetstream.simulator.load.StreamHistory;

/** All replicas hold the same messages; a stream that keeps everything has no gap between 1 and its last sequence. */
public final class DenseSequences implements Checker {
    @Override
    public void judge(final Rest rest) {
        for (final StreamHistory history : rest.alive()) {
            final List<Replica> replicas = rest.replicas(history);
            if (replicas.size() != history.replicas()) {
                rest.fail().accept(history + " has " + replicas.size() + " replicas instead of " + history.replicas());
            }
            TreeMap<Long, Stored> first = null;
            for (final Replica replica : replicas) {
                final TreeMap<Long, Stored> messages = replica.messages();
                judge(rest, history, replica, messages);
                if (first != null && !first.equals(messages)) {
                    rest.fail().accept(replica.node() + ": " + history + " differs from its other replicas");
                }
                first = messages;
            }
        }
    }

    private static void judge(final Rest rest, final StreamHistory history, final Replica replica,
            final TreeMap<Long, Stored> messages) {
        final long lastSeq = replica.stream().engine().lastSeq();
        final boolean isWhole = history.kind().isWholeWithout(!history.removals().isEmpty());
        if (isWhole && messages.size() != lastSeq) {
            rest.fail().accept(replica.node() + ": " + history + " has " + messages.size()
                    + " messages, its last sequence is " + lastSeq);
        }
        if (!messages.isEmpty() && messages.lastKey() > lastSeq) {
            rest.fail().accept(replica.node() + ": " + history + " has a message behind its last sequence");
        }
    }
}
