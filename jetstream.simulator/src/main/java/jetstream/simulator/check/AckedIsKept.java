package jetstream.simulator.check;

import java.util.Map;
import jetstream.simulator.load.ConsumerHistory;
import jetstream.simulator.load.Publish;
import jetstream.simulator.load.Stored;
import jetstream.simulator.load.StreamHistory;
import jetstream.simulator.load.StreamKind;

/**
 * What a publisher was told to be stored is there, on every replica, under the sequence that it was told, unless a
 * newer message of its key, an ack of the queue's consumer, or a client's order took it away.
 */
public final class AckedIsKept implements Checker {
    private long acked;

    /** Messages that were acknowledged and looked for. */
    public long acked() {
        return acked;
    }

    @Override
    public void judge(final Rest rest) {
        for (final StreamHistory history : rest.alive()) {
            for (final Replica replica : rest.replicas(history)) {
                final Map<Long, Stored> stored = replica.messages();
                history.publishes().stream().filter(p -> p.outcome() == Publish.Outcome.STORED)
                        .forEach(publish -> judge(rest, history, replica, publish, stored));
            }
            acked += history.publishes().stream().filter(p -> p.outcome() == Publish.Outcome.STORED).count();
        }
    }

    private static void judge(final Rest rest, final StreamHistory history, final Replica replica,
            final Publish publish, final Map<Long, Stored> stored) {
        final Stored there = stored.get(publish.seq());
        if (there != null && there.publishId() != publish.id()) {
            rest.fail()
                    .accept(replica.node() + ": " + history + " has m" + there.publishId() + " under the sequence of "
                            + publish);
        }
        if (there == null && !mayBeGone(history, publish, stored)) {
            rest.fail().accept(replica.node() + ": " + history + " lost " + publish);
        }
        if (there != null && mustBeGone(history, publish)) {
            rest.fail().accept(replica.node() + ": " + history + " has " + publish + " again, which was removed");
        }
    }

    private static boolean mayBeGone(final StreamHistory history, final Publish publish,
            final Map<Long, Stored> stored) {
        if (history.kind() == StreamKind.KEYS) {
            return stored.entrySet().stream().anyMatch(
                    m -> m.getKey() > publish.seq() && m.getValue().subject().equals(publish.subject()));
        }
        if (history.kind() == StreamKind.QUEUE) {
            final ConsumerHistory consumer = history.consumer();
            return consumer.wasAckSent(publish.seq());
        }
        return history.removals().stream().anyMatch(removal -> removal.mayCover(publish.seq()));
    }

    private static boolean mustBeGone(final StreamHistory history, final Publish publish) {
        return history.removals().stream()
                .anyMatch(removal -> removal.mustCover(publish.seq(), publish.answeredNs()));
    }
}
