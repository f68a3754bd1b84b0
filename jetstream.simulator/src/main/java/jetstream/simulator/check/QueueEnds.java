package jetstream.simulator.check;

import jetstream.simulator.load.StreamHistory;
import jetstream.simulator.load.StreamKind;

/** A work queue whose consumer acknowledged everything is empty. */
public final class QueueEnds implements Checker {
    @Override
    public void judge(final Rest rest) {
        for (final StreamHistory history : rest.alive()) {
            if (history.kind() == StreamKind.QUEUE) {
                for (final Replica replica : rest.replicas(history)) {
                    final long left = replica.stream().engine().state().messages();
                    if (left > 0) {
                        rest.fail().accept(replica.node() + ": " + history + " still holds " + left + " messages: "
                                + replica.messages());
                    }
                }
            }
        }
    }
}
