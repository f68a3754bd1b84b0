package jetstream.simulator.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jetstream.simulator.load.ConsumerHistory;
import jetstream.simulator.load.Publish;
import jetstream.simulator.load.StreamHistory;

/**
 * A consumer delivers every message at least once, until it is acknowledged, and no more often than it may; each
 * delivery has a number of its own; what was confirmed as acknowledged is not sent again.
 */
public final class DeliveryRules implements Checker {
    private long deliveries;

    /** Deliveries that were looked at. */
    public long deliveries() {
        return deliveries;
    }

    @Override
    public void judge(final Rest rest) {
        for (final StreamHistory history : rest.alive()) {
            if (history.consumer() != null) {
                each(rest, history, history.consumer());
                atLeastOnce(rest, history, history.consumer());
            }
        }
    }

    private void each(final Rest rest, final StreamHistory history, final ConsumerHistory consumer) {
        final Set<String> seen = new HashSet<>();
        final Map<Long, Long> idBySeq = new HashMap<>();
        for (final ConsumerHistory.Delivery delivery : consumer.deliveries()) {
            deliveries++;
            final String what = history + " > " + consumer.name() + ": " + delivery;
            if (history.publish(delivery.publishId()) == null) {
                rest.fail().accept(what + " was never sent to that stream");
            }
            final Long other = idBySeq.putIfAbsent(delivery.seq(), delivery.publishId());
            if (other != null && other != delivery.publishId()) {
                rest.fail().accept(what + " had m" + other + " under that sequence before");
            }
            // A lone replica delivers before the number is durable, as the reference does.
            if (!seen.add(delivery.seq() + "/" + delivery.count()) && history.replicas() > 1) {
                rest.fail().accept(what + " came twice");
            }
            if (consumer.deliveriesMax() > 0 && delivery.count() > consumer.deliveriesMax()) {
                rest.fail().accept(what + " is one too many, allowed are " + consumer.deliveriesMax());
            }
            if (delivery.sentNs() > consumer.confirmedNs(delivery.seq())) {
                rest.fail().accept(what + " was sent although its ack had been confirmed");
            }
        }
    }

    private static void atLeastOnce(final Rest rest, final StreamHistory history, final ConsumerHistory consumer) {
        final Set<Long> delivered = new HashSet<>();
        consumer.deliveries().forEach(delivery -> delivered.add(delivery.publishId()));
        for (final Publish publish : history.publishes()) {
            // With a limit of deliveries all of them may have been lost on their way.
            final boolean must = publish.outcome() == Publish.Outcome.STORED && consumer.deliveriesMax() < 0
                    && history.removals().stream().noneMatch(removal -> removal.mayCover(publish.seq()));
            if (must && !delivered.contains(publish.id())) {
                rest.fail().accept(history + " > " + consumer.name() + " never delivered " + publish);
            }
        }
    }
}
