package jetstream.simulator.check;

import java.util.HashMap;
import java.util.Map;
import jetstream.simulator.load.Publish;
import jetstream.simulator.load.Stored;
import jetstream.simulator.load.StreamHistory;

/** Nothing is stored that nobody sent to that very stream; nothing twice that has a message id; nothing refused. */
public final class StoredWasSent implements Checker {
    @Override
    public void judge(final Rest rest) {
        for (final StreamHistory history : rest.alive()) {
            for (final Replica replica : rest.replicas(history)) {
                judge(rest, history, replica);
            }
        }
    }

    private static void judge(final Rest rest, final StreamHistory history, final Replica replica) {
        final Map<Long, Long> seqById = new HashMap<>();
        final String where = replica.node() + ": " + history + " has ";
        for (final Map.Entry<Long, Stored> message : replica.messages().entrySet()) {
            final Stored stored = message.getValue();
            final Publish publish = history.publish(stored.publishId());
            if (publish == null || !publish.subject().equals(stored.subject())) {
                rest.fail().accept(where + stored + " as " + message.getKey() + ", which nobody sent to it");
                continue;
            }
            if (publish.outcome() == Publish.Outcome.REFUSED) {
                rest.fail().accept(where + "what was refused as " + message.getKey() + ": " + publish);
            }
            final Long other = seqById.put(stored.publishId(), message.getKey());
            // The window of duplicates is measured in the leader's wall clock: one that is hours off ends it.
            final boolean mayBeTwice = publish.attempts() > 1 && (rest.hasJumped() || !publish.hasMsgId());
            if (other != null && !mayBeTwice) {
                rest.fail().accept(where + publish + " twice, as " + other + " and " + message.getKey());
            }
        }
    }
}
