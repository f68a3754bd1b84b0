package jetstream.engine.consumer;

import java.time.Instant;
import jetstream.engine.stream.StreamReader;

/** Where a new consumer starts (spec/consumers.md section 3); computed once, by its first leader. */
final class StartPosition {
    private StartPosition() {
    }

    /** First stream sequence to look at. */
    static long firstSeq(final ConsumerRules rules, final StreamReader stream) {
        final long firstSeq = Math.max(1, stream.firstSeq());
        return switch (rules.config.deliverPolicy()) {
            case ALL -> firstSeq;
            case LAST -> {
                final long last = stream.last(rules.filter);
                yield last == 0 ? stream.lastSeq() + 1 : last;
            }
            case NEW, LAST_PER_SUBJECT -> stream.lastSeq() + 1;
            case BY_START_SEQUENCE -> Math.max(firstSeq, rules.config.optStartSeq());
            case BY_START_TIME -> Math.max(firstSeq, stream.seqAtTime(epochNs(rules.config.optStartTime())));
        };
    }

    private static long epochNs(final Instant time) {
        return time == null ? 0 : time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }
}
