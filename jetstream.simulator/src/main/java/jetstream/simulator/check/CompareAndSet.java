package jetstream.simulator.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.simulator.load.Publish;
import jetstream.simulator.load.StreamHistory;

/**
 * Writes with conditions are linearizable. Every write that succeeds has a number, its sequence, in the only order
 * there is; so it is enough to look at that order: a state is followed up by one conditional write at most, numbers
 * grow with real time, and a refusal names a state that was the last one at some moment of the call.
 */
public final class CompareAndSet implements Checker {
    @Override
    public void judge(final Rest rest) {
        for (final StreamHistory history : rest.alive()) {
            onlyOneFollows(rest, history);
            orderIsRealTime(rest, history);
        }
    }

    private static void onlyOneFollows(final Rest rest, final StreamHistory history) {
        final Map<String, Publish> followers = new HashMap<>();
        for (final Publish publish : history.publishes()) {
            if (publish.outcome() != Publish.Outcome.STORED || publish.expectedLast() == Publish.NONE) {
                continue;
            }
            final String state =
                    (publish.isExpectedOfSubject() ? publish.subject() : "") + "@" + publish.expectedLast();
            final Publish other = followers.put(state, publish);
            if (other != null) {
                rest.fail().accept(history + ": both followed the same state: " + other + " and " + publish);
            }
            final boolean isInOrder = publish.isExpectedOfSubject() ? publish.seq() > publish.expectedLast()
                    : publish.seq() == publish.expectedLast() + 1;
            if (!isInOrder) {
                rest.fail().accept(history + ": stored although its condition did not hold: " + publish);
            }
        }
    }

    /** Per subject for refusals, over the whole stream for successes. */
    private static void orderIsRealTime(final Rest rest, final StreamHistory history) {
        final List<Publish> stored =
                history.publishes().stream().filter(p -> p.outcome() == Publish.Outcome.STORED).toList();
        for (final Publish early : stored) {
            for (final Publish late : history.publishes()) {
                if (early.answeredNs() >= late.invokedNs()) {
                    continue;                       // they overlap, or late was first
                }
                if (late.outcome() == Publish.Outcome.STORED && late.seq() < early.seq()) {
                    rest.fail().accept(history + ": sent after the other was answered, but stored before it: " + late
                            + ", other " + early);
                }
                final boolean sawOlder = late.observedLast() != Publish.NONE && late.observedLast() < early.seq()
                        && (!late.isExpectedOfSubject() || late.subject().equals(early.subject()));
                if (sawOlder) {
                    rest.fail().accept(history + ": refused because of " + late.observedLast()
                            + ", although a later one had been answered before: " + late + ", other " + early);
                }
            }
        }
    }
}
