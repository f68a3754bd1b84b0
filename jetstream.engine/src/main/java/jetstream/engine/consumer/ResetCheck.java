package jetstream.engine.consumer;

import java.time.Instant;
import jetstream.engine.stream.StreamReader;
import jetstream.engine.subject.FilterSet;

/** Which resets a consumer takes (spec/consumers.md section 9). */
final class ResetCheck {
    private ResetCheck() {
    }

    /** Why a reset to that sequence is refused; empty if it is not. 0 means the ack floor, which is always right. */
    static String refusal(final ConsumerRules rules, final StreamReader stream, final long seq) {
        if (seq == 0) {
            return "";
        }
        return switch (rules.config.deliverPolicy()) {
            case ALL -> "";
            case BY_START_SEQUENCE -> seq < rules.config.optStartSeq() ? "below start seq" : "";
            case BY_START_TIME -> {
                final Instant time = rules.config.optStartTime();
                final long next = stream.next(FilterSet.ALL, seq);
                final boolean isBelow = time != null && next != 0
                        && next < stream.seqAtTime(time.getEpochSecond() * 1_000_000_000L + time.getNano());
                yield isBelow ? "below start time" : "";
            }
            case LAST, NEW, LAST_PER_SUBJECT -> "not allowed";
        };
    }
}
